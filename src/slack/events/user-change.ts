import type { UserChangeEvent } from '@slack/types';
import { askerOf, type ListenerContext, type RequestContext } from '../listener.ts';

/** Somebody's account changed, perhaps their role: it is asked for again at their next action. */
export async function userChanged(
  { ports }: ListenerContext,
  event: UserChangeEvent,
  request: RequestContext,
): Promise<void> {
  await ports.users.forgetRole(askerOf(request, event.user.id));
}
