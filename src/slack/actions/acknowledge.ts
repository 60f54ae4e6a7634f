import type { BlockAction, ButtonAction } from '@slack/bolt';
import type { ListenerContext, RequestContext } from '../listener.ts';
import { actOnFailure, readFailureClick } from './on-failure.ts';

/** A click on "Acknowledge". The first one counts; later ones are told who was first. */
export async function acknowledge(
  context: ListenerContext,
  { action, body, request }: { action: ButtonAction; body: BlockAction; request: RequestContext },
): Promise<void> {
  const click = readFailureClick(context, { body, request, failureId: action.value });
  await actOnFailure(context, click, { kind: 'acknowledge' });
}
