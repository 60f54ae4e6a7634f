import { toast } from './dom.js';

/** What this person sees now. */
export async function fetchState({ team, user }) {
  const query = new URLSearchParams({ team, user });
  const response = await fetch(`/ui/state?${query}`);
  return response.json();
}

/** Does something as this person; tells them when it did not work. */
export async function act(name, body) {
  const response = await fetch(`/ui/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const result = await response.json();
  if (!response.ok) toast(result.error ?? 'That did not work.');
  else if (result?.status === 0) toast('The app did not answer in time.');
  else if (result?.status >= 400) toast(`The app answered with an error (${result.status}).`);
  return result;
}

/** Calls back soon after each change, at most once per frame. */
export function onChanges(callback) {
  let isWaiting = false;
  const source = new EventSource('/ui/changes');
  source.addEventListener('message', () => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      callback();
    }, 30);
  });
}
