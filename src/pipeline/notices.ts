import type { Notice } from '../analysis/journey.ts';
import { limitsOf } from '../analysis/route.ts';
import type { Authorship } from '../domain/diagnosis.ts';
import type { UserId, WorkspaceId } from '../domain/ids.ts';
import type { NewJob } from '../domain/jobs.ts';
import { type AdminNotice, noticeName } from '../domain/notice.ts';
import type { Ports } from '../domain/ports.ts';
import { MODEL_PROVIDERS } from '../domain/reasoning.ts';

/** What happened that admins should know; when, is for `planNotices` to add. */
export type UndatedNotice = Undated<
  Exclude<AdminNotice, { kind: 'channel-paused' | 'github-connected' | 'answers-not-permitted' | 'answers-taken' }>
>;
type Undated<Notice> = Notice extends AdminNotice ? Omit<Notice, 'month' | 'day'> : never;

/** Each is told once a month, or once a day where it may be over by then; by the calendar of UTC, as budgets are. */
export function planNotices(workspaceId: WorkspaceId, notices: readonly UndatedNotice[], now: Date): NewJob[] {
  return notices.map((undated): NewJob => {
    const notice = dated(undated, now);
    const payload = { workspaceId, notice };
    return { kind: 'notify-admins', payload, dedupeKey: `notify:${workspaceId}:${noticeName(notice)}` };
  });
}

/** A job for each, so that one who cannot be reached, or a crash in between, makes nobody hear it twice. */
export function planTellingAdmins(workspaceId: WorkspaceId, admins: readonly UserId[], notice: AdminNotice): NewJob[] {
  return admins.map((userId) => ({
    kind: 'notify-admin',
    payload: { workspaceId, userId, notice },
    dedupeKey: `notify:${workspaceId}:${noticeName(notice)}:${userId}`,
  }));
}

function dated(notice: UndatedNotice, now: Date): AdminNotice {
  const day = now.toISOString().slice(0, 'YYYY-MM-DD'.length);
  if (notice.kind === 'model-refused') return { ...notice, day };
  return { ...notice, month: day.slice(0, 'YYYY-MM'.length) };
}

type Deps = Pick<Ports, 'modelCalls' | 'settings' | 'models' | 'clock' | 'jobs' | 'queue' | 'log'>;

/**
 * Has the admins told what an analysis met on its way, before the analysis is stored: a second try of it would meet nothing any more.
 * The analysis does not fail for it.
 */
export async function tellAdmins(
  deps: Deps,
  workspaceId: WorkspaceId,
  met: { notices: readonly Notice[]; author: Authorship },
): Promise<void> {
  if (met.notices.length === 0) return;
  try {
    const jobs = planNotices(workspaceId, await addAmounts(deps, workspaceId, met), deps.clock.now());
    void deps.queue.wake(await deps.jobs.enqueue(jobs));
  } catch (error) {
    deps.log.error({ error, workspaceId }, 'Admins were not told about their models');
  }
}

/** The money is that of this moment. */
async function addAmounts(
  { modelCalls, settings, models, clock }: Deps,
  workspaceId: WorkspaceId,
  { notices, author }: { notices: readonly Notice[]; author: Authorship },
): Promise<UndatedNotice[]> {
  const usage = await modelCalls.usage(workspaceId, clock.now());
  const { monthlyBudgetUsd } = limitsOf(await settings.reasoning(workspaceId), models);
  const money = {
    spentMicroUsd: usage.spentMicroUsd + usage.reservedMicroUsd,
    budgetMicroUsd: Math.round(monthlyBudgetUsd * 1_000_000),
  };
  const insteadOfIt = MODEL_PROVIDERS.find((name) => name === author.provider) ?? 'offline';
  return notices.map((notice) =>
    typeof notice === 'string' ? { kind: notice, ...money } : { ...notice, insteadOfIt },
  );
}
