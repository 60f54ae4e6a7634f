import { expect } from '@jest/globals';

/** Opens the link, posts the form to GitHub as a browser does, and agrees there; returns where GitHub then leads. */
export async function submitSetup(link: string, githubUrl: string): Promise<string> {
  const page = await fetch(link);
  const text = unescape(await page.text());
  expect(page.headers.get('content-security-policy')).toContain(`form-action 'self' ${githubUrl};`);
  const [, action = ''] = /<form method="post" action="([^"]+)"/u.exec(text) ?? [];
  const [, manifest = ''] = /name="manifest" value="(.*?)" \/>/u.exec(text) ?? [];
  expect(action).toContain(`${githubUrl}/`);
  const created = await fetch(action, { method: 'POST', body: new URLSearchParams({ manifest }) });
  const [, back = ''] = /<a href="([^"]+)"/u.exec(unescape(await created.text())) ?? [];
  return back;
}

function unescape(text: string): string {
  return text
    .replaceAll('&amp;', '&')
    .replaceAll(/&#(\d+);/gu, (_, code: string) => String.fromCodePoint(Number(code)));
}
