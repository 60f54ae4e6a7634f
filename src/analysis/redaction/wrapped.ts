import { redactTokens } from './rules.ts';

interface Piece {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}
interface WrappedSpan {
  readonly line: number;
  readonly span: { readonly start: number; readonly end: number; readonly kind: string; readonly secret: string };
}

const LONGEST = 4096;
/** Narrower terminals are not wrapped by anybody. */
const NARROWEST = 40;
const WIDTHS: ReadonlySet<number> = new Set([
  72, 76, 79, 80, 99, 100, 119, 120, 128, 132, 140, 150, 160, 180, 200, 240, 256,
]);
const HEAD = /^[\w.=-]{1,2048}/u;
const BEGINNING =
  /(?<![A-Za-z0-9])(?:gh[pousr]_|github_pat_|xox[a-z]-|xapp-|eyJ|A[KS]IA|sk-|npm_|gl(?:pat|dt|ptt|rt|soat|cbt|ft)-|AIza|ya29\.|hv[sb]\.|dckr_|pypi-|sntry[su]_|ATATT3|dapi|hf_|lin_api_|do[opr]_v1_|SG\.).{0,2048}$/u;
/** Formats that always have the same length. */
const LENGTHS: ReadonlyArray<readonly [RegExp, number]> = [
  [/^gh[pour]_/u, 40],
  [/^ghs_(?!\d{1,12}_)/u, 40],
  [/^github_pat_/u, 93],
  [/^npm_/u, 40],
  [/^AIza/u, 39],
  [/^A[KS]IA/u, 20],
  [/^glpat-/u, 26],
];

/**
 * Finds tokens that were broken where a terminal's line was full. The beginning must be known and stand at the end of its line; what
 * follows is taken for the rest only where length or shape leave little doubt.
 */
export function findWrappedTokens(lines: readonly string[]): WrappedSpan[] {
  const result: WrappedSpan[] = [];
  for (let index = 0; index < lines.length - 1; index += 1) {
    const pieces = followToken(lines, index);
    if (pieces.length < 2) continue;
    const secret = pieces.map(({ line, start, end }) => (lines[line] ?? '').slice(start, end)).join('');
    const kind = kindOf(secret);
    if (kind === null) continue;
    result.push(...pieces.map(({ line, start, end }) => ({ line, span: { start, end, kind, secret } })));
    index += pieces.length - 2;
  }
  return result;
}

function followToken(lines: readonly string[], first: number): Piece[] {
  const line = lines[first] ?? '';
  const beginning = line.length < NARROWEST ? null : BEGINNING.exec(line.slice(tailStart(line)));
  if (beginning === null) return [];
  const pieces: Piece[] = [{ line: first, start: line.length - beginning[0].length, end: line.length }];
  let token = beginning[0];
  for (let index = first + 1; index < lines.length && token.length < LONGEST; index += 1) {
    const above = lines[index - 1] ?? '';
    const below = lines[index] ?? '';
    const [rest = ''] = HEAD.exec(below) ?? [];
    const isWidthKnown = index - first > 1 && above.length === lines[index - 2]?.length;
    if (rest === '' || !isRest(token, rest, { above, below, isWidthKnown })) break;
    pieces.push({ line: index, start: 0, end: rest.length });
    token += rest;
    if (rest.length < below.length) break;
  }
  return pieces;
}

/** Where the last run of characters of tokens starts; a pattern would look for it from every character. */
function tailStart(line: string): number {
  let start = line.length;
  const floor = Math.max(0, line.length - LONGEST);
  while (start > floor && isTokenCode(line.charCodeAt(start - 1))) start -= 1;
  return start;
}

/** The characters of HEAD. */
function isTokenCode(code: number): boolean {
  const folded = code | 0x20;
  return (
    (folded >= 0x61 && folded <= 0x7a) || (code >= 0x30 && code <= 0x39) || [0x2d, 0x2e, 0x3d, 0x5f].includes(code)
  );
}

function isRest(
  token: string,
  rest: string,
  { above, below, isWidthKnown }: { above: string; below: string; isWidthKnown: boolean },
): boolean {
  const length = LENGTHS.find(([start]) => start.test(token))?.[1];
  if (length !== undefined) return token.length < length && token.length + rest.length === length;
  if (isWidthKnown) return true;
  if (kindOf(token) === null && kindOf(token + rest) !== null) return true;
  if (rest.length < 8 || !/\d/u.test(rest) || !/[A-Za-z]/u.test(rest)) return false;
  return WIDTHS.has(above.length) || /^["'`,;)\]}]{0,3}\s{0,3}$/u.test(below.slice(rest.length));
}

/** The format that takes the whole of `token`; null where there is none. */
function kindOf(token: string): string | null {
  let found: string | null = null;
  const rest = redactTokens(token, (kind) => {
    found ??= kind;
    return '';
  });
  return rest === '' ? found : null;
}
