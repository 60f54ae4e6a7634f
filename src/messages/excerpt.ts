import { isReported } from '../domain/ci.ts';
import type { Diagnosis, LogLine, Summary } from '../domain/diagnosis.ts';
import type { Message } from '../domain/message.ts';
import type { Run } from '../domain/run.ts';
import { fold, message } from './blocks.ts';
import { code, link, paragraph } from './rich-text.ts';
import { count, oneLine } from './text.ts';
import { attemptUrl } from './words.ts';

/** Second reply of a thread: the part of the log that explains the failure, in order and folded; null where there was no log. */
export function excerptReply(summary: Summary, run: Run): Message | null {
  const { excerpt, jobs } = summary.diagnosis;
  if (excerpt.length === 0) return null;
  const kept = nearestToProof(summary.diagnosis, EXCERPT_MAX);
  const left = excerpt.length - kept.length;
  const shown = count(kept.length, 'line');
  const { block } = code(excerptRows(kept), { lineMax: LINE_MAX, max: EXCERPT_MAX + GAPS_MAX });
  const [onlyJob] = jobs.length === 1 ? jobs : [];
  const title = onlyJob === undefined ? 'From the log' : `From the log of ${onlyJob.name}`;
  return message(`From the log: ${oneLine(excerpt[0]?.text ?? '', 200)}`, [
    fold(title, { subtitle: left > 0 ? `${shown}, … ${left} more in the run's log` : shown, blocks: [block] }),
    paragraph(link(attemptUrl(run), isReported(run.repository) ? 'The whole log' : 'The whole log on GitHub')),
  ]);
}

/** Characters; a message holds about 9,000. The rows that tell of gaps come on top. */
const EXCERPT_MAX = 5_500;
const GAPS_MAX = 3_000;
/** How much of a line of the log is shown. */
export const LINE_MAX = 240;

/** Whether the thread shows all of the excerpt, each line as it is. */
export function isWhole(diagnosis: Pick<Diagnosis, 'excerpt' | 'evidence'>): boolean {
  const { excerpt } = diagnosis;
  return (
    nearestToProof(diagnosis, EXCERPT_MAX).length === excerpt.length &&
    excerpt.every(({ text: { length } }) => length <= LINE_MAX)
  );
}

/** As many lines of the excerpt as fit into `max` characters, in order. Where not all do, those farthest from a line of proof are left out. */
export function nearestToProof({ excerpt, evidence }: Pick<Diagnosis, 'excerpt' | 'evidence'>, max: number): LogLine[] {
  const proof = new Set(evidence.map(keyOf));
  const places = excerpt.flatMap((line, index) => (proof.has(keyOf(line)) ? [index] : []));
  const distance = (index: number): number =>
    Math.min(...places.map((place) => Math.abs(place - index)), excerpt.length);
  const nearestFirst = excerpt
    .map((line, index) => ({ line, index, distance: distance(index) }))
    .toSorted((left, right) => left.distance - right.distance || right.index - left.index);
  let room = max;
  const fitting = nearestFirst.filter(({ line }) => {
    room -= Math.min(line.text.length, LINE_MAX) + NUMBER_WIDTH;
    return room >= 0;
  });
  return fitting.toSorted((left, right) => left.index - right.index).map(({ line }) => line);
}

const NUMBER_WIDTH = 10;

function keyOf({ jobId, line }: LogLine): string {
  return `${jobId ?? ''}:${line}`;
}

/** Gaps up to this are blank lines, mostly: the numbers tell of them well enough. */
const SMALL_GAP = 2;

/** Each line with its number, and a row that says so where more than a few lines were left out. */
export function excerptRows(excerpt: readonly LogLine[]): string[] {
  const width = String(Math.max(...excerpt.map(({ line }) => line))).length;
  return excerpt.flatMap(({ jobId, line, text: words }, index) => {
    const row = `${String(line).padStart(width)}  ${words}`;
    const before = excerpt[index - 1];
    const missing = before === undefined || before.jobId !== jobId ? 0 : line - before.line - 1;
    if (missing <= SMALL_GAP) return [row];
    return [`${' '.repeat(width)}  … ${count(missing, 'line')} left out`, row];
  });
}
