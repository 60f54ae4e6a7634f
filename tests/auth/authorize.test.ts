import { describe, expect, test } from '@jest/globals';
import { authorize, ROLE_TTL_MS } from '../../src/auth/authorize.ts';
import { allows, POLICY, type Action } from '../../src/auth/policy.ts';
import { roleOf } from '../../src/auth/roles.ts';
import { UserId, WorkspaceId } from '../../src/domain/ids.ts';
import { MEMBER_ROLES, type Asker, type MemberRole, type Membership } from '../../src/domain/member.ts';
import type { Directory } from '../../src/domain/ports.ts';
import { SlackUnavailableError } from '../../src/errors.ts';
import { aClock, memoryUsers } from '../support/memory-stores.ts';
import { MOMENT } from '../support/report-builders.ts';

const asker: Asker = { workspaceId: WorkspaceId.parse('T0ACME'), userId: UserId.parse('U0BEN') };

function aMembership(changes: Partial<Membership> = {}): Membership {
  return {
    userId: asker.userId,
    isAdmin: false,
    isGuest: false,
    isBot: false,
    isDeactivated: false,
    isStranger: false,
    ...changes,
  };
}

/** A directory that counts its questions. */
function aDirectory(answer: () => Promise<Membership | null>): Directory & { asked: number } {
  const directory = {
    asked: 0,
    membership: () => {
      directory.asked += 1;
      return answer();
    },
    timeZone: () => Promise.reject(new Error('Nothing here asks for a time zone')),
    admins: () => Promise.reject(new Error('Nothing here asks for the admins')),
    channel: () => Promise.reject(new Error('Nobody asks for a channel here')),
    workspace: () => Promise.reject(new Error('Nobody asks for the workspace here')),
    findByEmail: () => Promise.reject(new Error('Nobody asks for an address here')),
    userGroups: () => Promise.reject(new Error('Nobody asks for groups here')),
  };
  return directory;
}

function deps(answer: () => Promise<Membership | null>) {
  return { clock: aClock(MOMENT), users: memoryUsers(), directory: aDirectory(answer) };
}

describe('a role', () => {
  test.each<[string, Partial<Membership>, MemberRole]>([
    ['a full member', {}, 'member'],
    ['an owner or admin', { isAdmin: true }, 'admin'],
    ['a guest', { isGuest: true }, 'viewer'],
    ['a guest who is marked as admin', { isGuest: true, isAdmin: true }, 'viewer'],
    ['a stranger from a shared channel', { isStranger: true }, 'none'],
    ['a stranger who is admin at home', { isStranger: true, isAdmin: true }, 'none'],
    ['a bot', { isBot: true, isAdmin: true }, 'none'],
    ['a deactivated admin', { isDeactivated: true, isAdmin: true }, 'none'],
  ])('of %s', (_who, changes, role) => {
    expect(roleOf(aMembership(changes))).toBe(role);
  });

  test('of somebody whom Slack does not know is none', () => {
    expect(roleOf(null)).toBe('none');
  });
});

describe('the policy', () => {
  const EXPECTED: Record<Action, readonly MemberRole[]> = {
    'help.read': ['admin', 'member', 'viewer'],
    'self.read': ['admin', 'member', 'viewer'],
    'identity.claim': ['admin', 'member'],
    'identity.free': ['admin'],
    'home.read': ['admin', 'member'],
    'summary.read': ['admin', 'member', 'viewer'],
    'summary.request': ['admin', 'member'],
    'summary.reanalyze': ['admin', 'member'],
    'summary.judge': ['admin', 'member'],
    'failure.acknowledge': ['admin', 'member'],
    'failure.assign': ['admin', 'member'],
    'failure.snooze': ['admin', 'member'],
    'failure.mark-flaky': ['admin', 'member'],
    'failure.merge': ['admin', 'member'],
    'failure.create-issue': ['admin', 'member'],
    'run.rerun': ['admin'],
    'run.rerun-opened': ['admin', 'member'],
    'channel.mute': ['admin', 'member'],
    'subscription.read': ['admin', 'member', 'viewer'],
    'subscription.manage': ['admin', 'member'],
    'status.read': ['admin', 'member', 'viewer'],
    'doctor.read': ['member', 'admin'],
    'doctor.read-all': ['admin'],
    'usage.read': ['admin', 'member'],
    'settings.read': ['admin', 'member'],
    'settings.manage': ['admin'],
    'github.connect': ['admin'],
  };
  const actions: Action[] = Object.keys(POLICY).filter((name): name is Action => name in EXPECTED);
  const matrix = MEMBER_ROLES.flatMap((role) => actions.map((action) => [role, action] as const));

  test.each(matrix)('%s and %s', (role, action) => {
    expect(allows(role, action)).toBe(EXPECTED[action].includes(role));
  });

  test.each(matrix)('%s and %s, asked through the directory', async (role, action) => {
    const changes = { admin: { isAdmin: true }, member: {}, viewer: { isGuest: true }, none: { isStranger: true } }[
      role
    ];
    const outcome = await authorize(
      deps(async () => aMembership(changes)),
      asker,
      action,
    );
    const expected = EXPECTED[action].includes(role)
      ? { kind: 'allowed', role }
      : { kind: 'refused', role, needs: POLICY[action] };
    expect(outcome).toEqual(expected);
  });
});

describe('asking for a role', () => {
  test('takes the last answer for five minutes, then asks again', async () => {
    const parts = deps(async () => aMembership());
    await authorize(parts, asker, 'help.read');
    parts.clock.move(ROLE_TTL_MS - 1);
    await authorize(parts, asker, 'help.read');
    expect(parts.directory.asked).toBe(1);
    parts.clock.move(1);
    await authorize(parts, asker, 'help.read');
    expect(parts.directory.asked).toBe(2);
  });

  test('does not trust an answer from the future', async () => {
    const parts = deps(async () => aMembership({ isGuest: true }));
    await parts.users.saveRole(asker, 'admin', new Date(MOMENT.getTime() + 60_000));
    expect(await authorize(parts, asker, 'subscription.manage')).toMatchObject({ kind: 'refused' });
  });

  test('hears of a role that was taken away', async () => {
    let membership = aMembership();
    const parts = deps(async () => membership);
    expect(await authorize(parts, asker, 'summary.request')).toMatchObject({ kind: 'allowed' });
    membership = aMembership({ isDeactivated: true });
    await parts.users.forgetRole(asker);
    expect(await authorize(parts, asker, 'summary.request')).toMatchObject({ kind: 'refused', role: 'none' });
  });

  test('lets nobody through while Slack is away and the last answer is old', async () => {
    const parts = deps(() => Promise.reject(new SlackUnavailableError('away')));
    await parts.users.saveRole(asker, 'admin', new Date(MOMENT.getTime() - ROLE_TTL_MS));
    await expect(authorize(parts, asker, 'help.read')).rejects.toBeInstanceOf(SlackUnavailableError);
  });

  test('lets nobody through while roles cannot be looked up at all', async () => {
    const parts = deps(async () => aMembership({ isAdmin: true }));
    parts.users.findRole = () => Promise.reject(new Error('the database is away'));
    await expect(authorize(parts, asker, 'help.read')).rejects.toThrow('the database is away');
  });
});
