import type { EvaluationRecord } from './evaluation-records.ts';
import type { Measure, Score } from './evaluation-score.ts';

/** What came of one record. */
export interface EvaluationResult {
  readonly record: EvaluationRecord;
  /** Null where the record asks for a class and not for lines. */
  readonly score: Score | null;
  /** The class that was predicted. */
  readonly category: string;
}

const COLUMNS: ReadonlyArray<readonly [Measure, string]> = [
  ['recall', 'recall'],
  ['full', 'full'],
  ['hit', 'hit'],
  ['precision', 'precision'],
  ['f1', 'F1'],
  ['names', 'names'],
  ['allNames', 'all names'],
  ['anyName', 'any name'],
];

/** Means over the logs of each source, and for sources of classes how well the class was told. */
export function writeTable(results: readonly EvaluationResult[]): string {
  const groups = Map.groupBy(
    results.filter(({ score }) => score !== null),
    groupOf,
  );
  const head = ['source', 'logs', 'lines', ...COLUMNS.map(([, title]) => title)];
  const rows = [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, members]) => rowOf(name, members));
  const classes = Map.groupBy(
    results.filter(({ record }) => record.kind === 'class' && record.category !== null),
    ({ record }) => record.source,
  );
  return [
    align([head, ...rows]),
    ...[...classes].map(([source, members]) => `\n${source}\n${classTable(members)}`),
  ].join('');
}

function groupOf({ record: { source, ci } }: EvaluationResult): string {
  return source === 'cidiff' ? `${source}/${ci === 'github-actions' ? 'gha' : 'jenkins'}` : source;
}

function rowOf(name: string, members: readonly EvaluationResult[]): string[] {
  const scores = members.flatMap(({ score }) => score ?? []);
  const lines = mean(scores.map((score) => score.lines));
  const cells = COLUMNS.map(([measure]) => {
    const shares = scores.flatMap(({ shares }) => shares[measure] ?? []);
    return shares.length === 0 ? '' : round(mean(shares));
  });
  return [name, String(scores.length), lines.toFixed(1), ...cells];
}

function classTable(members: readonly EvaluationResult[]): string {
  const pairs = members.map(({ record, category }) => [record.category ?? '', category] as const);
  const rows = [...new Set(pairs.map(([truth]) => truth))].toSorted().map((name) => {
    const right = pairs.filter(([truth, said]) => truth === name && said === name).length;
    const said = pairs.filter(([, said]) => said === name).length;
    const actual = pairs.filter(([truth]) => truth === name).length;
    const precision = said === 0 ? 0 : right / said;
    const recall = right / actual;
    const f1 = right === 0 ? 0 : (2 * precision * recall) / (precision + recall);
    return { f1, cells: [name, String(actual), round(precision), round(recall), round(f1)] };
  });
  const accuracy = pairs.filter(([truth, said]) => truth === said).length / pairs.length;
  const table = align([['class', 'logs', 'precision', 'recall', 'F1'], ...rows.map(({ cells }) => cells)]);
  return `${table}accuracy ${round(accuracy)}, macro F1 ${round(mean(rows.map(({ f1 }) => f1)))}\n`;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Half to even, as Python rounds. */
function round(value: number): string {
  const scaled = value * 1000;
  const down = Math.floor(scaled);
  const up = scaled - down > 0.5 || (scaled - down === 0.5 && down % 2 === 1);
  return ((up ? down + 1 : down) / 1000).toFixed(3);
}

function align(rows: ReadonlyArray<readonly string[]>): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) => {
      const cells = row.map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      );
      return `${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}
