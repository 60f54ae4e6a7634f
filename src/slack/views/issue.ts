import { ISSUE_FIELD, ISSUE_LIMITS, ISSUE_PROBLEM, issueReply } from '../../messages/issue.ts';
import { clean } from '../../messages/text.ts';
import { createIssue } from '../../notify/issue.ts';
import type { ListenerContext } from '../listener.ts';
import { admit, atField } from './admit.ts';
import type { Submission, SubmitOutcome } from './submission.ts';
import { IssueWindow } from './windows.ts';

/** "Create" in the window of an issue. */
export async function fileIssue(context: ListenerContext, submission: Submission): Promise<SubmitOutcome> {
  const admitted = await admit(context, submission, { schema: IssueWindow, action: 'failure.create-issue' });
  if ('refusal' in admitted) return admitted.refusal;
  const { failureId, channelId, responseUrl } = admitted.window;
  const typed = (field: string): string => clean(submission.values.get(field) ?? '').trim();
  const [title, words] = [typed(ISSUE_FIELD.title), typed(ISSUE_FIELD.words)];
  if (title === '' || title.length > ISSUE_LIMITS.title) return atField(ISSUE_FIELD.title, ISSUE_PROBLEM.title);
  if (words.length > ISSUE_LIMITS.words) return atField(ISSUE_FIELD.words, ISSUE_PROBLEM.words);
  const labels = readLabels(typed(ISSUE_FIELD.labels));
  if (labels === null) return atField(ISSUE_FIELD.labels, ISSUE_PROBLEM.labels);
  const { asker } = submission;
  const outcome = await createIssue(context.ports, { asker, failureId, channelId, title, words, labels });
  return {
    answer: { kind: 'close' },
    afterwards: () => context.respond(responseUrl, issueReply(outcome), { replaceOriginal: false }),
  };
}

/** Null for more, or longer ones, than GitHub takes. */
function readLabels(typed: string): string[] | null {
  const labels = [...new Set(typed.split(/[,\n]/u).map((label) => label.trim()))].filter((label) => label !== '');
  const fits = labels.length <= ISSUE_LIMITS.labels && labels.every(({ length }) => length <= ISSUE_LIMITS.label);
  return fits ? labels : null;
}
