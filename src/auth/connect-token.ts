import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import { InstallationId, UserId, WorkspaceId } from '../domain/ids.ts';
import type { Asker } from '../domain/member.ts';
import type { Clock } from '../domain/ports.ts';
import { HOME } from '../domain/servers.ts';

// What travels through a browser while a person links a GitHub installation: signed, for one use, and for a few minutes.

const ISSUER = 'opsaicortex';
const AUDIENCE = { state: 'github-connect-state', choice: 'github-connect-choice' } as const;
const LIFETIME_S = 10 * 60;
/** Ours have about 400 characters. */
const TOKEN_MAX = 2_000;

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

interface Signing {
  key: string;
  clock: Clock;
}

export function signState(signing: Signing, { workspaceId, userId }: Asker, server: number): string {
  return sign(signing, AUDIENCE.state, { workspaceId, userId, server });
}

export function signChoice(
  signing: Signing,
  { asker: { workspaceId, userId }, installationId, account }: Omit<ConnectChoice, 'once'>,
): string {
  return sign(signing, AUDIENCE.choice, { workspaceId, userId, installationId, account });
}

/** Null for what we did not sign, or not for this, or too long ago. */
export function readState(signing: Signing, token: string): ConnectState | null {
  const claims = SignedState.safeParse(verify(signing, AUDIENCE.state, token)).data;
  return claims === undefined ? null : { ...stateOf(claims), server: claims.server };
}

/** Null likewise. */
export function readChoice(signing: Signing, token: string): ConnectChoice | null {
  const claims = SignedChoice.safeParse(verify(signing, AUDIENCE.choice, token)).data;
  if (claims === undefined) return null;
  return { ...stateOf(claims), installationId: claims.installationId, account: claims.account };
}

function stateOf({ jti, exp, workspaceId, userId }: z.infer<typeof Signed>): Omit<ConnectState, 'server'> {
  return { asker: { workspaceId, userId }, once: { id: jti, expiresAt: new Date(exp * 1_000) } };
}

function sign({ key, clock }: Signing, audience: string, claims: object): string {
  const iat = Math.floor(clock.now().getTime() / 1_000);
  return jwt.sign({ ...claims, iat }, key, {
    algorithm: 'HS256',
    issuer: ISSUER,
    audience,
    expiresIn: LIFETIME_S,
    jwtid: randomUUID(),
  });
}

function verify({ key, clock }: Signing, audience: string, token: string): unknown {
  if (token.length > TOKEN_MAX) return null;
  const clockTimestamp = Math.floor(clock.now().getTime() / 1_000);
  try {
    return jwt.verify(token, key, { algorithms: ['HS256'], issuer: ISSUER, audience, clockTimestamp });
  } catch {
    return null;
  }
}
