import type { Summary } from '../domain/diagnosis.ts';
import type { Failure, Resolution } from '../domain/failure.ts';
import type { Message } from '../domain/message.ts';
import { ACTION } from './action-ids.ts';
import { actions, header, linkButton, message, note } from './blocks.ts';
import { failedSince } from './failed-since.ts';
import { feedbackButtons } from './feedback.ts';
import { fullAnalysisButton } from './full-analysis-button.ts';
import { link, paragraph, plain, text, type Span } from './rich-text.ts';
import { duration, oneLine, shortSha } from './text.ts';

/** A failure that ended; `summary` is its newest, where there is one. */
export interface RecoveryReport {
  failure: Failure;
  resolution: Resolution;
  summary: Summary | null;
}

/** The parent message of a resolved failure. */
export function recoveryMessage(report: RecoveryReport): Message {
  const { failure, resolution } = report;
  const { repository } = failure;
  const headline = headlineOf(report);
  return message(`${repository}: ${recoverySentence(report)} (${oneLine(headline, 150)})`, [
    header(`🟢 ${resolution.kind === 'fixed' ? 'Fixed' : 'Flaky'}: ${headline}`),
    paragraph(...recoverySpans(report)),
    paragraph(...failedSince(failure)),
    ...actions(
      report.summary && fullAnalysisButton(report.summary.id),
      linkButton('View run', { actionId: ACTION.viewRun, url: resolution.url }),
    ),
    ...(report.summary === null ? [] : [feedbackButtons(report.summary.id)]),
    note(resolution.kind === 'fixed' ? 'The workflow passes again.' : 'The same commit failed and passed.'),
  ]);
}

/** The reply in its thread. */
export function recoveryReply(report: RecoveryReport): Message {
  return message(recoverySentence(report), [paragraph(text('🟢 '), ...recoverySpans(report))]);
}

function headlineOf({ failure, summary }: RecoveryReport): string {
  return summary?.diagnosis.headline ?? `${failure.workflow} on ${failure.branch}`;
}

function recoverySentence({ failure, resolution }: RecoveryReport): string {
  const took = duration(resolution.at.getTime() - failure.first.at.getTime());
  if (resolution.kind === 'passed-on-rerun') return `Passed on re-run of the same commit: flaky, after ${took}`;
  return `Fixed by ${oneLine(resolution.title, 120)} (${shortSha(resolution.headSha)}) after ${took}`;
}

function recoverySpans({ failure, resolution }: RecoveryReport): Span[] {
  const took = duration(resolution.at.getTime() - failure.first.at.getTime());
  const sha = link(resolution.url, shortSha(resolution.headSha), { code: true });
  if (resolution.kind === 'passed-on-rerun') {
    return [text('Passed on re-run of the same commit ('), sha, text(`): flaky. It took ${took}.`)];
  }
  return [
    text('Fixed by '),
    plain(resolution.title, 150, { bold: true }),
    text(' ('),
    sha,
    text(') by '),
    plain(resolution.actor, 60),
    text(` after ${took}`),
  ];
}
