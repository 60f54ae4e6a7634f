import { expect, test } from '@jest/globals';
import { type GitHubAccountId, GitHubAccountId as AccountId } from '../../src/domain/ids.ts';
import { MOST_ACCOUNTS } from '../../src/domain/people.ts';
import { describeBothDatabases } from '../support/database.ts';
import { anAsker } from './samples.ts';

const at = new Date('2026-11-28T12:00:00Z');
const later = (hours: number): Date => new Date(at.getTime() + hours * 3_600_000);
const until = later(24);
let lastId = 7_000_000;

function anAccount(login = 'octo-ada'): { id: GitHubAccountId; login: string } {
  return { id: AccountId.parse((lastId += 1)), login };
}

describeBothDatabases('GitHub accounts of a workspace', (open) => {
  const audit = async (workspaceId: string) =>
    await open().sql(
      'select actor, action, subject_id, details from audit_entries where workspace_id = $1 order by at',
      [workspaceId],
    );

  test('nobody is known of at first', async () => {
    const { stores } = open();
    const asker = anAsker();
    expect(await stores.accounts.find(asker.workspaceId, anAccount().id)).toBeNull();
    expect(await stores.accounts.ofPerson(asker)).toEqual([]);
  });

  test('a claim is kept with an audit entry, and of two at once one person has it', async () => {
    const { stores } = open();
    const one = anAsker();
    const other = { ...anAsker(), workspaceId: one.workspaceId };
    const account = anAccount();

    const results = await Promise.all(
      [one, other].map((asker) => stores.accounts.claim(asker, account, { at, until })),
    );

    expect(results.toSorted()).toEqual(['claimed', 'taken']);
    const winner = results[0] === 'claimed' ? one : other;
    expect(await stores.accounts.find(one.workspaceId, account.id)).toEqual({
      ...account,
      person: { userId: winner.userId, proof: 'claim', at },
      trustedUntil: until,
    });
    expect(await stores.accounts.claim(winner, account, { at: later(1), until })).toBe('unchanged');
    expect(await audit(one.workspaceId)).toEqual([
      { actor: winner.userId, action: 'claim-account', subject_id: `${account.id}`, details: { login: 'octo-ada' } },
    ]);
  });

  test('one workspace knows nothing of what another one does', async () => {
    const { stores } = open();
    const [one, other] = [anAsker(), anAsker()];
    const account = anAccount();
    await stores.accounts.claim(one, account, { at, until });

    expect(await stores.accounts.find(other.workspaceId, account.id)).toBeNull();
    expect(await stores.accounts.claim({ ...one, workspaceId: other.workspaceId }, account, { at, until })).toBe(
      'claimed',
    );
    expect(await stores.accounts.free(other, 'octo-ada', at)).toHaveLength(1);
    expect((await stores.accounts.find(one.workspaceId, account.id))?.person).not.toBeNull();
  });

  test('what was found is kept, and looked for again only once its time is over', async () => {
    const { stores } = open();
    const { workspaceId, userId } = anAsker();
    const account = anAccount();
    const personOf = async () => (await stores.accounts.find(workspaceId, account.id))?.person ?? null;

    await stores.accounts.keepFound(workspaceId, account, { userId: null, at, until });
    expect(await personOf()).toBeNull();
    await stores.accounts.keepFound(workspaceId, account, { userId, at: later(1), until: later(25) });
    expect(await personOf()).toBeNull();
    await stores.accounts.keepFound(workspaceId, account, { userId, at: later(24), until: later(48) });
    expect(await personOf()).toEqual({ userId, proof: 'email', at: later(24) });
    expect(await audit(workspaceId)).toEqual([]);
  });

  test('a claim is not undone by what is found afterwards, unless its own time is over', async () => {
    const { stores } = open();
    const asker = anAsker();
    const { workspaceId } = asker;
    const account = anAccount();
    await stores.accounts.claim(asker, account, { at, until });

    await stores.accounts.keepFound(workspaceId, account, { userId: null, at: later(1), until });
    expect((await stores.accounts.find(workspaceId, account.id))?.person?.proof).toBe('claim');
    await stores.accounts.trust(workspaceId, account.id, later(40));
    await stores.accounts.keepFound(workspaceId, account, { userId: null, at: later(30), until });
    expect((await stores.accounts.find(workspaceId, account.id))?.person?.proof).toBe('claim');
    await stores.accounts.distrust(asker, later(31));
    await stores.accounts.keepFound(workspaceId, account, { userId: null, at: later(32), until: later(60) });
    expect((await stores.accounts.find(workspaceId, account.id))?.person).toBeNull();
  });

  test('who ends their links is not looked for, until somebody claims the account', async () => {
    const { stores } = open();
    const asker = anAsker();
    const { workspaceId, userId } = asker;
    const [claimed, found] = [anAccount('a-one'), anAccount('b-two')];
    await stores.accounts.claim(asker, claimed, { at, until });
    await stores.accounts.keepFound(workspaceId, found, { userId, at, until });
    expect((await stores.accounts.ofPerson(asker)).map(({ login }) => login)).toEqual(['a-one', 'b-two']);

    expect((await stores.accounts.unlink(asker, later(1))).map(({ login }) => login).toSorted()).toEqual([
      'a-one',
      'b-two',
    ]);
    await stores.accounts.keepFound(workspaceId, found, { userId, at: later(100), until: later(200) });

    expect(await stores.accounts.ofPerson(asker)).toEqual([]);
    expect(await stores.accounts.find(workspaceId, found.id)).toEqual({ ...found, person: null, trustedUntil: null });
    expect(await stores.accounts.unlink(asker, later(2))).toEqual([]);
    expect(await stores.accounts.claim(asker, found, { at: later(3), until })).toBe('claimed');
    expect((await audit(workspaceId)).map(({ action }) => action)).toEqual([
      'claim-account',
      'unlink-account',
      'unlink-account',
      'claim-account',
    ]);
  });

  test('an admin frees an account by its name, in upper or lower case, and somebody else can have it', async () => {
    const { stores } = open();
    const asker = anAsker();
    const admin = { ...anAsker(), workspaceId: asker.workspaceId };
    const account = anAccount('Octo_Ada');
    await stores.accounts.claim(asker, account, { at, until });

    expect(await stores.accounts.free(admin, 'octo-ada', later(1))).toEqual([]);
    expect(await stores.accounts.free(admin, 'octo_ada', later(1))).toEqual([account]);
    expect(await stores.accounts.claim(admin, account, { at: later(2), until })).toBe('claimed');
    expect((await audit(asker.workspaceId)).map(({ actor, action }) => [actor, action])).toEqual([
      [asker.userId, 'claim-account'],
      [admin.userId, 'free-account'],
      [admin.userId, 'claim-account'],
    ]);
  });

  test('nobody has more than a few', async () => {
    const { stores } = open();
    const asker = anAsker();
    for (let count = 0; count < MOST_ACCOUNTS; count += 1) {
      expect(await stores.accounts.claim(asker, anAccount(`octo-${count}`), { at, until })).toBe('claimed');
    }
    expect(await stores.accounts.claim(asker, anAccount('one-more'), { at, until })).toBe('too-many');
  });
});
