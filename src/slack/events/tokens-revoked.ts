import type { TokensRevokedEvent } from '@slack/types';
import { workspaceOf, type ListenerContext, type RequestContext } from '../listener.ts';

/** Tokens were revoked. We only hold bot tokens, so a person's own revoked token changes nothing. */
export async function tokensRevoked(
  { ports }: ListenerContext,
  event: TokensRevokedEvent,
  request: RequestContext,
): Promise<void> {
  if ((event.tokens.bot ?? []).length === 0) return;
  const workspaceId = workspaceOf(request);
  await ports.workspaces.markRevoked(workspaceId, 'token_revoked');
  ports.log.info({ workspaceId }, 'Bot token of a workspace was revoked');
}
