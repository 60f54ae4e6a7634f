import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { InstallProvider } from '@slack/oauth';
import type { WorkspaceId } from '../domain/ids.ts';
import type { Log } from '../domain/ports.ts';
import { WorkspaceRevokedError } from '../errors.ts';
import { toAppError } from './errors.ts';
import { queryOf } from './installations.ts';
import { slackLogger } from './slack-logger.ts';
import type { SlackOptions } from './options.ts';

/** Slack answers within a second or not at all; its client would wait for ever, and retry for half an hour. */
const WRITE_TIMEOUT_MS = 10_000;
const READ_TIMEOUT_MS = 4_000;

export interface Token {
  token: string;
  /** Our bot in that workspace (`B…`), which is what our messages are signed with. */
  botId: string | null;
}

/** Slack's Web API, called as the bot of a workspace. */
export interface SlackClients {
  /** Posting is never repeated here: a post that timed out may have been accepted. */
  write<Answer>(workspaceId: WorkspaceId, call: Call<Answer>): Promise<Answer>;
  /** Reading is tried twice. */
  read<Answer>(workspaceId: WorkspaceId, call: Call<Answer>): Promise<Answer>;
}

/** What is to be done with a client and the token of the workspace. */
export type Call<Answer> = (client: WebClient, token: Token) => Promise<Answer>;

/** Client options that both the installer and the clients take. */
export function clientOptions({ apiUrl }: Pick<SlackOptions, 'apiUrl'>): Omit<WebClientOptions, 'logger' | 'logLevel'> {
  return {
    slackApiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`,
    timeout: READ_TIMEOUT_MS,
    retryConfig: { retries: 1, minTimeout: 250, maxTimeout: 500 },
    // How long to wait is for the job or the listener to decide, not for a sleeping client.
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
  };
}

export function createClients(
  options: Pick<SlackOptions, 'apiUrl'>,
  { log, installer }: { log: Log; installer: InstallProvider },
): SlackClients {
  const shared = { ...clientOptions(options), logger: slackLogger(log) };
  const reader = new WebClient(undefined, shared);
  const writer = new WebClient(undefined, { ...shared, timeout: WRITE_TIMEOUT_MS, retryConfig: { retries: 0 } });
  const tokenOf = createTokens(installer);
  const callWith =
    (client: WebClient): SlackClients['read'] =>
    async (workspaceId, call) => {
      try {
        return await call(client, await tokenOf(workspaceId));
      } catch (error) {
        throw toAppError(error);
      }
    };
  return { write: callWith(writer), read: callWith(reader) };
}

/** Tokens through the installer, which renews those that are about to expire; one renewal at a time per workspace. */
function createTokens(installer: InstallProvider): (workspaceId: WorkspaceId) => Promise<Token> {
  const pending = new Map<WorkspaceId, Promise<Token>>();
  return (workspaceId) => {
    const known = pending.get(workspaceId);
    if (known !== undefined) return known;
    const token = findToken(installer, workspaceId).finally(() => pending.delete(workspaceId));
    pending.set(workspaceId, token);
    return token;
  };
}

async function findToken(installer: InstallProvider, workspaceId: WorkspaceId): Promise<Token> {
  const found = await installer.authorize(queryOf(workspaceId));
  if (found.botToken === undefined) throw new WorkspaceRevokedError('not_installed');
  return { token: found.botToken, botId: found.botId ?? null };
}
