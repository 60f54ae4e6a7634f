import type { KnownBlock } from '@slack/types';
import { isReported } from '../domain/ci.ts';
import type { LogLine } from '../domain/diagnosis.ts';
import type { SimilarFailure } from '../domain/failure.ts';
import type { Message, Modal } from '../domain/message.ts';
import type { Run } from '../domain/run.ts';
import { ACTION } from './action-ids.ts';
import { actions, divider, header, linkButton, note, plainText, sentence, withinView } from './blocks.ts';
import { commitLine, evidenceLines, type FailureReport, historyLine } from './diagnosis.ts';
import { excerptRows, LINE_MAX, nearestToProof } from './excerpt.ts';
import { failingTests, problems } from './findings.ts';
import { failedJobs } from './jobs.ts';
import { originBlocks } from './origin.ts';
import { bold, bullets, code, link, paragraph, plain, text } from './rich-text.ts';
import { similarFailures } from './similar.ts';
import { count, oneLine } from './text.ts';
import { attemptUrl, authorWords, CONFIDENCE_WORDS, VERDICT_WORDS } from './words.ts';
import { openWorkflowBlocks } from './workflow-part.ts';

/** All that is known of a failure, for a window. */
export type AnalysisReport = Pick<FailureReport, 'failure' | 'summary' | 'run' | 'reusedAt'> & {
  similar: readonly SimilarFailure[];
};

/** What a window has room for; a message and its thread show less. */
const MOST = { tests: 40, problems: 40, jobs: 40, reasons: 10 } as const;
/** Characters of the log, which is a few hundred lines. */
const EXCERPT_MAX = 12_000;

/** The whole analysis in one place: what message and thread show in parts, and what they had no room for. */
export function fullAnalysisModal({ failure, summary, run, similar, reusedAt }: AnalysisReport): Modal {
  const { diagnosis } = summary;
  const { verdict, confidence, cause, nextStep, evidence, facts } = diagnosis;
  const blocks = [
    header(diagnosis.headline),
    paragraph(...commitLine(run), text('\n'), ...historyLine(failure)),
    ...actions(linkButton('View run', { actionId: ACTION.viewRun, url: attemptUrl(run) })),
    paragraph(bold('Cause: '), plain(cause, 3_000)),
    paragraph(bold('Next step: '), plain(nextStep, 3_000)),
    bullets(
      [bold(VERDICT_WORDS[verdict.kind]), text(` (${CONFIDENCE_WORDS[confidence]})`)],
      verdict.reasons.slice(0, MOST.reasons).map((reason) => [plain(reason, 300)]),
    ),
    ...evidenceLines('What the log says', { summary, run, lines: evidence }),
    ...openWorkflowBlocks(diagnosis.workflowPart),
    ...failingTests(facts, MOST.tests),
    ...problems(facts, MOST.problems),
    ...failedJobs(diagnosis, MOST.jobs),
    ...originBlocks(diagnosis.origin, run),
    ...similarFailures(similar),
    ...logBlocks(summary, run),
    note(authorWords(summary, reusedAt)),
  ];
  return {
    type: 'modal',
    title: plainText('Full analysis'),
    close: plainText('Close'),
    blocks: withinView(blocks),
  };
}

/** The part of the log that explains the failure, job by job. */
function logBlocks({ diagnosis }: FailureReport['summary'], run: Run): KnownBlock[] {
  const { excerpt, jobs } = diagnosis;
  if (excerpt.length === 0) return [];
  const kept = nearestToProof(diagnosis, EXCERPT_MAX);
  const left = excerpt.length - kept.length;
  const names = new Map(jobs.map(({ jobId, name }) => [jobId, name]));
  const parts = byJob(kept).flatMap(({ jobId, lines }) => {
    const name = names.get(jobId);
    const title = name === undefined ? 'From the log' : `From the log of ${oneLine(name, 120)}`;
    // The rows that tell of gaps come on top of the lines.
    const { block } = code(excerptRows(lines), { lineMax: LINE_MAX, max: EXCERPT_MAX * 2 });
    return [paragraph(bold(title)), block];
  });
  const whole = link(attemptUrl(run), isReported(run.repository) ? 'The whole log' : 'The whole log on GitHub');
  return [
    divider(),
    ...parts,
    paragraph(...(left > 0 ? [text(`${count(left, 'more line')} of it did not fit. `)] : []), whole),
  ];
}

interface JobLines {
  jobId: LogLine['jobId'];
  lines: LogLine[];
}

function byJob(lines: readonly LogLine[]): JobLines[] {
  const groups: JobLines[] = [];
  for (const line of lines) {
    const last = groups.at(-1);
    if (last?.jobId === line.jobId) last.lines.push(line);
    else groups.push({ jobId: line.jobId, lines: [line] });
  }
  return groups;
}

/** Said privately where there is nothing to open any more. */
export function noAnalysisReply(): Message {
  return sentence('This analysis is not stored any more. "View run" leads to the run itself.');
}
