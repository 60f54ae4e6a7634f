import type { JobPayload, NewJob } from '../domain/jobs.ts';
import type { MessageKey } from '../domain/message.ts';
import { noticeName } from '../domain/notice.ts';
import { ChannelUnavailableError, WorkspaceRevokedError } from '../errors.ts';
import { noticeMessage } from '../messages/notices.ts';
import type { DeliveryContext } from './context.ts';
import { postOnce } from './post-once.ts';

type Payload = JobPayload<'notify-admin'>;

/**
 * Job handler of `notify-admin`. Nothing is reserved for so rare a message: it is looked for before it is posted, where the
 * workspace lets us look.
 */
export async function tellAdmin(
  context: DeliveryContext,
  { workspaceId, userId, notice }: Payload,
): Promise<readonly NewJob[]> {
  if (!(await context.workspaces.isActive(workspaceId))) return [];
  try {
    await postOnce(context, {
      destination: { workspaceId, channelId: userId },
      state: 'resumed',
      key: noticeKey({ userId, notice }),
      message: noticeMessage(notice),
      remember: () => Promise.resolve(),
    });
  } catch (error) {
    if (error instanceof ChannelUnavailableError) {
      const fields = { workspaceId, userId, notice: notice.kind, reason: error.reason };
      context.log.warn(fields, 'Admin cannot be written to, the others are told');
    } else if (error instanceof WorkspaceRevokedError) {
      await context.workspaces.markRevoked(workspaceId, error.reason);
      context.log.warn({ workspaceId, reason: error.reason }, 'Workspace refuses our token, it is marked as revoked');
    } else {
      throw error;
    }
  }
  return [];
}

function noticeKey({ userId, notice }: Pick<Payload, 'userId' | 'notice'>): MessageKey {
  return { eventType: 'cortex_notice', key: `notice:${noticeName(notice)}:${userId}` };
}
