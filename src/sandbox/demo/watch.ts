import { stripVTControlCharacters } from 'node:util';
import type { StoredMessage } from '../slack/local-slack.ts';
import { DemoError } from './error.ts';
import { CAST, type Stage } from './stage.ts';

/** How long any one effect may take. Seconds are normal; the rest is for slow machines. */
const PATIENCE_MS = 45_000;

/** What the demo looks for in a channel. */
export interface Wanted {
  channel: string;
  /** In words, for the sentence that says it is missing. */
  what: string;
  /** All of these must be in the parent message, as a person reads it. */
  parent: readonly RegExp[];
}

/** Waits for a parent message that says all of it, and returns it. Throws DemoError with what the channel shows instead. */
export async function waitForParent(stage: Stage, wanted: Wanted): Promise<StoredMessage> {
  const find = (): StoredMessage | undefined =>
    stage.slack.messages(wanted.channel).find((message) => saysAll(stage, message, wanted.parent));
  return waitUntil(stage, wanted.what, find, () =>
    stage.slack.messages(wanted.channel).flatMap((message) => stage.slack.render(message).split('\n')),
  );
}

/** Waits for a reply in the thread of `parent`. */
export async function waitForReply(
  stage: Stage,
  parent: StoredMessage,
  wanted: Omit<Wanted, 'channel'>,
): Promise<void> {
  const replies = (): StoredMessage[] => stage.slack.thread(parent.channelId, parent.ts).slice(1);
  await waitUntil(
    stage,
    wanted.what,
    () => replies().some((message) => saysAll(stage, message, wanted.parent)),
    () => replies().flatMap((message) => stage.slack.render(message).split('\n')),
  );
}

/** Types a command as the person does, and waits for the answer that only they see. */
export async function command(
  stage: Stage,
  { channel, text, answer }: { channel: string; text: string; answer: RegExp },
) {
  const known = new Set(stage.slack.ephemerals(CAST.person).map(({ ts }) => ts));
  const ack = await stage.slack.command({ user: CAST.person, channel, text });
  if (ack.status !== 200)
    throw new DemoError(`Slack got ${ack.status} for "/cortex ${text}" instead of 200.`, [ack.body]);
  const answers = (): string[] => {
    const fresh = stage.slack.ephemerals(CAST.person).filter(({ ts }) => !known.has(ts));
    return fresh.map((message) => stage.slack.render(message));
  };
  await waitUntil(
    stage,
    `an answer to "/cortex ${text}" that says ${String(answer)}`,
    () => answers().some((shown) => answer.test(shown)),
    answers,
  );
}

/** Waits until `find` answers, for at most 45 s; `shown` is what is printed when it does not. */
export async function waitUntil<T>(
  { slack, product }: Stage,
  what: string,
  find: () => T | null | undefined | false,
  shown: () => readonly string[],
): Promise<T> {
  const seen = slack.waitFor(find, { timeoutMs: PATIENCE_MS, what });
  try {
    return await Promise.race([seen, product.failed]);
  } catch (error) {
    if (error instanceof DemoError) throw error;
    const details = shown().map((line) => `  | ${stripVTControlCharacters(line)}`);
    const lead = details.length > 0 ? 'What Slack shows instead:' : 'Slack shows nothing there.';
    throw new DemoError(`Slack did not show ${what} within ${PATIENCE_MS / 1000} s.`, [lead, ...details], {
      cause: error,
    });
  }
}

/** Whether a message says all of it, as a person reads it. */
export function saysAll({ slack }: Pick<Stage, 'slack'>, message: StoredMessage, patterns: readonly RegExp[]): boolean {
  const text = slack.render(message);
  return patterns.every((pattern) => pattern.test(text));
}
