import type { KnownBlock } from '@slack/types';
import type { ChannelId, RepositoryName } from '../domain/ids.ts';
import type { Message } from '../domain/message.ts';
import type { FlakyFailure, OpenFailure, RepositoryStatus } from '../domain/ports.ts';
import { header, message, note, sentence } from './blocks.ts';
import { bold, bullets, link, mono, moment, paragraph, plain, text, type Span } from './rich-text.ts';
import { standingSpans } from './repository-status.ts';
import { count } from './text.ts';
import { messageUrl } from './words.ts';

/** How much one answer lists: with all names at their longest this stays within the text of a message. */
export const LISTED = { repositories: 10, failures: 12, flaky: 15 } as const;

export interface StatusContent {
  channelId: ChannelId;
  statuses: readonly RepositoryStatus[];
  /** Of a channel's repositories, those that are not among `statuses`. */
  left: number;
  open: { failures: readonly OpenFailure[]; total: number };
  /** Slack's address of the workspace, for links to messages; null where it is not known. */
  workspaceUrl: string | null;
  now: Date;
}

/** How the repositories of a channel stand. */
export function statusMessage(content: StatusContent): Message {
  const { statuses, left, open, now } = content;
  const words = open.total === 0 ? 'nothing is broken that I know of' : count(open.total, 'open failure');
  return message(`${count(statuses.length + left, 'repository', 'repositories')} of this channel: ${words}`, [
    bullets(
      [bold('Repositories of this channel')],
      statuses.map((status) => standingSpans(status, { now, between: ': ' })),
    ),
    ...(left > 0 ? [note(`and ${left} more. One of them: /cortex status owner/repo`)] : []),
    ...openFailures(content, (failure) => [plain(failure.repository, 100), text(', '), mono(failure.branch, 60)]),
  ]);
}

/** The open failures of one repository, branch by branch. */
export function repositoryStatusMessage(repository: RepositoryName, content: StatusContent): Message {
  const { statuses, open, now } = content;
  const words = open.total === 0 ? 'no open failure' : count(open.total, 'open failure');
  const branches = [...new Set(open.failures.map(({ failure }) => failure.branch))];
  const [status] = statuses;
  return message(`${repository}: ${words}`, [
    header(`${open.total === 0 ? '🟢' : '🔴'} ${repository}`),
    paragraph(
      ...(status === undefined
        ? [text('I have seen no run of it yet')]
        : standingSpans(status, { now, between: ': ' })),
    ),
    ...branches.map((branch) =>
      bullets(
        [bold('On '), mono(branch, 60)],
        open.failures
          .filter(({ failure }) => failure.branch === branch)
          .map((each) => failureLine(each, content, [plain(each.failure.workflow, 60)])),
      ),
    ),
    ...moreFailures(open),
  ]);
}

export function nothingToShowHere(): Message {
  return sentence(
    'This channel hears about no repository yet, so there is nothing to show. Name one: /cortex status owner/repo. To hear about it here: /cortex subscribe owner/repo',
  );
}

function openFailures(content: StatusContent, place: (failure: OpenFailure['failure']) => Span[]): KnownBlock[] {
  const { open } = content;
  if (open.failures.length === 0) return [paragraph(text('No failure is open.'))];
  const items = open.failures.map((each) => failureLine(each, content, place(each.failure)));
  return [bullets([bold('Open failures')], items), ...moreFailures(open)];
}

function moreFailures({ failures, total }: StatusContent['open']): KnownBlock[] {
  return total > failures.length ? [note(`and ${count(total - failures.length, 'more open failure')}`)] : [];
}

function failureLine(
  { failure, headline, threadTs }: OpenFailure,
  { workspaceUrl, channelId }: StatusContent,
  place: Span[],
): Span[] {
  const address = threadTs === null ? null : messageUrl(workspaceUrl, channelId, threadTs);
  return [
    address === null ? plain(headline, 120) : link(address, headline.slice(0, 120)),
    text(' ('),
    ...place,
    text(') since '),
    moment(failure.first.at),
    text(failure.occurrences > 1 ? `, ${count(failure.occurrences, 'time')}` : ''),
  ];
}

/** What passed on a re-run of the same commit, the most frequent first. */
export function flakyMessage(
  flaky: readonly FlakyFailure[],
  { days, where }: { days: number; where: string },
): Message {
  if (flaky.length === 0) {
    return sentence(
      `Nothing flaky ${where}: in the last ${days} days no failure went away by running the same commit again.`,
    );
  }
  const shown = flaky.slice(0, LISTED.flaky);
  return message(`${count(flaky.length, 'flaky failure')} ${where} in the last ${days} days`, [
    bullets(
      [bold(`Failed, and passed when the same commit ran again, in the last ${days} days`)],
      shown.map(({ failure, headline, times, lastAt }) => [
        bold(count(times, 'time')),
        text(': '),
        plain(headline, 150),
        text(' ('),
        plain(failure.repository, 100),
        text(', '),
        plain(failure.workflow, 60),
        text('), last '),
        moment(lastAt),
      ]),
    ),
    ...(flaky.length > shown.length ? [note('Those that happened less often are not listed.')] : []),
  ]);
}
