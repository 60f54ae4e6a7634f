import { expect, test } from '@jest/globals';
import { authorizeRerun } from '../../src/auth/rerun.ts';
import { RepositoryName, UserId, WorkspaceId } from '../../src/domain/ids.ts';
import type { MemberRole } from '../../src/domain/member.ts';
import type { Ports } from '../../src/domain/ports.ts';
import { OpenReruns } from '../../src/domain/reruns.ts';
import { aClock, memoryUsers, only } from '../support/memory-stores.ts';
import { MOMENT } from '../support/report-builders.ts';

const asker = { workspaceId: WorkspaceId.parse('T0ACME'), userId: UserId.parse('U0BEN') };
const repository = RepositoryName.parse('acme/web');

async function rightOf(role: MemberRole, open: string[], about: RepositoryName | null = repository) {
  const users = memoryUsers();
  await users.saveRole(asker, role, MOMENT);
  const settings = only<Ports['settings']>({ openReruns: async () => OpenReruns.parse(open) });
  const directory = only<Ports['directory']>({});
  return (await authorizeRerun({ clock: aClock(MOMENT), users, directory, settings }, asker, about)).kind;
}

test.each<[MemberRole, string[], string]>([
  ['admin', [], 'any'],
  ['admin', ['acme/web'], 'any'],
  ['member', [], 'refused'],
  ['member', ['acme/web'], 'limited'],
  ['member', ['acme/*'], 'limited'],
  ['member', ['acme/api', 'other/*', 'acme-labs/*'], 'refused'],
  ['viewer', ['acme/*'], 'refused'],
  ['none', ['acme/*'], 'refused'],
])('a person with the role %s, where %j is open, may run again: %s', async (role, open, expected) => {
  expect(await rightOf(role, open)).toBe(expected);
});

test('a failure that is not known is open to no member', async () => {
  expect(await rightOf('member', ['acme/*'], null)).toBe('refused');
});
