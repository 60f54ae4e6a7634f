import type { StoredMessage, StoredView } from '../../src/sandbox/slack/contract.ts';
import { eventually } from './eventually.ts';
import type { ServerStage } from './flow.ts';
import { CHANNEL } from './stage.ts';

/** What people see of a stage, and what they do to what they see. */
export function readingOf(stage: ServerStage) {
  const said = (user: string): string =>
    stage.slack
      .ephemerals(user)
      .map((message) => stage.slack.render(message))
      .join('\n');
  /** The messages of a channel with these words in them, the oldest first. */
  const messages = (words: string, channel = CHANNEL): StoredMessage[] =>
    stage.slack.messages(channel).filter((message) => stage.slack.render(message).includes(words));
  const message = (words: string, channel = CHANNEL): StoredMessage => {
    const [first] = messages(words, channel);
    if (first === undefined) throw new Error(`No message says "${words}" yet`);
    return first;
  };
  const replies = (words: string, channel = CHANNEL): string[] =>
    stage.slack
      .thread(channel, message(words, channel).ts)
      .filter(({ ts }) => ts !== message(words, channel).ts)
      .map((reply) => stage.slack.render(reply));
  const click = (user: string, { words, text }: { words: string; text: string }) =>
    stage.slack.click({ user, channel: CHANNEL, ts: message(words).ts, text });
  /** Clicks, and waits for the window that this opens. */
  async function open(user: string, where: { words: string; text: string }): Promise<StoredView> {
    const known = stage.slack.modals(user).map(({ id }) => id);
    await click(user, where);
    return await eventually(() => {
      const window = stage.slack.modals(user).find(({ id }) => !known.includes(id));
      if (window === undefined) throw new Error('No window opened yet');
      return window;
    });
  }
  return { said, messages, message, replies, click, open };
}
