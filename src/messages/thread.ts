import type { KnownBlock } from '@slack/types';
import { isReported } from '../domain/ci.ts';
import type { Diagnosis, Facts, LogLine, Summary } from '../domain/diagnosis.ts';
import type { Failure, SimilarFailure } from '../domain/failure.ts';
import { NOTE_MAX } from '../domain/jobs.ts';
import type { Message } from '../domain/message.ts';
import type { Run } from '../domain/run.ts';
import { fold, message, note } from './blocks.ts';
import { evidenceLines, PARENT_EVIDENCE, verdictLine } from './diagnosis.ts';
import { feedbackButtons } from './feedback.ts';
import { originBlocks } from './origin.ts';
import { strongestLines } from './proof.ts';
import { similarFailures } from './similar.ts';
import { bold, bullets, code, link, mono, paragraph, person, plain, text, type Span } from './rich-text.ts';
import { count, oneLine, shortSha } from './text.ts';
import { attemptUrl, authorWords } from './words.ts';
import { workflowBlocks } from './workflow-part.ts';

/** How many failing tests, and how many complaints of a compiler, the thread names. */
const NAMED = 8;

/** First reply: what to do next, what failed by name, how failures like it ended, and every line of proof that the parent had no room for. */
export function evidenceReply(summary: Summary, run: Run, similar: readonly SimilarFailure[] = []): Message {
  const { diagnosis } = summary;
  const shown = new Set(strongestLines(diagnosis, PARENT_EVIDENCE));
  const rest = diagnosis.evidence.filter((line) => !shown.has(line));
  return message(`Next step: ${oneLine(diagnosis.nextStep, 300)}`, [
    paragraph(bold('Next step: '), plain(diagnosis.nextStep, 600)),
    ...failingTests(diagnosis.facts),
    ...problems(diagnosis.facts),
    // Where no job began, the message itself shows it.
    ...(diagnosis.workflowPart?.job == null ? [] : workflowBlocks(diagnosis.workflowPart)),
    ...originBlocks(diagnosis.origin, run),
    ...similarFailures(similar),
    ...evidenceLines('More from the log', { summary, run, lines: rest }),
  ]);
}

/** Second reply: the part of the log that explains the failure, in order and folded; null where there was no log. */
export function excerptReply(summary: Summary, run: Run): Message | null {
  const { excerpt, jobs } = summary.diagnosis;
  if (excerpt.length === 0) return null;
  const kept = nearestToProof(summary.diagnosis);
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
const LINE_MAX = 240;

/** Whether the thread shows all of the excerpt, each line as it is. */
export function isWhole(diagnosis: Pick<Diagnosis, 'excerpt' | 'evidence'>): boolean {
  const { excerpt } = diagnosis;
  return (
    nearestToProof(diagnosis).length === excerpt.length && excerpt.every(({ text: { length } }) => length <= LINE_MAX)
  );
}

/** As many lines of the excerpt as fit, in order. Where not all do, those farthest from a line of proof are left out. */
function nearestToProof({ excerpt, evidence }: Pick<Diagnosis, 'excerpt' | 'evidence'>): LogLine[] {
  const proof = new Set(evidence.map(keyOf));
  const places = excerpt.flatMap((line, index) => (proof.has(keyOf(line)) ? [index] : []));
  const distance = (index: number): number =>
    Math.min(...places.map((place) => Math.abs(place - index)), excerpt.length);
  const nearestFirst = excerpt
    .map((line, index) => ({ line, index, distance: distance(index) }))
    .toSorted((left, right) => left.distance - right.distance || right.index - left.index);
  let room = EXCERPT_MAX;
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

/** Reply when an open failure was met once more. */
export function againReply({ run, failure }: { run: Run; failure: Failure }): Message {
  const sha = shortSha(run.headSha);
  return message(`Failed again on ${sha} by ${oneLine(run.actor, 60)}, ${failure.occurrences} times now`, [
    paragraph(
      text('Failed again on '),
      link(attemptUrl(run), sha, { code: true }),
      text(' '),
      plain(run.title, 120),
      text(' by '),
      plain(run.actor, 60),
      // What was merged into it may come from another branch.
      ...(run.branch === failure.branch ? [] : [text(' on '), mono(run.branch, 100)]),
      text(`, ${count(failure.occurrences, 'time')} now`),
    ),
  ]);
}

/** Reply when somebody asked for another look. */
export function reanalysisReply(summary: Summary): Message {
  const { diagnosis } = summary;
  return message(`Analyzed again: ${oneLine(diagnosis.headline, 200)}`, [
    paragraph(bold('Analyzed again: '), plain(diagnosis.headline, 150), ...askedSpans(diagnosis)),
    paragraph(...verdictLine(diagnosis), text('\n'), plain(diagnosis.cause, 600)),
    paragraph(bold('Next step: '), plain(diagnosis.nextStep, 600)),
    feedbackButtons(summary.id),
    note(authorWords(summary)),
  ]);
}

/** Who wanted it, with their note as they wrote it, less what is secret. */
function askedSpans({ asked }: Diagnosis): Span[] {
  if (asked === undefined) return [];
  const lead = [text('\nAsked for by '), person(asked.by)];
  return asked.note === null
    ? lead
    : [...lead, text(', with the note: '), plain(asked.note, NOTE_MAX, { italic: true })];
}

function failingTests({ failingTests: tests }: Facts): KnownBlock[] {
  if (tests.length === 0) return [];
  const items = tests
    .slice(0, NAMED)
    .map(({ name, file, line, message: words }) => [
      bold(oneLine(name, 160)),
      ...(file === null ? [] : [text(' in '), mono(place(file, line), 160)]),
      ...(words === null ? [] : [text('\n'), plain(words, 240)]),
    ]);
  return [bullets([bold(leadOf(tests.length, 'failing test'))], items)];
}

function problems({ problems: found }: Facts): KnownBlock[] {
  if (found.length === 0) return [];
  const items = found
    .slice(0, NAMED)
    .map(({ file, line, message: words }) => [mono(place(file, line), 160), text(' '), plain(words, 240)]);
  return [bullets([bold(leadOf(found.length, 'problem'))], items)];
}

function leadOf(total: number, noun: string): string {
  return total > NAMED ? `${NAMED} of ${count(total, noun)}` : count(total, noun);
}

function place(file: string, line: number | null): string {
  return line === null ? file : `${file}:${line}`;
}
