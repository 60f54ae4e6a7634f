import type { UserChangeEvent } from '@slack/types';
import { askerOf, type ListenerContext, type RequestContext } from '../listener.ts';

/** Somebody's account changed, perhaps their role or address: they are asked for again at their next action, and before a mention. */
export async function userChanged(
  { ports }: ListenerContext,
  event: UserChangeEvent,
  request: RequestContext,
): Promise<void> {
  const person = askerOf(request, event.user.id);
  await ports.users.forgetRole(person);
  await ports.accounts.distrust(person, ports.clock.now());
}
