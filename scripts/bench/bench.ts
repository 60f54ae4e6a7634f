import { SingleBar } from 'cli-progress';

export interface BenchOptions {
  /** How much input is made, where the bench reads any. */
  readonly bytes: number;
  /** The median of so many rounds is shown. */
  readonly rounds: number;
  /** The same seed makes the same input. */
  readonly seed: number;
}

/** One measurement; its name is what the command takes. Resolves with a report of some lines, rejects when it cannot run. */
export interface Bench {
  readonly name: string;
  readonly summary: string;
  readonly run: (options: BenchOptions) => Promise<string>;
}

/** The figure beside its limit, and whether it keeps it. */
export function judge(figure: number, limit: { most: number } | { least: number }): string {
  const isMet = 'most' in limit ? figure <= limit.most : figure >= limit.least;
  return `${'most' in limit ? `≤ ${limit.most}` : `≥ ${limit.least}`} ${isMet ? 'met' : 'missed'}`;
}

export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [lower = 0, upper = 0] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (lower + upper) / 2;
}

/** What this share of the figures does not exceed: .99 for p99. */
export function percentile(figures: readonly number[], share: number): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length * share)] ?? 0;
}

/** Rows in columns, the first to the left, the others to the right. */
export function table(rows: ReadonlyArray<readonly string[]>): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
    )
    .map((line) => `  ${line.trimEnd()}\n`)
    .join('');
}

/** A bar on stderr where that is a terminal; otherwise nothing. */
export function startBar(what: string, total: number): { update: (done: number) => void; stop: () => void } {
  if (!process.stderr.isTTY) return { update: () => {}, stop: () => {} };
  const bar = new SingleBar({
    format: `${what} {bar} {percentage}%, {eta} s left`,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    barsize: 30,
  });
  bar.start(total, 0);
  return { update: (done) => bar.update(Math.min(done, total)), stop: () => bar.stop() };
}
