import type { BlockAction, ButtonAction } from '@slack/bolt';
import { publishHome } from '../home.ts';
import { askerOf, type ListenerContext, type RequestContext } from '../listener.ts';

/** A click on "Older" or "Newer" in the App Home. */
export async function turnHomePage(
  context: ListenerContext,
  { action, body, request }: { action: ButtonAction; body: BlockAction; request: RequestContext },
): Promise<void> {
  const page = Number(action.value);
  await publishHome(context, askerOf(request, body.user.id), Number.isInteger(page) ? page : 0);
}
