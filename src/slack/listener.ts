import type { Action } from '../auth/policy.ts';
import { authorize } from '../auth/authorize.ts';
import { ChannelId, UserId, WorkspaceId } from '../domain/ids.ts';
import type { Asker } from '../domain/member.ts';
import type { Message } from '../domain/message.ts';
import type { Ports } from '../domain/ports.ts';
import { MalformedRequestError } from '../errors.ts';
import { refusedMessage } from '../messages/errors.ts';
import type { SlackOptions } from './options.ts';
import type { Respond } from './respond.ts';

/** What every listener works with. */
export interface ListenerContext {
  ports: Ports;
  options: Pick<SlackOptions, 'githubSites' | 'connectKey'>;
  respond: Respond;
}

/** The part of Bolt's context that says which installation a verified request belongs to. */
export interface RequestContext {
  isEnterpriseInstall: boolean;
  enterpriseId?: string;
  teamId?: string;
}

/** The workspace of a verified request: the enterprise of an org-wide install, else the team. */
export function workspaceOf({ isEnterpriseInstall, enterpriseId, teamId }: RequestContext): WorkspaceId {
  return parseId(WorkspaceId, isEnterpriseInstall ? enterpriseId : teamId);
}

export function askerOf(context: RequestContext, userId: string): Asker {
  return { workspaceId: workspaceOf(context), userId: parseId(UserId, userId) };
}

export function channelOf(channelId: string | undefined): ChannelId {
  return parseId(ChannelId, channelId);
}

function parseId<Id>(
  schema: { safeParse(value: unknown): { success: true; data: Id } | { success: false } },
  value: unknown,
): Id {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new MalformedRequestError('Slack sent an id that we cannot read');
  return parsed.data;
}

/** Says, privately, which role is needed, or returns true: the person may go on. */
export async function isAllowed(
  { ports }: Pick<ListenerContext, 'ports'>,
  { asker, action, refuse }: { asker: Asker; action: Action; refuse: (message: Message) => Promise<void> },
): Promise<boolean> {
  const outcome = await authorize(ports, asker, action);
  if (outcome.kind === 'allowed') return true;
  ports.log.info({ ...asker, action, role: outcome.role }, 'Refused: the role does not suffice');
  await refuse(refusedMessage(outcome.needs));
  return false;
}
