import { authorize } from '../auth/authorize.ts';
import type { Asker } from '../domain/member.ts';
import { HOME_REPOSITORIES, HOME_SUMMARIES, homeTab, refusedHome } from '../messages/home.ts';
import type { ListenerContext } from './listener.ts';

/** Shows a person the App Home, if their role suffices. */
export async function publishHome({ ports }: ListenerContext, asker: Asker, page: number): Promise<void> {
  const { messenger, runs, summaries, clock } = ports;
  const { kind } = await authorize(ports, asker, 'home.read');
  if (kind === 'refused') return messenger.publishHome(asker, refusedHome());
  const [statuses, recent] = await Promise.all([
    runs.statuses(asker.workspaceId, HOME_REPOSITORIES),
    summaries.recent(asker.workspaceId, HOME_SUMMARIES),
  ]);
  await messenger.publishHome(asker, homeTab({ statuses, recent, page, now: clock.now() }));
}
