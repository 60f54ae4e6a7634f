import { fitsTokens, type GlobToken } from './rules/glob.ts';

// docs.github.com, "About code owners": patterns as in .gitignore, but without `!`, without `[ ]`, and with upper and lower case told
// apart. The last line that fits decides, also where it names nobody.

/** Somebody whom a CODEOWNERS file names. */
export type CodeOwner =
  | { kind: 'user'; login: string }
  | { kind: 'team'; organization: string; slug: string }
  | { kind: 'email'; email: string };

/** Where the file may stand: the first that is there counts. */
export const CODE_OWNERS_PATHS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'] as const;

/** GitHub reads no larger file; one with more lines than this, we do not. */
export const CODE_OWNERS_LIMITS = { bytes: 3 * 1024 * 1024, lines: 100_000, pattern: 1_000, owners: 50 } as const;

/** How much is compared at most, a line with wildcards counting as several: an endless file must not hold up everything else. */
const COMPARISONS = 2_000_000;
const WILDCARDS_COUNT = 5;

/** A line of the file. */
export interface CodeOwnerRule {
  pattern: readonly Segment[];
  owners: readonly CodeOwner[];
}

/** What stands between two slashes: any number of folders, something in one folder, a name, or a name with wildcards. */
type Segment =
  | { kind: 'folders' }
  | { kind: 'any' }
  | { kind: 'name'; name: string }
  | { kind: 'glob'; tokens: readonly GlobToken[] };

/** Every line that can be read; GitHub leaves out the others, too. Nothing of a file with too many lines. */
export function readCodeOwners(text: string): CodeOwnerRule[] {
  const lines = text.replace(/^\uFEFF/u, '').split(/\r\n|\n|\r/u, CODE_OWNERS_LIMITS.lines + 1);
  if (lines.length > CODE_OWNERS_LIMITS.lines) return [];
  return lines.flatMap((line) => readLine(line) ?? []);
}

/** The owners of a file by its path; none where no line fits, or the line that does names nobody. */
export function ownersOfPath(rules: readonly CodeOwnerRule[], path: string): readonly CodeOwner[] {
  const folders = path.split('/');
  return rules.findLast(({ pattern }) => fits(pattern, folders))?.owners ?? [];
}

/** The owners of all these files, those of most files first; each once. */
export function ownersOf(rules: readonly CodeOwnerRule[], paths: readonly string[]): CodeOwner[] {
  const owners = new Map<string, { owner: CodeOwner; files: number }>();
  for (const path of [...new Set(paths)].slice(0, mostPaths(rules))) {
    for (const owner of ownersOfPath(rules, path)) {
      const name = ownerName(owner).toLowerCase();
      const known = owners.get(name) ?? { owner, files: 0 };
      owners.set(name, { ...known, files: known.files + 1 });
    }
  }
  return [...owners.values()].toSorted((one, other) => other.files - one.files).map(({ owner }) => owner);
}

function mostPaths(rules: readonly CodeOwnerRule[]): number {
  const counts = rules.map(({ pattern }) => (pattern.some(({ kind }) => kind === 'glob') ? WILDCARDS_COUNT : 1));
  return Math.floor(
    COMPARISONS /
      Math.max(
        1,
        counts.reduce((sum, each) => sum + each, 0),
      ),
  );
}

/** As GitHub shows it, without the `@`: in our messages nothing of it is to look as if it called somebody. */
export function ownerName(owner: CodeOwner): string {
  switch (owner.kind) {
    case 'user':
      return owner.login;
    case 'team':
      return `${owner.organization}/${owner.slug}`;
    case 'email':
      return owner.email;
    default:
      return owner satisfies never;
  }
}

/** Null for what is no rule: nothing, a remark, or what GitHub does not understand. */
function readLine(line: string): CodeOwnerRule | null {
  // A blank that belongs to the pattern has a backslash before it.
  const [, written = '', rest = ''] = /^\s*((?:\\.|[^\s\\])*)(.*)$/su.exec(line) ?? [];
  if (written === '' || written.startsWith('#') || written.length > CODE_OWNERS_LIMITS.pattern) return null;
  const pattern = readPattern(written);
  const owners = readOwners(rest);
  return pattern === null || owners === null ? null : { pattern, owners };
}

/** Null where a word is no owner; a remark may follow. */
function readOwners(rest: string): CodeOwner[] | null {
  const words = rest.split(/\s+/u).filter((word) => word !== '');
  const remark = words.findIndex((word) => word.startsWith('#'));
  const named = remark === -1 ? words : words.slice(0, remark);
  if (named.length > CODE_OWNERS_LIMITS.owners) return null;
  const owners = named.map(readOwner);
  return owners.every((owner) => owner !== null) ? owners : null;
}

function readOwner(word: string): CodeOwner | null {
  const { organization, slug } = /^@(?<organization>[\w-]{1,39})\/(?<slug>[\w.-]{1,100})$/u.exec(word)?.groups ?? {};
  if (organization !== undefined && slug !== undefined) return { kind: 'team', organization, slug };
  const { login } = /^@(?<login>[\w-]{1,39})$/u.exec(word)?.groups ?? {};
  if (login !== undefined) return { kind: 'user', login };
  return isEmail(word) ? { kind: 'email', email: word } : null;
}

/** Of a shape that Slack can be asked about. */
function isEmail(word: string): boolean {
  return word.length <= 254 && /^[^\s@<>"(),:;]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+$/iu.test(word);
}

function readPattern(written: string): Segment[] | null {
  if (/^(?:!|\\#)|[[\]]|\*{3}/u.test(written)) return null;
  const segments = written.split('/').flatMap((part) => (part === '' ? [] : [readSegment(part)]));
  const last = segments.at(-1);
  if (last === undefined) return null;
  // A slash before the end ties the pattern to the root of the repository; without one it may fit anywhere.
  const lead: Segment[] = /\/./u.test(written) ? [] : [{ kind: 'folders' }];
  const isFolder = written.endsWith('/') || last.kind === 'folders';
  return [...lead, ...segments, ...(isFolder ? ANYTHING_IN_IT : maybeBelow(last))];
}

const ANYTHING_IN_IT: readonly Segment[] = [{ kind: 'folders' }, { kind: 'any' }];

/** What a name fits may be a folder, and then everything in it is meant; `docs/*` is the files of one folder and not those below. */
function maybeBelow(last: Segment): Segment[] {
  return last.kind === 'any' ? [] : [{ kind: 'folders' }];
}

function readSegment(part: string): Segment {
  if (part === '**') return { kind: 'folders' };
  if (part === '*') return { kind: 'any' };
  const tokens = Array.from(part.matchAll(/\\(.)|\*+|\?|./gsu), ([whole, escaped]): GlobToken => {
    if (escaped !== undefined) return { kind: 'character', character: escaped };
    if (whole.startsWith('*')) return { kind: 'some' };
    return whole === '?' ? { kind: 'one' } : { kind: 'character', character: whole };
  });
  const name = tokens.map((token) => (token.kind === 'character' ? token.character : null));
  return name.every((each) => each !== null) ? { kind: 'name', name: name.join('') } : { kind: 'glob', tokens };
}

/** Every place of the pattern is followed at once, so that none can make it slow. */
function fits(pattern: readonly Segment[], path: readonly string[]): boolean {
  if (!pattern.every((segment) => segment.kind !== 'name' || path.includes(segment.name))) return false;
  let places = skipFolders(pattern, new Set([0]));
  for (const folder of path) {
    const next = new Set<number>();
    for (const place of places) {
      const segment = pattern[place];
      if (segment === undefined) continue;
      if (segment.kind === 'folders') next.add(place);
      else if (fitsSegment(segment, folder)) next.add(place + 1);
    }
    if (next.size === 0) return false;
    places = skipFolders(pattern, next);
  }
  return places.has(pattern.length);
}

/** Any number of folders may be none. */
function skipFolders(pattern: readonly Segment[], places: Set<number>): Set<number> {
  // What is added to a set while it is walked through is walked through, too.
  for (const place of places) if (pattern[place]?.kind === 'folders') places.add(place + 1);
  return places;
}

function fitsSegment(segment: Exclude<Segment, { kind: 'folders' }>, folder: string): boolean {
  switch (segment.kind) {
    case 'any':
      return true;
    case 'name':
      return segment.name === folder;
    case 'glob':
      return fitsTokens(segment.tokens, folder);
    default:
      return segment satisfies never;
  }
}
