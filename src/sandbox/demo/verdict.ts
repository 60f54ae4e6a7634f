import type { StoredMessage } from '../slack/local-slack.ts';
import { BROKEN_FILE, DISK_FULL, FLAKY_TEST, ROUNDING_TEST } from './day.ts';
import { RUNS } from './runs.ts';
import { CAST, type Stage } from './stage.ts';
import { findDeadLinks } from './links.ts';
import { saysAll } from './watch.ts';

/** What one thread must say when the day is over. */
interface FinalThread {
  channel: string;
  name: string;
  /** Tells this thread's parent from every other. */
  parent: readonly RegExp[];
  /** Somewhere in the thread, parent or replies: the proof, and what happened. */
  thread: readonly RegExp[];
}

/** Lines of these logs that a careless reader takes for errors. They prove nothing, so no parent message shows them. */
const NOISE = [/hint: of your new repositories/u, /Received \d+ of \d+/u, /TSFILE:/u, /PASSED/u];

const FINAL: readonly FinalThread[] = [
  {
    channel: CAST.payments,
    name: 'the flaky test on the pull request',
    parent: [/🟢/u, FLAKY_TEST, /Passed on re-run of the same commit/u, /retry-failed-charges/u],
    thread: [/Received: "timed_out"/u, /test\/checkout-retry\.test\.ts/u],
  },
  {
    channel: CAST.payments,
    name: 'the broken build',
    parent: [/🟢/u, BROKEN_FILE, new RegExp(`Fixed by.*${RUNS.fixedBuild.title}`, 'u'), /Failed 2 times/u],
    thread: [/discounts\.ts\(6,21\): error TS2353/u, /Failed again on 6398ca8.*2 times now/u],
  },
  {
    channel: CAST.platform,
    name: 'the full disk',
    parent: [/🔴/u, DISK_FULL, /Infrastructure/u, /line \d+/u],
    thread: [/\[Errno 28\] No space left on device/u, /Analyzed again/u],
  },
  {
    channel: CAST.platform,
    name: 'the lost cent',
    parent: [/🔴/u, ROUNDING_TEST, /New failure/u, /line \d+/u],
    thread: [/assert 4989 == 4990/u],
  },
  {
    channel: CAST.payments,
    name: 'the flaky test on main',
    parent: [/🔴/u, FLAKY_TEST, /Flaky/u, /on main/u, /line \d+/u],
    thread: [/Received: "timed_out"/u],
  },
];

/** All that is not as it should be, in sentences; empty when every thread says what it should. */
export async function findFaults(stage: Stage): Promise<string[]> {
  const channels = [CAST.payments, CAST.platform];
  const messages = channels.flatMap((channel) =>
    fromApp(stage, channel).flatMap(({ ts }) => stage.slack.thread(channel, ts)),
  );
  return [
    ...FINAL.flatMap((wanted) => threadFaults(stage, wanted)),
    ...channels.flatMap((channel) => countFaults(stage, channel)),
    ...channels.flatMap((channel) => noiseFaults(stage, channel)),
    ...(await findDeadLinks(stage, messages)),
    ...stage.slack
      .violations()
      .map(({ method, error, messages }) => `Slack would refuse a ${method} (${error}): ${messages.join('; ')}`),
  ];
}

function threadFaults(stage: Stage, { channel, name, parent, thread }: FinalThread): string[] {
  const found = stage.slack.messages(channel).filter((message) => saysAll(stage, message, parent));
  const [message] = found;
  if (!message || found.length > 1)
    return [`${found.length} messages instead of one are about ${name} (${parent.join(', ')}).`];
  const text = threadText(stage, message);
  return thread
    .filter((pattern) => !pattern.test(text))
    .map((pattern) => `The thread about ${name} does not say ${String(pattern)}.`);
}

function countFaults(stage: Stage, channel: string): string[] {
  const wanted = FINAL.filter((thread) => thread.channel === channel).length;
  const found = fromApp(stage, channel).length;
  return found === wanted
    ? []
    : [`${found} messages of the app stand in ${channel} instead of ${wanted}: one per failure.`];
}

function noiseFaults(stage: Stage, channel: string): string[] {
  const texts = fromApp(stage, channel).map((message) => stage.slack.render(message));
  const shown = NOISE.filter((pattern) => texts.some((text) => pattern.test(text)));
  return shown.map((pattern) => `A message in ${channel} shows a line that proves nothing: ${String(pattern)}.`);
}

const fromApp = ({ slack }: Stage, channel: string): StoredMessage[] =>
  slack.messages(channel).filter(({ botId }) => botId !== null);

const threadText = ({ slack }: Stage, { channelId, ts }: StoredMessage): string =>
  slack
    .thread(channelId, ts)
    .map((message) => slack.render(message))
    .join('\n');

/** The final threads as text, replies indented. */
export function renderThreads(stage: Stage): string {
  const channels = { '#payments-ci': CAST.payments, '#platform': CAST.platform };
  return Object.entries(channels)
    .map(([name, channel]) => {
      const threads = fromApp(stage, channel).map(({ ts }) =>
        stage.slack
          .thread(channel, ts)
          .map((message, index) => indent(stage.slack.render(message), index === 0 ? '' : '    │ '))
          .join('\n'),
      );
      return [`──── ${name} ${'─'.repeat(60)}`, ...threads].join('\n\n');
    })
    .join('\n\n');
}

const indent = (text: string, by: string): string => text.replaceAll(/^/gmu, by);
