import type { KnownBlock } from '@slack/types';
import type { Diagnosis, LogLine, Summary } from '../domain/diagnosis.ts';
import type { Failure } from '../domain/failure.ts';
import type { UserId } from '../domain/ids.ts';
import type { Message } from '../domain/message.ts';
import type { Called } from '../domain/people.ts';
import type { Run } from '../domain/run.ts';
import { ACTION } from './action-ids.ts';
import { actions, button, header, linkButton, message, note } from './blocks.ts';
import { feedbackButtons } from './feedback.ts';
import { fullAnalysisButton } from './full-analysis-button.ts';
import { handlingButtons, handlingLines, handlingMenu, NO_MARKS, signOf, stateWords, type Marks } from './handling.ts';
import { failedJobs } from './jobs.ts';
import { issueButton } from './issue.ts';
import { logLineUrl } from './log-links.ts';
import { strongestLines } from './proof.ts';
import {
  bold,
  bullets,
  link,
  mono,
  moment,
  paragraph,
  person,
  plain,
  text,
  type Span,
  userGroup,
} from './rich-text.ts';
import { count, oneLine, shortSha } from './text.ts';
import { attemptUrl, authorWords, CONFIDENCE_WORDS, repositoryUrl, VERDICT_WORDS } from './words.ts';
import { workflowBlocks } from './workflow-part.ts';

/** What a message about a failure is made of: the failure, its newest summary, and the run of that summary. */
export interface FailureReport {
  failure: Failure;
  summary: Summary;
  run: Run;
  /** When the answer was given that the summary took over from an earlier one; absent where it took none, or that is not known. */
  reusedAt?: Date;
  /** What holds at this moment; absent where it was not asked for. */
  marks?: Marks;
  /** Whom the message mentions; absent where nobody is to be. */
  people?: {
    /** Who caused the run, by what we know of accounts. */
    author: UserId | null;
    /** Whom the rules of the channel call. */
    called: Called | null;
  };
}

/** How many lines of proof the parent shows; the rest stands in its thread. */
export const PARENT_EVIDENCE = 3;

/** The parent message of an open failure. */
export function failureMessage({ failure, summary, run, reusedAt, marks = NO_MARKS, people }: FailureReport): Message {
  const { diagnosis } = summary;
  const fallback = `${run.repository}: ${oneLine(diagnosis.headline, 150)} (${VERDICT_WORDS[diagnosis.verdict.kind]}, ${run.workflow} on ${run.branch}${stateWords(failure)})`;
  return message(fallback, [
    header(`${signOf(failure)} ${diagnosis.headline}`),
    ...calledLine(people?.called ?? null),
    ...handlingLines(failure, marks),
    paragraph(...verdictLine(diagnosis), text('\n'), plain(diagnosis.cause, 600)),
    ...evidenceLines('What the log says', { summary, run, lines: strongestLines(diagnosis, PARENT_EVIDENCE) }),
    ...(diagnosis.workflowPart?.job === null ? workflowBlocks(diagnosis.workflowPart) : []),
    ...failedJobs(diagnosis),
    paragraph(...commitLine(run, people?.author ?? null), text('\n'), ...historyLine(failure)),
    ...actions(
      ...handlingButtons(failure),
      fullAnalysisButton(summary.id),
      linkButton('View run', { actionId: ACTION.viewRun, url: attemptUrl(run) }),
      button('Re-analyze', { actionId: ACTION.reanalyze, value: summary.id }),
      issueButton(failure, marks.issue),
      handlingMenu(failure, marks),
    ),
    feedbackButtons(summary.id),
    note(authorWords(summary, reusedAt)),
  ]);
}

/** Whom the message calls: by a mention whom Slack told us, by name whom only others name. */
function calledLine(called: Called | null): KnownBlock[] {
  if (called === null || called.who.length === 0) return [];
  const { who, left } = called;
  const spans = who.flatMap((one, index) => [...(index > 0 ? [text(', ')] : []), calledSpan(one)]);
  return [paragraph(text('For '), ...spans, ...(left > 0 ? [text(` and ${left} more`)] : []))];
}

function calledSpan(one: Called['who'][number]): Span {
  switch (one.kind) {
    case 'person':
      return person(one.userId);
    case 'group':
      return userGroup(one.id);
    case 'name':
      return plain(one.name, 60);
    default:
      return one satisfies never;
  }
}

/** What the rules found, and what they found it by. */
export function verdictLine({ verdict, confidence }: Pick<Diagnosis, 'verdict' | 'confidence'>): Span[] {
  const reasons = verdict.reasons.slice(0, 2).map((reason) => oneLine(reason, 120));
  return [
    bold(VERDICT_WORDS[verdict.kind]),
    text(` (${CONFIDENCE_WORDS[confidence]})${reasons.length > 0 ? `: ${reasons.join('. ')}` : ''}`),
  ];
}

/** Lines of proof, each linked to its place in GitHub's viewer. */
export function evidenceLines(
  lead: string,
  { summary: { diagnosis }, run, lines }: { summary: Pick<Summary, 'diagnosis'>; run: Run; lines: readonly LogLine[] },
): KnownBlock[] {
  if (lines.length === 0) return [];
  const names = new Map(diagnosis.jobs.map((job) => [job.jobId, job.name]));
  const several = names.size > 1;
  const items = lines.map((line) => {
    const name = several ? names.get(line.jobId) : undefined;
    const label = name === undefined ? `line ${line.line}` : `${oneLine(name, 40)}, line ${line.line}`;
    return [link(logLineUrl(run, line), label), text('  '), mono(line.text, 240)];
  });
  return [bullets([bold(lead)], items)];
}

/** Whose commit, where. An author whom we do not know is plain text: a name is not proof of who somebody is in Slack. */
export function commitLine(run: Run, author: UserId | null = null): Span[] {
  const base = repositoryUrl(run.url);
  const pull =
    run.pullRequest === null
      ? []
      : [text(', '), link(base && `${base}/pull/${run.pullRequest}`, `PR #${run.pullRequest}`)];
  return [
    link(base && `${base}/commit/${encodeURIComponent(run.headSha)}`, shortSha(run.headSha), { code: true }),
    text(' '),
    plain(run.title, 150),
    text('\nby '),
    author === null ? plain(run.actor, 60) : person(author),
    text(' on '),
    mono(run.branch, 100),
    ...pull,
    text(' in '),
    link(base, run.repository),
    text(', workflow '),
    plain(run.workflow, 80),
    text(` #${run.number}${run.attempt > 1 ? `, attempt ${run.attempt}` : ''}`),
  ];
}

/** How often it was met, and since when. */
export function historyLine({ occurrences, first }: Failure): Span[] {
  if (occurrences <= 1) return [text('First seen '), moment(first.at)];
  return [text(`Seen ${count(occurrences, 'time')} since `), moment(first.at)];
}
