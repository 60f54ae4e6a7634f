import { digestLog } from '../../src/analysis/digest.ts';
import { LINE_LIMIT } from '../../src/analysis/parse.ts';
import { createRedactor } from '../../src/analysis/redact.ts';
import { type Bench, judge, startBar, table } from './bench.ts';
import { cpuMs, hostileLines, timeOf } from './hostile-lines.ts';
import { findPatterns, type FoundPattern } from './patterns.ts';

const MEGABYTE = 1024 * 1024;
const LIMITS = { patternMs: 100, allMs: 500 };
/** What else runs on the machine can only add to a time, so the least of a few tries is the figure. */
const TRIES = 5;

interface Worst {
  readonly found: FoundPattern;
  readonly name: string;
  readonly ms: number;
}

/** How long patterns and the whole log engine need for lines made to hold them up. tests/analysis/hostile.test.ts proves that it grows no faster than the line. */
export const hostileInput: Bench = {
  name: 'hostile-input',
  summary: 'each pattern of the analysis, and the whole of it, over lines of 1 MB that are made to be slow',
  async run() {
    const patterns = findPatterns('src/analysis/**/*.ts');
    const bar = startBar('Trying patterns', patterns.length);
    const worst = patterns.map((found, at) => {
      bar.update(at);
      return worstOf(found);
    });
    bar.stop();
    const raw = worst.map(({ found, name }) => timeOf(found.pattern, [lineOf(found, name, MEGABYTE)]));
    const whole = await wholeEngine();
    const slowest = worst.reduce((a, b) => (b.ms > a.ms ? b : a));
    const all = worst.reduce((sum, { ms }) => sum + ms, 0);
    return table([
      [`${patterns.length} patterns, each over its worst line`, 'ms', ''],
      ['slowest, line of 1 MB cut at its limit', slowest.ms.toFixed(1), judge(slowest.ms, { most: LIMITS.patternMs })],
      [`  ${slowest.found.place}, ${slowest.name}`, '', ''],
      ['all together, lines cut at their limit', all.toFixed(0), judge(all, { most: LIMITS.allMs })],
      ['slowest, 1 MB that nothing cuts (never so in production)', Math.max(...raw).toFixed(0), ''],
      ['patterns above 100 ms on 1 MB that nothing cuts', String(raw.filter((ms) => ms > LIMITS.patternMs).length), ''],
      [
        `whole engine, worst of ${whole.kinds} logs of one line of 1 MB`,
        whole.worst.toFixed(1),
        judge(whole.worst, { most: LIMITS.allMs }),
      ],
    ]);
  },
};

function worstOf(found: FoundPattern): Worst {
  const slowest = hostileLines(found.pattern, LINE_LIMIT)
    .map(([name, line]) => ({ name, line, ms: timeOf(found.pattern, [line]) }))
    .reduce((a, b) => (b.ms > a.ms ? b : a));
  return { found, name: slowest.name, ms: timeOf(found.pattern, [slowest.line], TRIES) };
}

function lineOf({ pattern }: FoundPattern, name: string, length: number): string {
  return hostileLines(pattern, length).find(([candidate]) => candidate === name)?.[1] ?? '';
}

async function wholeEngine(): Promise<{ worst: number; kinds: number }> {
  const redactor = createRedactor({ salt: 'bench' });
  const lines = hostileLines(/error: failed/u, MEGABYTE);
  let worst = 0;
  for (const [, line] of lines) {
    let least = Number.POSITIVE_INFINITY;
    for (let count = 0; count < TRIES; count += 1) {
      const started = cpuMs();
      await digestLog(oneChunk(`${line}\nerror: it broke\n`), { job: null, redactor });
      least = Math.min(least, cpuMs() - started);
    }
    worst = Math.max(worst, least);
  }
  return { worst, kinds: lines.length };
}

async function* oneChunk(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}
