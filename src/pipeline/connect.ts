import type { InstallationId } from '../domain/ids.ts';
import type { NewJob } from '../domain/jobs.ts';
import type { Asker } from '../domain/member.ts';
import { noticeName } from '../domain/notice.ts';
import type { Ports } from '../domain/ports.ts';
import { followSight } from './follow-sight.ts';
import { planSight } from './refreshes.ts';

type Deps = Pick<Ports, 'sights' | 'installations' | 'groups' | 'ruleFiles' | 'queue' | 'clock' | 'log'>;

/**
 * Links an installation that GitHub has shown to the person; who that is, and that they may, the caller has made sure of. What is known of
 * topics, teams and files of rules is asked again, and the admins are told.
 */
export async function connectInstallation(
  deps: Deps,
  { asker, installationId, account }: { asker: Asker; installationId: InstallationId; account: string },
): Promise<'linked' | 'known'> {
  const { installations, groups, ruleFiles, queue, clock, log } = deps;
  const at = clock.now();
  const sight = await planSight({ groups, ruleFiles }, asker.workspaceId, `${installationId}:${at.toISOString()}`);
  const jobs = [...sight, planNews({ asker, installationId, account, at })];
  const outcome = await installations.connect(asker, { installationId, account, at, jobs });
  if (outcome.kind === 'linked') {
    void queue.wake(outcome.jobIds);
    // Rules that were paused since the App had been removed there are about something again.
    const change = { kind: 'reconnected', account: account.toLowerCase() } as const;
    await followSight(deps, asker.workspaceId, {
      installationId,
      change,
      occasion: `${installationId}:${at.getTime()}`,
    });
  }
  log.info({ ...asker, installationId, outcome: outcome.kind }, 'Person linked a GitHub installation');
  return outcome.kind;
}

function planNews({
  asker: { workspaceId, userId },
  installationId,
  account,
  at,
}: {
  asker: Asker;
  installationId: InstallationId;
  account: string;
  at: Date;
}): NewJob {
  const notice = { kind: 'github-connected', installationId, account, by: userId, at: at.toISOString() } as const;
  const dedupeKey = `notify:${workspaceId}:${noticeName(notice)}`;
  return { kind: 'notify-admins', payload: { workspaceId, notice }, dedupeKey };
}
