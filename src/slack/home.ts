import { allows } from '../auth/policy.ts';
import { authorize } from '../auth/authorize.ts';
import type { Asker } from '../domain/member.ts';
import { HOME_REPOSITORIES, HOME_SUMMARIES, homeTab, refusedHome } from '../messages/home.ts';
import type { ListenerContext } from './listener.ts';
import { readSpending } from './spending.ts';

/** Shows a person the App Home, if their role suffices; whoever decides about the budget sees how much of it is spent. */
export async function publishHome({ ports }: ListenerContext, asker: Asker, page: number): Promise<void> {
  const { messenger, runs, summaries, clock } = ports;
  const { kind, role } = await authorize(ports, asker, 'home.read');
  if (kind === 'refused') return messenger.publishHome(asker, refusedHome());
  const [statuses, recent, spending] = await Promise.all([
    runs.statuses(asker.workspaceId, HOME_REPOSITORIES),
    summaries.recent(asker.workspaceId, HOME_SUMMARIES),
    allows(role, 'settings.manage') ? readSpending(ports, asker.workspaceId) : null,
  ]);
  await messenger.publishHome(asker, homeTab({ statuses, recent, page, now: clock.now(), spending }));
}
