import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import { CiSourceId } from '../domain/ci.ts';
import type { Clock } from '../domain/ports.ts';

// How another CI system proves who it is: a token that it signs, or a signature over the body, each for a few minutes.

export const CI_AUDIENCE = 'opsaicortex';
/** How far the clocks of both sides may be apart, and how long a signature can be sent again. */
export const SIGNED_WITHIN_S = 300;
const TOKEN_MAX = 4_000;

/** `t=UNIX,v1=HEX` */
const SIGNATURE = /^t=(\d{1,12}),v1=([\da-f]{64})$/u;
const Claimed = z.object({ iss: CiSourceId });
const Claims = z.object({
  iat: z.number(),
  exp: z.number(),
  body_sha256: z
    .string()
    .regex(/^[\da-f]{64}$/u)
    .optional(),
});

/** What a request says of its sender; nothing of it is proven. */
export interface CiCredentials {
  sourceId: CiSourceId;
  proof: { kind: 'token'; token: string } | { kind: 'signature'; seconds: number; hex: string };
}

/** Null where neither kind of proof is there, as one would have it. */
export function readCredentials(headers: {
  authorization?: string | undefined;
  source?: string | undefined;
  signature?: string | undefined;
}): CiCredentials | null {
  const [, token] = /^Bearer ([\w.-]+)$/iu.exec(headers.authorization ?? '') ?? [];
  if (token !== undefined) {
    if (token.length > TOKEN_MAX) return null;
    const claimed = Claimed.safeParse(jwt.decode(token));
    return claimed.success ? { sourceId: claimed.data.iss, proof: { kind: 'token', token } } : null;
  }
  const sourceId = CiSourceId.safeParse(headers.source);
  const [, seconds, hex] = SIGNATURE.exec(headers.signature ?? '') ?? [];
  if (!sourceId.success || seconds === undefined || hex === undefined) return null;
  return { sourceId: sourceId.data, proof: { kind: 'signature', seconds: Number(seconds), hex } };
}

/** Whether the proof was made with this secret, for this body, and not too long ago. */
export function isProven(
  clock: Clock,
  { sourceId, proof }: CiCredentials,
  { secret, body }: { secret: string; body: Buffer },
): boolean {
  const now = Math.floor(clock.now().getTime() / 1_000);
  if (proof.kind === 'token') return isTokenOf(proof.token, { sourceId, secret, body, now });
  if (Math.abs(now - proof.seconds) > SIGNED_WITHIN_S) return false;
  const expected = createHmac('sha256', secret).update(`${proof.seconds}.`).update(body).digest();
  return timingSafeEqual(expected, Buffer.from(proof.hex, 'hex'));
}

function isTokenOf(
  token: string,
  { sourceId, secret, body, now }: { sourceId: CiSourceId; secret: string; body: Buffer; now: number },
): boolean {
  const claims = Claims.safeParse(verify(token, { sourceId, secret, now })).data;
  // A token that lives long would be a password in another shape.
  if (claims === undefined || claims.exp - claims.iat > SIGNED_WITHIN_S) return false;
  if (claims.iat > now + SIGNED_WITHIN_S) return false;
  return claims.body_sha256 === undefined || claims.body_sha256 === createHash('sha256').update(body).digest('hex');
}

function verify(
  token: string,
  { sourceId, secret, now }: { sourceId: CiSourceId; secret: string; now: number },
): unknown {
  const check = { issuer: sourceId, audience: CI_AUDIENCE, clockTimestamp: now, clockTolerance: 30 };
  try {
    return jwt.verify(token, secret, { algorithms: ['HS256'], ...check });
  } catch {
    return null;
  }
}
