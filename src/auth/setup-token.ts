import { z } from 'zod';
import { SetupPlan } from '../domain/setup.ts';
import { readToken, signToken, type Signing } from './signed-token.ts';

// Who runs this gets a link by which the GitHub App can be created; a stranger gets none. The state that GitHub carries back bears the
// link's own id: so a link leads to one App, however often its page is opened.

const AUDIENCE = { link: 'github-setup-link', state: 'github-setup-state' } as const;
/** A person reads a page on GitHub meanwhile, and may have to sign in there. */
const LIFETIME_S = 30 * 60;

const Signed = z.object({ jti: z.uuid(), exp: z.number(), plan: SetupPlan });

export interface SetupVisit {
  plan: SetupPlan;
  once: { id: string; expiresAt: Date };
}

export function signSetupLink(signing: Signing, plan: SetupPlan): string {
  return signToken(signing, { plan }, { audience: AUDIENCE.link, lifetimeS: LIFETIME_S });
}

/** Null for what we did not sign, or not for this, or too long ago. */
export function readSetupLink(signing: Signing, token: string): SetupVisit | null {
  return read(signing, token, AUDIENCE.link);
}

export function signSetupState(signing: Signing, { plan, once }: SetupVisit): string {
  return signToken(signing, { plan }, { audience: AUDIENCE.state, lifetimeS: LIFETIME_S, id: once.id });
}

/** Null likewise. */
export function readSetupState(signing: Signing, token: string): SetupVisit | null {
  return read(signing, token, AUDIENCE.state);
}

function read(signing: Signing, token: string, audience: string): SetupVisit | null {
  const claims = Signed.safeParse(readToken(signing, token, { audience })).data;
  if (claims === undefined) return null;
  return { plan: claims.plan, once: { id: claims.jti, expiresAt: new Date(claims.exp * 1_000) } };
}
