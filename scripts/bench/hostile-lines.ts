/** Long lines that make a careless pattern slow: runs, nests, pairs, and near misses of the pattern's own words. */
export function hostileLines(pattern: RegExp, length: number): ReadonlyArray<readonly [name: string, line: string]> {
  const own = wordsOf(pattern).flatMap((word): Array<readonly [string, string]> => [
    [`"${word}" again and again`, fill(word, length)],
    [`"${word}" without its end`, fill(`${word.slice(0, -1)} `, length)],
    [`"${word}" and blanks`, `${word}${fill(' ', length)}`],
    [`"${word}" and letters`, fill(`${word}${'x'.repeat(50)}`, length)],
  ]);
  return [
    ...GENERAL.map((part): readonly [string, string] => [JSON.stringify(part), fill(part, length)]),
    ...nests(length),
    ...own,
  ];
}

const GENERAL = [
  ...' a0A_./:-=[(<{"\'\\+@%#*$,;|!?~\té✓'.split(''),
  ...'a.|a/|a:|a-|a_|a=|a,|a"|a(|0.|0:|[0|[]|()|::|--|##|\\n|a |0 |- |: |= '.split('|'),
  'aA0+/=',
  'word word ',
  'a.b.c/',
  '/a/b.c:1:',
  'KEY=value ',
  '"key": "value", ',
  '2026-11-20T09:14:02.0000000Z ',
  'a@b.c ',
  'error expected but ',
  'Error: ',
  ' > x FAILED',
  '✖ x ',
  'at a.b(',
  '/a.py:1',
  '[(',
];

function nests(length: number): Array<readonly [string, string]> {
  return ['[]', '()', '{}', '<>'].map((pair) => {
    const half = Math.floor(length / 2);
    return [`nested ${pair}`, pair.slice(0, 1).repeat(half) + pair.slice(1).repeat(half)];
  });
}

/** The runs of plain letters in a pattern, at most a few: what a line must hold for the pattern to begin. */
function wordsOf({ source }: RegExp): string[] {
  const bare = source.replaceAll(/\\[a-zA-Z]|\\u\{?[0-9a-f]{4,6}\}?|\(\?<\w+>|\{\d+,?\d*\}|\\/gu, '\u0000');
  return [...new Set(Array.from(bare.matchAll(/[\w#:./ -]{3,40}/gu), ([word]) => word))].slice(0, 6);
}

function fill(part: string, length: number): string {
  return part.repeat(Math.ceil(length / part.length)).slice(0, length);
}

/** Runs a pattern over a line as its module would. */
export function apply(pattern: RegExp, line: string): void {
  pattern.lastIndex = 0;
  if (pattern.global) line.replaceAll(pattern, '');
  else pattern.test(line);
}

/** How long it takes to apply a pattern to each of the lines, at best of a few tries, in ms. */
export function timeOf(pattern: RegExp, lines: readonly string[], tries = 1): number {
  return leastMs(() => lines.forEach((line) => apply(pattern, line)), tries);
}

/** Processor time of this thread: what else the machine does is no fault of what is measured. */
export function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

export function leastMs(act: () => void, tries: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let count = 0; count < tries; count += 1) {
    const started = cpuMs();
    act();
    least = Math.min(least, cpuMs() - started);
  }
  return least;
}
