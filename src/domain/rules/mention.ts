import { suggest } from '../suggest.ts';
import type { UserGroupId } from '../ids.ts';
import type { RuleProblem } from './problem.ts';
import type { Value } from './words.ts';

/** The word of a rule that says whom a new message calls. */
export const MENTION_KEY = 'mention';

/** Whom a new message about a failure calls. */
export type Mention =
  | { kind: 'author' }
  /** Of the files that the change touches. */
  | { kind: 'codeowners' }
  /** A user group of Slack by its handle, in lower case; the id is null until Slack was asked for it. */
  | { kind: 'group'; handle: string; id: UserGroupId | null };

const KNOWN = ['author', 'codeowners', '@group'] as const;

/** Slack has handles of at most 21 characters in its own form, and takes more through its API. */
const HANDLE = /^@(?<handle>[\p{L}\p{N}][\p{L}\p{N}._-]{0,79})$/u;

/** Reads one value of `mention:`. */
export function readMention({ text, at }: Value): { value: Mention } | { problem: RuleProblem } {
  const word = text.trim().toLowerCase();
  if (word === 'author' || word === 'codeowners') return { value: { kind: word } };
  const handle = HANDLE.exec(word)?.groups?.['handle'];
  if (handle !== undefined) return { value: { kind: 'group', handle, id: null } };
  const meant = suggest(word, KNOWN);
  return { problem: { kind: 'unknown-value', key: MENTION_KEY, word: text.trim(), meant, known: KNOWN, at } };
}

/** As it is written. */
export function mentionWord(mention: Mention): string {
  return mention.kind === 'group' ? `@${mention.handle}` : mention.kind;
}

/** Each once, in the order in which they are written down. */
export function withoutRepeats(mentions: readonly Mention[]): Mention[] {
  const byWord = new Map(mentions.map((mention) => [mentionWord(mention), mention]));
  const rank = ({ kind }: Mention): number => (kind === 'author' ? 0 : kind === 'codeowners' ? 1 : 2);
  return [...byWord.values()].toSorted(
    (one, other) => rank(one) - rank(other) || (mentionWord(one) < mentionWord(other) ? -1 : 1),
  );
}
