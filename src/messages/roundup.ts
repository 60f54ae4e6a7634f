import type { KnownBlock } from '@slack/types';
import type { ChannelId } from '../domain/ids.ts';
import type { Message } from '../domain/message.ts';
import type { ListedFailure, RoundupOccasion } from '../domain/roundup.ts';
import { ACTION } from './action-ids.ts';
import { header, message, note, optionMenu, sentence } from './blocks.ts';
import { bold, bullets, link, mono, paragraph, plain, text, type Span } from './rich-text.ts';
import { count, oneLine } from './text.ts';

/** How many causes a roundup names, and how many of its failures can be chosen: with all names at their longest this fits. */
export const ROUNDUP_SHOWS = { causes: 12, branches: 3, choices: 100 } as const;

export interface RoundupContent {
  occasion: RoundupOccasion;
  channelId: ChannelId;
  /** In the order in which they came. */
  entries: readonly ListedFailure[];
}

/** Failures of one cause in one repository. */
interface Cause {
  /** The one that came last. */
  newest: ListedFailure;
  all: ListedFailure[];
  open: number;
}

/** Why it is told late, and together. */
export const WHY: Record<RoundupOccasion, string> = {
  storm: 'More failures came at once than this channel should get messages, so these are listed here.',
  mute: 'They came while this channel was muted.',
  quiet: 'They came in the quiet time of this channel.',
  digest: 'They came since the last summary of this channel.',
};

/** One message that lists failures by their cause, the causes that break most first. */
export function roundupMessage({ occasion, entries }: RoundupContent): Message {
  const open = entries.filter(isOpen);
  const causes = byCause(entries);
  const shown = causes.slice(0, ROUNDUP_SHOWS.causes);
  const state = stateOf(open.length, entries.length);
  const repositories = new Set(entries.map(({ failure }) => failure.repository));
  const where = repositories.size === 1 ? ` in ${[...repositories].join('')}` : '';
  const lead = `${count(entries.length, occasion === 'storm' ? 'more failure' : 'failure')}${where}`;
  return message(`${lead}: ${state}. The most frequent: ${oneLine(headlineOf(shown[0]), 150)}`, [
    header(`${open.length > 0 ? '🔴' : '🟢'} ${lead}`),
    paragraph(text(WHY[occasion]), text(' '), bold(`${capital(state)}.`)),
    bullets([], shown.map(causeLine)),
    ...leftOut(causes.slice(shown.length)),
    ...choice(open),
    note('This message is edited as failures come and go. All that is open: /cortex status'),
  ]);
}

function isOpen({ failure }: ListedFailure): boolean {
  return failure.status === 'open';
}

function stateOf(open: number, all: number): string {
  if (open === 0) return 'all of them are over';
  return open === all ? 'all of them are open' : `${open} open, ${all - open} over`;
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

function byCause(entries: readonly ListedFailure[]): Cause[] {
  const causes = new Map<string, Cause>();
  for (const entry of entries) {
    const key = `${entry.failure.repository}\n${entry.failure.fingerprint}`;
    const known = causes.get(key) ?? { newest: entry, all: [], open: 0 };
    known.all.push(entry);
    // What is open speaks for the cause as long as there is any.
    if (isOpen(entry) || known.open === 0) known.newest = entry;
    if (isOpen(entry)) known.open += 1;
    causes.set(key, known);
  }
  return [...causes.values()].toSorted((one, other) => other.open - one.open || other.all.length - one.all.length);
}

const headlineOf = (cause: Cause | undefined): string => cause?.newest.headline ?? '';

function causeLine(cause: Cause): Span[] {
  const { newest, all, open } = cause;
  const { failure, url } = newest;
  return [
    text(open > 0 ? '🔴 ' : '🟢 '),
    link(url, oneLine(headlineOf(cause), 110)),
    text(' ('),
    plain(failure.repository, 80),
    text(', on '),
    ...branchesOf(all),
    text(all.length > 1 ? `; ${count(all.length, 'failure')}, ${stateOf(open, all.length)})` : ')'),
  ];
}

function branchesOf(entries: readonly ListedFailure[]): Span[] {
  const branches = [...new Set(entries.map(({ failure }) => failure.branch))];
  const shown = branches.slice(0, ROUNDUP_SHOWS.branches);
  const left = branches.length - shown.length;
  return [
    ...shown.flatMap((branch, index) => [...(index > 0 ? [text(', ')] : []), mono(branch, 40)]),
    ...(left > 0 ? [text(` and ${count(left, 'more branch', 'more branches')}`)] : []),
  ];
}

function leftOut(causes: readonly Cause[]): KnownBlock[] {
  if (causes.length === 0) return [];
  const failures = causes.reduce((sum, { all }) => sum + all.length, 0);
  const open = causes.reduce((sum, cause) => sum + cause.open, 0);
  return [note(`and ${count(causes.length, 'more cause')} with ${count(failures, 'failure')}, ${open} open`)];
}

/** What has a message of its own already is there to be read. */
function choice(open: readonly ListedFailure[]): KnownBlock[] {
  const choices = open
    .filter(({ threadTs }) => threadTs === null)
    .toReversed()
    .slice(0, ROUNDUP_SHOWS.choices);
  return optionMenu(
    'Give one a message of its own',
    { actionId: ACTION.showListed },
    choices.map(({ failure, headline }) => ({
      value: failure.id,
      label: `${failure.branch}: ${headline}`,
    })),
  );
}

/** The answer to who chose a failure in the menu. */
export function showListedReply(outcome: 'shown' | 'over' | 'gone'): Message {
  switch (outcome) {
    case 'shown':
      return sentence(
        'Its own message stands in this channel, or follows in a moment. What is done about it is done there.',
      );
    case 'over':
      return sentence('That failure is not open any more.');
    case 'gone':
      return sentence('I do not know that failure any more. What is open: /cortex status');
    default:
      return outcome satisfies never;
  }
}
