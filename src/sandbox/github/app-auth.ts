import { randomBytes } from 'node:crypto';
import type { Request } from 'express';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import { ApiError } from './answers.ts';
import type { Installation } from './state.ts';
import type { World } from './world.ts';

/** GitHub's limits: an App JWT lives at most 10 minutes, an installation token one hour. */
const MAX_JWT_SECONDS = 600;
const TOKEN_LIFETIME_MS = 60 * 60 * 1000;
const CLOCK_SKEW_SECONDS = 60;

export interface InstallationToken {
  token: string;
  installation: Installation;
  permissions: Installation['permissions'];
  /** Null: all repositories of the installation. */
  repositoryIds: readonly number[] | null;
  expiresAt: Date;
}

/** Checks App JWTs, hands out installation tokens and checks those. */
export interface AppAuth {
  /** Throws 401 unless the request carries a good App JWT. */
  requireApp(request: Request): void;
  /** Throws 401 or 403 unless the request carries a live installation token. */
  requireInstallation(request: Request): InstallationToken;
  issue(
    installation: Installation,
    wanted: Pick<InstallationToken, 'permissions' | 'repositoryIds'>,
  ): InstallationToken;
  /** Makes every token given out so far invalid, as a suspension or a key change does. */
  revokeAll: () => void;
  /** Makes every token given out so far look an hour old. */
  expireAll: () => void;
}

const Claims = z.object({ iss: z.union([z.string(), z.number()]), iat: z.number(), exp: z.number() });

export function createAppAuth(world: World, { appId, publicKey }: { appId: number; publicKey: string }): AppAuth {
  const tokens = new Map<string, InstallationToken>();
  return {
    requireApp(request) {
      const claims = readJwt(bearer(request), publicKey);
      const now = Date.now() / 1000;
      if (String(claims.iss) !== String(appId)) throw new ApiError(401, "'Issuer' claim ('iss') must be the App's id");
      if (claims.iat > now + CLOCK_SKEW_SECONDS)
        throw new ApiError(
          401,
          "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
        );
      if (claims.exp > now + MAX_JWT_SECONDS + CLOCK_SKEW_SECONDS)
        throw new ApiError(401, "'Expiration time' claim ('exp') is too far in the future");
    },
    requireInstallation(request) {
      const found = tokens.get(bearer(request));
      if (!found || found.expiresAt <= new Date()) throw new ApiError(401, 'Bad credentials');
      if (found.installation.suspendedAt) throw new ApiError(403, 'This installation has been suspended');
      if (!world.installations.has(found.installation.id)) throw new ApiError(401, 'Bad credentials');
      return found;
    },
    issue(installation, { permissions, repositoryIds }) {
      const expiresAt = new Date(Date.now() + TOKEN_LIFETIME_MS);
      const issued = { token: newToken(appId), installation, permissions, repositoryIds, expiresAt };
      tokens.set(issued.token, issued);
      return issued;
    },
    revokeAll: () => tokens.clear(),
    expireAll() {
      for (const token of tokens.values()) token.expiresAt = new Date(0);
    },
  };
}

function bearer(request: Request): string {
  const [scheme = '', value = ''] = (request.headers.authorization ?? '').split(' ');
  if (!/^(?:bearer|token)$/iu.test(scheme) || value === '') throw new ApiError(401, 'Requires authentication');
  return value;
}

function readJwt(token: string, publicKey: string): z.infer<typeof Claims> {
  try {
    return Claims.parse(jwt.verify(token, publicKey, { algorithms: ['RS256'] }));
  } catch {
    throw new ApiError(401, 'A JSON web token could not be decoded');
  }
}

/** The format that GitHub rolls out since April 2026: the App's id and a JWT, about 520 characters, with dots and dashes. */
function newToken(appId: number): string {
  const part = (bytes: number): string => randomBytes(bytes).toString('base64url');
  return ['ghs', appId, [part(27), part(189), part(164)].join('.')].join('_');
}
