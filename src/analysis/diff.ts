import type { ChangedFile, Findings } from '../domain/reasoning.ts';
import { countTokens } from './tokens.ts';
import { clip } from './words/text.ts';

/** No file takes more than this share of the room, so that the failing test does not crowd out what it tests. */
const SHARE = 0.6;
const LINE_LENGTH = 240;
/** Lines shown of a hunk around the line that is named; of one without such a line, from its beginning. */
const AROUND = 15;
const HUNK_LINES = 40;

/** The parts of a diff that are near the failure: of files that facts, evidence or log name, the hunks nearest to the lines named. */
export function chooseDiff(files: readonly ChangedFile[], findings: Findings, budget: number): string {
  if (files.every(({ patch }) => patch === null)) return '';
  const named = namedPlaces(findings);
  const ranked = files
    .map((file) => ({ file, ...rank(file.path, named) }))
    .filter(({ weight, file }) => weight > 0 && file.patch !== null)
    .toSorted((left, right) => right.weight - left.weight);
  const shown: string[] = [];
  let left = budget;
  for (const { file, lines } of ranked) {
    const text = showFile(file, lines, Math.min(left, ranked.length > 1 ? budget * SHARE : budget));
    if (text === null) continue;
    left -= countTokens(text) + 2;
    shown.push(text);
  }
  return shown.join('\n\n');
}

interface Place {
  path: string;
  line: number | null;
  weight: number;
}

const PATH = /(?<![\w./-])((?:[\w@.+-]{1,80}\/){0,12}[\w@.+-]{1,80}\.\w{1,8})(?:[:(](\d{1,7}))?/gu;

function namedPlaces({ facts, evidence, excerpt }: Findings): Place[] {
  const inText = (text: string, weight: number): Place[] =>
    Array.from(text.slice(0, 2_000).matchAll(PATH), ([, path = '', line]) => ({
      path: plainPath(path),
      line: line === undefined ? null : Number(line),
      weight,
    }));
  return [
    ...[...facts.failingTests, ...facts.problems].flatMap(({ file, line }): Place[] =>
      file === null ? [] : [{ path: plainPath(file), line, weight: 4 }],
    ),
    ...evidence.flatMap(({ text }) => inText(text, 3)),
    ...excerpt.flatMap(({ text }) => inText(text, 2)),
  ];
}

function rank(path: string, named: readonly Place[]): { weight: number; lines: number[] } {
  const own = plainPath(path);
  const same = named.filter((place) => isSamePath(own, place.path));
  const lines = same.flatMap(({ line }) => line ?? []);
  const kin = same.length === 0 && named.some((place) => stem(own) === stem(place.path)) ? 1 : 0;
  return { weight: Math.max(kin, ...same.map(({ weight }) => weight)), lines };
}

function plainPath(path: string): string {
  return path.replaceAll('\\', '/').replace(/^\.\//u, '').toLowerCase();
}

/** A log may name the whole path on the runner, or only its end. */
function isSamePath(left: string, right: string): boolean {
  return left === right || left.endsWith(`/${right}`) || right.endsWith(`/${left}`);
}

/** `src/cart.test.ts`, `test_cart.py` and `lib/cart.ts` are about one thing. */
function stem(path: string): string {
  const name = path.split('/').at(-1) ?? '';
  return name.replace(/\..*$/u, '').replace(/^(?:test|spec)[_-]|[_-]?(?:tests?|spec)$/u, '');
}

function showFile(file: ChangedFile, lines: readonly number[], budget: number): string | null {
  const head = `${file.path} (${file.status}, +${file.additions} -${file.deletions})`;
  let left = budget - countTokens(head) - 2;
  const chosen = hunksOf(file.patch ?? '')
    .map((hunk, order) => ({ order, hunk, away: distance(hunk, lines) }))
    .toSorted((one, other) => one.away - other.away || one.order - other.order)
    .flatMap(({ hunk, order }) => {
      const text = showHunk(hunk, lines);
      const cost = countTokens(text) + 1;
      if (cost > left) return [];
      left -= cost;
      return [{ order, text }];
    })
    .toSorted((one, other) => one.order - other.order);
  return chosen.length === 0 ? null : [head, ...chosen.map(({ text }) => text)].join('\n');
}

interface Hunk {
  head: string;
  /** Of the new file. */
  from: number;
  to: number;
  lines: readonly string[];
}

const HUNK_HEAD = /^@@ -\d{1,9}(?:,\d{1,9})? \+(\d{1,9})(?:,(\d{1,9}))? @@/u;

function hunksOf(patch: string): Hunk[] {
  const hunks: Array<Hunk & { lines: string[] }> = [];
  for (const line of patch.split('\n')) {
    const match = HUNK_HEAD.exec(line);
    const from = Number(match?.[1] ?? 0);
    if (match) hunks.push({ head: line, from, to: from + Number(match[2] ?? 1), lines: [] });
    else hunks.at(-1)?.lines.push(clip(line, LINE_LENGTH));
  }
  return hunks;
}

function distance({ from, to }: Hunk, lines: readonly number[]): number {
  return Math.min(...lines.map((line) => Math.max(0, from - line, line - to)), Number.MAX_SAFE_INTEGER);
}

function showHunk({ head, from, to, lines }: Hunk, named: readonly number[]): string {
  if (lines.length <= HUNK_LINES) return [clip(head, LINE_LENGTH), ...lines].join('\n');
  const line = named.find((each) => each >= from && each <= to);
  const at = line === undefined ? 0 : indexOfLine(lines, line - from);
  const start = line === undefined ? 0 : Math.max(0, at - AROUND);
  const end = line === undefined ? HUNK_LINES : at + AROUND + 1;
  return [clip(head, LINE_LENGTH), ...(start > 0 ? ['…'] : []), ...lines.slice(start, end), '…'].join('\n');
}

/** Lines that were taken out do not count in the new file. */
function indexOfLine(lines: readonly string[], offset: number): number {
  let left = offset;
  const index = lines.findIndex((line) => !line.startsWith('-') && (left -= 1) < 0);
  return index < 0 ? lines.length - 1 : index;
}
