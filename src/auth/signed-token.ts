import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { Clock } from '../domain/ports.ts';

const ISSUER = 'opsaicortex';
const LIFETIME_S = 10 * 60;
/** Ours have less than half of it. */
const TOKEN_MAX = 4_000;

export interface Signing {
  key: string;
  clock: Clock;
}

export interface SignedFor {
  /** What it is good for, and for nothing else. */
  audience: string;
  lifetimeS?: number;
  /** Makes this token that token; without it, one that there never was. */
  id?: string;
}

/** Signs what travels through a browser, for a few minutes. */
export function signToken({ key, clock }: Signing, claims: object, { audience, lifetimeS, id }: SignedFor): string {
  const iat = Math.floor(clock.now().getTime() / 1_000);
  return jwt.sign({ ...claims, iat }, key, {
    algorithm: 'HS256',
    issuer: ISSUER,
    audience,
    expiresIn: lifetimeS ?? LIFETIME_S,
    jwtid: id ?? randomUUID(),
  });
}

/** What was signed; null for what we did not sign, or not for this, or too long ago. */
export function readToken({ key, clock }: Signing, token: string, { audience }: Pick<SignedFor, 'audience'>): unknown {
  if (token.length > TOKEN_MAX) return null;
  const clockTimestamp = Math.floor(clock.now().getTime() / 1_000);
  try {
    return jwt.verify(token, key, { algorithms: ['HS256'], issuer: ISSUER, audience, clockTimestamp });
  } catch {
    return null;
  }
}
