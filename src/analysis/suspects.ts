import type { Facts } from '../domain/diagnosis.ts';
import { type Change, MOST_SUSPECTS, type Origin } from '../domain/origin.ts';
import { shortPath } from './paths.ts';

type Suspect = Origin['suspects'][number];

export type NamingFacts = Pick<Facts, 'problems' | 'failingTests'>;
/** The owners of a file of the repository, by name; none where nobody is known. */
export type OwnersOf = (path: string) => readonly string[];

/** Of more files that a failure names nobody is asked whose they are. */
const MOST_NAMED = 20;
/** Of more commits than these, being one of them is no reason to suspect anything. */
const FEW = 5;
const WORKFLOWS = '.github/workflows/';

/**
 * Which of the changes since a workflow passed may have brought a failure: those that touch a file that the failure names, else one of the
 * workflow itself, else the only ones there are. By rule, and with the reason; reasons are parts of a sentence.
 */
export function findSuspects(
  { total, changes }: { total: number; changes: readonly Change[] },
  { facts, lastGood, ownersOf }: { facts: NamingFacts; lastGood: number; ownersOf: OwnersOf },
): Suspect[] {
  const named = namedFiles(facts);
  const suspect = (change: Change, reason: string, path: string | null = null): Suspect => {
    const { sha, title, actor } = change;
    const owners = path === null ? [] : ownersOf(path);
    return { sha, title, actor, reason, ...(owners.length > 0 && { owners: [...owners] }) };
  };
  // What came last is nearest to the failure.
  const newestFirst = changes.toReversed();
  const touching = newestFirst.flatMap((change) => {
    const path = change.paths.find((each) => named.some((file) => isSameFile(each, file)));
    return path === undefined ? [] : [suspect(change, `it changes ${path}, which the failure names`, path)];
  });
  if (touching.length > 0) return touching.slice(0, MOST_SUSPECTS);
  const ofWorkflow = newestFirst.flatMap((change) => {
    const path = change.paths.find((each) => each.startsWith(WORKFLOWS));
    return path === undefined ? [] : [suspect(change, `it changes the workflow, ${path}`, path)];
  });
  if (ofWorkflow.length > 0) return ofWorkflow.slice(0, MOST_SUSPECTS);
  if (total > FEW) return [];
  const reason =
    total === 1
      ? `the only commit since run #${lastGood} passed`
      : `one of ${total} commits since run #${lastGood} passed`;
  return newestFirst.slice(0, MOST_SUSPECTS).map((change) => suspect(change, reason));
}

/** Whom to ask about the failure: the owners of the first file that it names and somebody owns, as the repository knows that file. */
export function findOwned(facts: NamingFacts, ownersOf: OwnersOf): NonNullable<Origin['owned']> | null {
  for (const path of new Set(namedFiles(facts).slice(0, MOST_NAMED))) {
    const owners = ownersOf(path);
    if (owners.length > 0) return { path, owners: [...owners] };
  }
  return null;
}

export function namedFiles({ problems, failingTests }: NamingFacts): string[] {
  return [...problems, ...failingTests].flatMap(({ file }) => (file === null ? [] : [shortPath(file)]));
}

/** A log may name a file by less than its whole path, and a tool by more. */
function isSameFile(path: string, named: string): boolean {
  const file = named.replaceAll('\\', '/');
  return path === file || (file.includes('/') && path.endsWith(`/${file}`)) || file.endsWith(`/${path}`);
}
