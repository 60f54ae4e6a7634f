import type { Diagnosis, Summary } from '../domain/diagnosis.ts';
import type { Failure, SimilarFailure } from '../domain/failure.ts';
import { NOTE_MAX } from '../domain/jobs.ts';
import type { Message } from '../domain/message.ts';
import type { Run } from '../domain/run.ts';
import { message, note } from './blocks.ts';
import { evidenceLines, PARENT_EVIDENCE, verdictLine } from './diagnosis.ts';
import { feedbackButtons } from './feedback.ts';
import { failingTests, problems } from './findings.ts';
import { originBlocks } from './origin.ts';
import { strongestLines } from './proof.ts';
import { similarFailures } from './similar.ts';
import { bold, link, mono, paragraph, person, plain, text, type Span } from './rich-text.ts';
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
    ...failingTests(diagnosis.facts, NAMED),
    ...problems(diagnosis.facts, NAMED),
    // Where no job began, the message itself shows it.
    ...(diagnosis.workflowPart?.job == null ? [] : workflowBlocks(diagnosis.workflowPart)),
    ...originBlocks(diagnosis.origin, run),
    ...similarFailures(similar),
    ...evidenceLines('More from the log', { summary, run, lines: rest }),
  ]);
}

/** Reply when an open failure was met once more. */
export function againReply({ run, failure }: { run: Run; failure: Failure }): Message {
  const sha = shortSha(run.headSha);
  const attempt = run.attempt > 1 ? `, attempt ${run.attempt} of run #${run.number}` : '';
  const times = failure.occurrences > 1 ? `, ${count(failure.occurrences, 'time')} now` : '';
  return message(`Failed again on ${sha} by ${oneLine(run.actor, 60)}${attempt}${times}`, [
    paragraph(
      text('Failed again on '),
      link(attemptUrl(run), sha, { code: true }),
      text(' '),
      plain(run.title, 120),
      text(' by '),
      plain(run.actor, 60),
      // What was merged into it may come from another branch.
      ...(run.branch === failure.branch ? [] : [text(' on '), mono(run.branch, 100)]),
      ...(attempt + times === '' ? [] : [text(attempt + times)]),
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
