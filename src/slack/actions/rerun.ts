import type { BlockAction, ButtonAction } from '@slack/bolt';
import type { ListenerContext, RequestContext } from '../listener.ts';
import { readFailureClick, rerunFailure } from './on-failure.ts';

/** A click on "Re-run failed jobs". */
export async function rerun(
  context: ListenerContext,
  { action, body, request }: { action: ButtonAction; body: BlockAction; request: RequestContext },
): Promise<void> {
  await rerunFailure(context, readFailureClick(context, { body, request, failureId: action.value }), false);
}
