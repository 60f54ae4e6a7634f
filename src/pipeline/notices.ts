import type { UserId, WorkspaceId } from '../domain/ids.ts';
import type { NewJob } from '../domain/jobs.ts';
import { type AdminNotice, noticeName } from '../domain/notice.ts';

/** What happened that admins should know; when, is for `planNotices` to add. */
export type UndatedNotice = Undated<AdminNotice>;
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
