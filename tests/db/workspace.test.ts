import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createDatabase } from '../../src/db/database.ts';
import { UnreadableSecretError } from '../../src/db/encryption.ts';
import { describeBothDatabases, type TestDatabase } from '../support/database.ts';
import { aChannelId, anAsker, aRepository, aWorkspaceId } from './samples.ts';
import { aRule } from '../support/rules.ts';

/** Looks like a bot token; made at run time, so that no scanner takes the source for a leak. */
const aToken = (): string => ['xoxb', randomBytes(6).toString('hex'), randomBytes(12).toString('hex')].join('-');

const anInstall = (token = aToken()) => ({
  name: 'Acme',
  installation: { team: { id: 'T1', name: 'Acme' }, bot: { token, scopes: ['chat:write'], userId: 'U1' } },
});

async function subscribed({ stores }: TestDatabase, workspaceId = aWorkspaceId()) {
  const [channelId, archived, repository] = [aChannelId(), aChannelId(), aRepository()];
  await stores.workspaces.saveInstall(workspaceId, anInstall());
  await stores.subscriptions.create(anAsker(workspaceId), channelId, aRule(repository));
  await stores.subscriptions.create(anAsker(workspaceId), archived, aRule(repository));
  await stores.subscriptions.pause(workspaceId, archived, { reason: 'is_archived', followUps: [] });
  const reasons = async () => {
    const all = await stores.subscriptions.ofRepository(workspaceId, repository);
    return Object.fromEntries(all.map((each) => [each.channelId, each.pausedReason]));
  };
  return { workspaceId, channelId, archived, reasons };
}

describeBothDatabases('the workspace store', (open) => {
  test("Bolt's object comes back as it was saved, and a new install replaces it", async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    expect(await stores.workspaces.findInstall(workspaceId)).toBeNull();
    expect(await stores.workspaces.isActive(workspaceId)).toBe(false);
    await stores.workspaces.saveInstall(workspaceId, anInstall());
    const second = anInstall();
    await stores.workspaces.saveInstall(workspaceId, { ...second, name: null });

    expect(await stores.workspaces.findInstall(workspaceId)).toEqual({ ...second, name: null });
    expect(await stores.workspaces.isActive(workspaceId)).toBe(true);
    await stores.workspaces.removeInstall(workspaceId);
    expect(await stores.workspaces.findInstall(workspaceId)).toBeNull();
    expect(await stores.workspaces.isActive(workspaceId)).toBe(false);
  });

  test('a token stands nowhere in the database as it is', async () => {
    const { stores, sql } = open();
    const token = aToken();
    await stores.workspaces.saveInstall(aWorkspaceId(), anInstall(token));

    const tables = await sql(`select table_name as name from information_schema.tables where table_schema = 'public'`);
    const hex = Buffer.from(token).toString('hex');
    expect(tables.length).toBeGreaterThan(10);
    for (const { name } of tables) {
      const [row] = await sql(
        `select coalesce(string_agg(dumped::text, ' '), '') as dump from "${String(name)}" as dumped`,
      );
      expect(row?.['dump']).not.toContain(token);
      expect(row?.['dump']).not.toContain(hex);
    }
  });

  test("a token moved into another workspace's row cannot be read", async () => {
    const { stores, sql } = open();
    const [one, other] = [aWorkspaceId(), aWorkspaceId()];
    await stores.workspaces.saveInstall(one, anInstall());
    await stores.workspaces.saveInstall(other, anInstall());

    await sql(
      `update workspaces set sealed_install = (select sealed_install from workspaces where id = $1) where id = $2`,
      [one, other],
    );

    await expect(stores.workspaces.findInstall(other)).rejects.toThrow(UnreadableSecretError);
    expect(await stores.workspaces.findInstall(one)).not.toBeNull();
  });

  test('a changed byte, and another key, make a token unreadable', async () => {
    const { stores, sql, connection } = open();
    const workspaceId = aWorkspaceId();
    await stores.workspaces.saveInstall(workspaceId, anInstall());
    const elsewhere = createDatabase(connection, randomBytes(32));

    await expect(elsewhere.stores.workspaces.findInstall(workspaceId)).rejects.toThrow('TOKEN_ENCRYPTION_KEY');
    const flip =
      'update workspaces set sealed_install = set_byte(sealed_install, 40, 255 - get_byte(sealed_install, 40))';
    await sql(`${flip} where id = $1`, [workspaceId]);
    await expect(stores.workspaces.findInstall(workspaceId)).rejects.toThrow(UnreadableSecretError);
  });

  test('a revoked workspace loses its tokens, and its subscriptions are paused until the next install', async () => {
    const database = open();
    const { workspaces } = database.stores;
    const { workspaceId, channelId, archived, reasons } = await subscribed(database);
    await workspaces.markRevoked(workspaceId, 'token_revoked');
    await workspaces.markRevoked(workspaceId, 'account_inactive');

    expect(await workspaces.isActive(workspaceId)).toBe(false);
    expect(await workspaces.findInstall(workspaceId)).toBeNull();
    const [row] = await database.sql('select sealed_install from workspaces where id = $1', [workspaceId]);
    expect(row).toEqual({ sealed_install: null });
    expect(await reasons()).toEqual({ [channelId]: 'token_revoked', [archived]: 'is_archived' });

    await workspaces.saveInstall(workspaceId, anInstall());

    expect(await workspaces.isActive(workspaceId)).toBe(true);
    expect(await reasons()).toEqual({ [channelId]: null, [archived]: 'is_archived' });
  });

  test('revoking one workspace leaves the others alone', async () => {
    const database = open();
    const one = await subscribed(database);
    const other = await subscribed(database);
    await database.stores.workspaces.markRevoked(one.workspaceId, 'token_revoked');

    expect(await database.stores.workspaces.isActive(other.workspaceId)).toBe(true);
    expect(await other.reasons()).toMatchObject({ [other.channelId]: null });
  });
});
