import type { FailureId } from '../domain/ids.ts';
import { messageUrl } from '../messages/words.ts';
import type { DeliveryContext, Destination } from './context.ts';
import { findWorkspaceUrl } from './workspace-url.ts';

/** The address of a failure's message in this channel; null where none stands there, and where Slack does not tell its own. */
export async function findFailureUrl(
  context: Pick<DeliveryContext, 'threads' | 'directory' | 'log'>,
  { workspaceId, channelId }: Destination,
  failureId: FailureId,
): Promise<string | null> {
  const ts = (await context.threads.find(workspaceId, channelId, failureId))?.ts ?? null;
  return ts === null ? null : messageUrl(await findWorkspaceUrl(context, workspaceId), channelId, ts);
}
