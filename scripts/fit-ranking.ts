// Fits the ranking of lines to logs that people marked, and says how good it is on projects it has not seen:
// node scripts/fit-ranking.ts --data DIR [--check]
// Without --check it writes src/analysis/ranking/model.ts. docs/decisions/0007-ranking-by-trees.md tells why and how.
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readLines } from '../src/analysis/parse.ts';
import { type Feature, describeLines } from '../src/analysis/ranking/features.ts';
import type { Forest } from '../src/analysis/ranking/trees.ts';
import { createReducer } from '../src/analysis/reduce.ts';
import type { Candidate, Reduction } from '../src/analysis/reduction.ts';
import { LOG_PREFILTER } from '../src/analysis/score.ts';
import { select, weighPlaces } from '../src/analysis/select.ts';
import { type EvaluationRecord, readRecords } from '../src/cli/evaluation-records.ts';
import { normalizedLines, scoreRecord } from '../src/cli/evaluation-score.ts';
import { writeTable } from '../src/cli/evaluation-table.ts';
import { unpack } from '../src/cli/unpack.ts';
import { createRandom, type Examples, featureNames, fitForest, type FitOptions } from './boosted-trees.ts';

const OPTIONS: FitOptions = {
  trees: 150,
  leaves: 14,
  rate: 0.08,
  featureShare: 0.3,
  rowShare: 0.6,
  leastShare: 4e-4,
  shrinkShare: 3e-4,
  seed: 7,
};
const FOLDS = 5;
/** Lines that no one marked are many: this share of them is enough, at a weight that makes up for it. */
const UNMARKED_SHARE = 0.3;
/** The name of a failing test is part of the reason, but who asks for names marks nothing around them. */
const NAMES_WEIGHT = 0.5;
/** A line so short that others say the same by chance is marked only where the reference has it. */
const TELLING_LENGTH = 12;

interface Log {
  readonly record: EvaluationRecord;
  readonly reduction: Reduction;
  /** Of its first line among all examples. */
  readonly from: number;
  readonly length: number;
}

const { data, check } = parseArgs({
  options: { data: { type: 'string' }, check: { type: 'boolean', default: false } },
}).values;
if (data === undefined) {
  process.stderr.write('Usage: node scripts/fit-ranking.ts --data DIR [--check]\n');
  process.exitCode = 2;
} else {
  await fitRanking(data);
}

async function fitRanking(folder: string): Promise<void> {
  const logs: Log[] = [];
  const parts: Part[] = [];
  for (const record of (await readRecords(folder)).filter(({ kind }) => kind !== 'class')) {
    const reduction = await reduceLog(path.join(folder, record.logPath));
    const part = describe(record, reduction);
    logs.push({ record, reduction, from: parts.reduce((sum, { length }) => sum + length, 0), length: part.length });
    parts.push(part);
  }
  const examples = join(parts);
  crossValidate(logs, examples);
  if (check) return;
  const forest = fitForest(examples, sampleRows(logs, examples), OPTIONS);
  await writeFile(path.join(import.meta.dirname, '../src/analysis/ranking/model.ts'), writeModel(forest));
}

async function reduceLog(file: string): Promise<Reduction> {
  const reducer = createReducer();
  const source = unpack(createReadStream(file), () => {});
  await readLines(source, LOG_PREFILTER, { onLine: (line) => reducer.add(line) });
  return reducer.finish();
}

interface Part {
  readonly length: number;
  readonly columns: ReadonlyMap<Feature, Float32Array>;
  readonly labels: Uint8Array;
  readonly weights: Float32Array;
}

function describe(record: EvaluationRecord, reduction: Reduction): Part {
  const lines = weighPlaces(reduction);
  const table = describeLines(lines, reduction);
  // By the square root: a long log has more to tell than a short one, but not as much more as it is longer.
  const weight = (record.kind === 'tokens' ? NAMES_WEIGHT : 1) / Math.sqrt(Math.max(1, lines.length));
  return {
    length: lines.length,
    columns: new Map(featureNames().map((name) => [name, Float32Array.from(table[name])])),
    labels: labelLines(record, lines),
    weights: new Float32Array(lines.length).fill(weight),
  };
}

function labelLines(record: EvaluationRecord, lines: readonly Candidate[]): Uint8Array {
  const { expectedTests, expectedIntervals } = record;
  if (record.kind === 'tokens') {
    return Uint8Array.from(lines, ({ text }) =>
      Number(expectedTests.some((tokens) => tokens.every((token) => text.includes(token)))),
    );
  }
  const expected = new Set(record.expectedLines.flatMap(normalizedLines));
  const isChunk = record.kind === 'chunk' && expectedIntervals.length > 0;
  return Uint8Array.from(lines, ({ text, number }) => {
    const [line = ''] = normalizedLines(text);
    const isInPlace = expectedIntervals.some(([first, last]) => number >= first && number <= last);
    return Number(expected.has(line) && (!isChunk || isInPlace || line.length >= TELLING_LENGTH));
  });
}

function join(parts: readonly Part[]): Examples {
  const total = parts.reduce((sum, { length }) => sum + length, 0);
  const columns = new Map(featureNames().map((name) => [name, new Float32Array(total)]));
  const labels = new Uint8Array(total);
  const weights = new Float32Array(total);
  let from = 0;
  for (const part of parts) {
    for (const [name, column] of columns) column.set(part.columns.get(name) ?? [], from);
    labels.set(part.labels, from);
    weights.set(part.weights, from);
    from += part.length;
  }
  return { columns, labels, weights };
}

/** Raises the weight of the unmarked lines that stay, so call it once for all. */
function sampleRows(logs: readonly Log[], { labels }: Examples): Uint32Array {
  const random = createRandom(OPTIONS.seed);
  return Uint32Array.from(
    logs.flatMap(({ from, length }) =>
      Array.from({ length }, (_, at) => from + at).filter((row) => labels[row] === 1 || random() < UNMARKED_SHARE),
    ),
  );
}

/** Every log is judged by trees that saw no log of its project. */
function crossValidate(logs: readonly Log[], examples: Examples): void {
  for (let row = 0; row < examples.labels.length; row += 1) {
    if (examples.labels[row] === 0) examples.weights[row] = (examples.weights[row] ?? 0) / UNMARKED_SHARE;
  }
  const projects = [...new Set(logs.map(({ record }) => record.project))].toSorted();
  const foldOf = (log: Log): number => projects.indexOf(log.record.project) % FOLDS;
  const forests = Array.from({ length: FOLDS }, (_, fold) =>
    fitForest(
      examples,
      sampleRows(
        logs.filter((log) => foldOf(log) !== fold),
        examples,
      ),
      OPTIONS,
    ),
  );
  for (const view of ['excerpt', 'evidence'] as const) {
    const results = logs.map((log) => {
      const forest = forests[foldOf(log)];
      const selection = select(log.reduction, forest === undefined ? {} : { forest });
      const text = selection[view].map((line) => line.text).join('\n');
      return { record: log.record, category: '', score: scoreRecord(log.record, text) };
    });
    process.stdout.write(`${view}, projects that were left out\n${writeTable(results)}`);
  }
}

function writeModel({ base, trees }: Forest): string {
  const rows = trees.map((tree) => `    ${JSON.stringify(tree).replaceAll('"', "'").replaceAll(',', ', ')},\n`);
  return `import type { Forest } from './trees.ts';

/** Fitted by \`node scripts/fit-ranking.ts\`; docs/decisions/0007-ranking-by-trees.md tells to what, and how well it does. */
/* oxlint-disable approx-constant -- a limit near a constant is a chance */
// prettier-ignore
export const FOREST: Forest = {
  base: ${base},
  trees: [
${rows.join('')}  ],
};
`;
}
