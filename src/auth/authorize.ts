import type { Asker, MemberRole } from '../domain/member.ts';
import type { Ports } from '../domain/ports.ts';
import { allows, POLICY, type Action, type NeededRole } from './policy.ts';
import { roleOf } from './roles.ts';

type Deps = Pick<Ports, 'clock' | 'users' | 'directory'>;

export type AuthorizeOutcome =
  { kind: 'allowed'; role: MemberRole } | { kind: 'refused'; role: MemberRole; needs: NeededRole };

/** How long a role is taken on trust. A change in Slack is heard by event too, so this is the longest it can be late. */
export const ROLE_TTL_MS = 5 * 60_000;

/**
 * Whether this person may do this now. Throws what the stores and the directory throw: where the role is not known, nobody
 * is let through.
 */
export async function authorize(deps: Deps, asker: Asker, action: Action): Promise<AuthorizeOutcome> {
  const role = await currentRole(deps, asker);
  return allows(role, action) ? { kind: 'allowed', role } : { kind: 'refused', role, needs: POLICY[action] };
}

async function currentRole({ clock, users, directory }: Deps, asker: Asker): Promise<MemberRole> {
  const now = clock.now();
  const known = await users.findRole(asker);
  const ageMs = known === null ? Infinity : now.getTime() - known.checkedAt.getTime();
  // A check from the future means that a clock was wrong: ask again.
  if (known !== null && ageMs >= 0 && ageMs < ROLE_TTL_MS) return known.role;
  const role = roleOf(await directory.membership(asker));
  await users.saveRole(asker, role, now);
  return role;
}
