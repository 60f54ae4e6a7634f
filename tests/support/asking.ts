import { expect } from '@jest/globals';
import { eventually } from './eventually.ts';
import type { ServerStage } from './flow.ts';
import { CHANNEL } from './stage.ts';

/** Types a command and resolves with the private answer to it, once it says what is expected. */
export async function askCortex(
  { slack }: Pick<ServerStage, 'slack'>,
  { user, text, channel = CHANNEL }: { user: string; text: string; channel?: string },
  expected: string | RegExp,
): Promise<string> {
  const earlier = slack.ephemerals(user).length;
  const ack = await slack.command({ user, channel, text });
  expect(ack.status).toBe(200);
  expect(ack.ackMs).toBeLessThan(3000);
  return eventually(() => {
    const [answer] = slack.ephemerals(user).slice(earlier);
    const words = answer === undefined ? '' : slack.render(answer);
    if (typeof expected === 'string') expect(words).toContain(expected);
    else expect(words).toMatch(expected);
    return words;
  }, 20_000);
}

/** Subscribes where failures are known already: the answer shows them, and a click keeps the rule. */
export async function subscribeSeen(
  stage: Pick<ServerStage, 'slack'>,
  { user, text, channel = CHANNEL }: { user: string; text: string; channel?: string },
): Promise<void> {
  await askCortex(stage, { user, text, channel }, 'Nothing is saved yet.');
  const { slack } = stage;
  const ts = slack.ephemerals(user).at(-1)?.ts ?? '';
  await slack.click({ user, channel, ts, actionId: 'keep-rule' });
  await eventually(() => {
    const answer = slack.ephemerals(user).at(-1);
    expect(answer === undefined ? '' : slack.render(answer)).toContain('now hears');
  });
}
