import { z } from 'zod';
import { InstallationId, UserId, WorkspaceId } from '../domain/ids.ts';
import type { Asker } from '../domain/member.ts';
import { HOME } from '../domain/servers.ts';
import { readToken, signToken, type Signing } from './signed-token.ts';

// What travels through a browser while a person links a GitHub installation: signed, for one use, and for a few minutes.

const AUDIENCE = { state: 'github-connect-state', choice: 'github-connect-choice' } as const;

const Signed = z.object({ jti: z.uuid(), exp: z.number(), workspaceId: WorkspaceId, userId: UserId });
/** A token of an earlier version leads to the server at home, the only one that it knew. */
const SignedState = Signed.extend({ server: z.number().int().nonnegative().default(HOME.number) });
const SignedChoice = Signed.extend({ installationId: InstallationId, account: z.string().max(200) });

/** Who asked, and what makes this token that token. */
export interface ConnectState {
  asker: Asker;
  /** To which GitHub the person was sent, by its number. */
  server: number;
  once: { id: string; expiresAt: Date };
}

/** That GitHub has shown this installation to whoever holds it. */
export interface ConnectChoice extends Omit<ConnectState, 'server'> {
  installationId: InstallationId;
  account: string;
}

export function signState(signing: Signing, { workspaceId, userId }: Asker, server: number): string {
  return signToken(signing, { workspaceId, userId, server }, { audience: AUDIENCE.state });
}

export function signChoice(
  signing: Signing,
  { asker: { workspaceId, userId }, installationId, account }: Omit<ConnectChoice, 'once'>,
): string {
  return signToken(signing, { workspaceId, userId, installationId, account }, { audience: AUDIENCE.choice });
}

/** Null for what we did not sign, or not for this, or too long ago. */
export function readState(signing: Signing, token: string): ConnectState | null {
  const claims = SignedState.safeParse(readToken(signing, token, { audience: AUDIENCE.state })).data;
  return claims === undefined ? null : { ...stateOf(claims), server: claims.server };
}

/** Null likewise. */
export function readChoice(signing: Signing, token: string): ConnectChoice | null {
  const claims = SignedChoice.safeParse(readToken(signing, token, { audience: AUDIENCE.choice })).data;
  if (claims === undefined) return null;
  return { ...stateOf(claims), installationId: claims.installationId, account: claims.account };
}

function stateOf({ jti, exp, workspaceId, userId }: z.infer<typeof Signed>): Omit<ConnectState, 'server'> {
  return { asker: { workspaceId, userId }, once: { id: jti, expiresAt: new Date(exp * 1_000) } };
}
