import { FailureId } from '../../domain/ids.ts';
import { MERGE_FIELD, MERGE_PROBLEM, mergeReply } from '../../messages/merging.ts';
import { mergeFailures } from '../../notify/merge.ts';
import type { ListenerContext } from '../listener.ts';
import { admit, atField } from './admit.ts';
import type { Submission, SubmitOutcome } from './submission.ts';
import { FailureWindow } from './windows.ts';

/** "Merge" in its window. What was chosen may have changed since: that is told at the field. */
export async function mergeFailure(context: ListenerContext, submission: Submission): Promise<SubmitOutcome> {
  const admitted = await admit(context, submission, { schema: FailureWindow, action: 'failure.merge' });
  if ('refusal' in admitted) return admitted.refusal;
  const { failureId, responseUrl } = admitted.window;
  const into = FailureId.safeParse(submission.values.get(MERGE_FIELD));
  if (!into.success) return atField(MERGE_FIELD, MERGE_PROBLEM['not-a-choice']);
  const { asker } = submission;
  const outcome = await mergeFailures(context.ports, { asker, failureId, into: into.data });
  if (outcome.kind === 'itself' || outcome.kind === 'other-over') {
    return atField(MERGE_FIELD, MERGE_PROBLEM[outcome.kind]);
  }
  const reply = mergeReply(outcome);
  return {
    answer: { kind: 'close' },
    afterwards: () => context.respond(responseUrl, reply, { replaceOriginal: false }),
  };
}
