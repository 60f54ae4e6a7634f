import { createHash, randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import type { Clock } from '../domain/ports.ts';

// With what the edge shows the core that a batch comes from it: a token for one use, for seconds, and for this body only.

const ISSUER = 'opsaicortex-ingest';
const AUDIENCE = 'opsaicortex-core';
const LIFETIME_S = 30;
/** No token that is good for longer is taken, whoever signed it. */
const MAX_LIFETIME_S = 60;
/** How far the clocks of two machines may be apart. */
const SKEW_S = 10;
/** Ours have about 400 characters. */
const TOKEN_MAX = 2_000;

/** A key that both sides hold; its id stands in the token and tells nothing about it. */
export interface IngestKey {
  id: string;
  secret: string;
}

export function ingestKey(secret: string): IngestKey {
  return { id: createHash('sha256').update(`ingest key id ${secret}`).digest('hex').slice(0, 16), secret };
}

const Header = z.object({ header: z.object({ kid: z.string(), alg: z.literal('HS256') }) });

const Claims = z.object({
  jti: z.uuid(),
  iat: z.number(),
  exp: z.number(),
  /** SHA-256 of the body, in hexadecimal. */
  body: z.string().regex(/^[\da-f]{64}$/u),
});

export interface BatchPass {
  once: { id: string; expiresAt: Date };
  bodyHash: Buffer;
}

export function signBatch({ key, clock }: { key: IngestKey; clock: Clock }, bodyHash: Buffer): string {
  const iat = Math.floor(clock.now().getTime() / 1_000);
  return jwt.sign({ body: bodyHash.toString('hex'), iat }, key.secret, {
    algorithm: 'HS256',
    keyid: key.id,
    issuer: ISSUER,
    audience: AUDIENCE,
    expiresIn: LIFETIME_S,
    jwtid: randomUUID(),
  });
}

/** Null for what none of the keys signed, or not for this, or too long ago, or for too long. Whether it was used before is not known here. */
export function readBatchPass(
  { keys, clock }: { keys: readonly IngestKey[]; clock: Clock },
  token: string,
): BatchPass | null {
  if (token.length > TOKEN_MAX) return null;
  const kid = keyIdOf(token);
  const key = keys.find(({ id }) => id === kid);
  if (key === undefined) return null;
  const now = Math.floor(clock.now().getTime() / 1_000);
  const claims = Claims.safeParse(verify(token, key, now)).data;
  if (claims === undefined || claims.exp - claims.iat > MAX_LIFETIME_S || claims.iat > now + SKEW_S) return null;
  const { jti, exp, body } = claims;
  return { once: { id: jti, expiresAt: new Date((exp + SKEW_S) * 1_000) }, bodyHash: Buffer.from(body, 'hex') };
}

function keyIdOf(token: string): string | undefined {
  try {
    return Header.safeParse(jwt.decode(token, { complete: true })).data?.header.kid;
  } catch {
    return undefined;
  }
}

function verify(token: string, { secret }: IngestKey, clockTimestamp: number): unknown {
  try {
    return jwt.verify(token, secret, {
      algorithms: ['HS256'],
      issuer: ISSUER,
      audience: AUDIENCE,
      clockTimestamp,
      clockTolerance: SKEW_S,
    });
  } catch {
    return null;
  }
}
