import type { AppHomeOpenedEvent } from '@slack/types';
import { publishHome } from '../home.ts';
import { askerOf, type ListenerContext, type RequestContext } from '../listener.ts';

/** Somebody opened our page; its messages tab is another event's business. */
export async function appHomeOpened(
  context: ListenerContext,
  event: AppHomeOpenedEvent,
  request: RequestContext,
): Promise<void> {
  if (event.tab === 'home') await publishHome(context, askerOf(request, event.user), 0);
}
