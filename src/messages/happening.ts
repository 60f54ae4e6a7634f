import type { Deployment, DeploymentState, KeptHappening } from '../domain/happening.ts';
import type { Message } from '../domain/message.ts';
import { message } from './blocks.ts';
import { link, mono, paragraph, plain, text } from './rich-text.ts';
import { duration, oneLine, shortSha } from './text.ts';

/** One line about something beside workflow runs that a rule wanted to hear of, as it stands now. */
export function happeningMessage({ happening, sequel }: KeptHappening): Message {
  return deploymentMessage(happening, sequel);
}

const STATES: Record<DeploymentState, { sign: string; words: string }> = {
  queued: { sign: '🔵', words: 'is queued' },
  pending: { sign: '🔵', words: 'is about to start' },
  waiting: { sign: '🟡', words: 'waits for an approval' },
  in_progress: { sign: '🔵', words: 'is under way' },
  success: { sign: '🟢', words: 'succeeded' },
  failure: { sign: '🔴', words: 'failed' },
  error: { sign: '🔴', words: 'ended with an error' },
  inactive: { sign: '⚪', words: 'was replaced or taken down' },
};

function deploymentMessage(deployment: Deployment, sequel: Deployment | null): Message {
  const { repository, url, environment, ref, sha, actor, description, state } = deployment;
  const { sign, words } = STATES[state];
  const what = `${repository}: deployment to ${oneLine(environment, 80)}`;
  const end = sequel === null ? '' : sequelWords(deployment, sequel);
  const fallback = `${what} ${words}: ${oneLine(ref, 100)} at ${shortSha(sha)}${end}`;
  return message(fallback, [
    paragraph(
      text(`${sequel === null ? sign : '🟢'} `),
      link(url, what),
      text(` ${words}: `),
      mono(ref, 100),
      text(' at '),
      mono(shortSha(sha), 7),
      text(', by '),
      plain(actor, 60),
      text('.'),
      ...(description === '' ? [] : [text(' '), plain(description, 150)]),
      ...(end === '' ? [] : [text(end)]),
    ),
  ]);
}

function sequelWords({ at }: Deployment, { sha, at: over }: Deployment): string {
  return ` Fixed by the deployment of ${shortSha(sha)}, ${duration(over.getTime() - at.getTime())} later.`;
}
