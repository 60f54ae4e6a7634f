import { describe, expect, test } from '@jest/globals';
import { GroupName } from '../../src/domain/groups.ts';
import type { RepositoryName, WorkspaceId } from '../../src/domain/ids.ts';
import { printRule } from '../../src/domain/rules/print.ts';
import { describeBothDatabases, describeDatabase } from '../support/database.ts';
import { aJob, aChannelId, anAsker, anInstallationId, aRepository, aWorkspaceId } from './samples.ts';
import { memorySubscriptions } from '../support/memory-stores.ts';
import { aRule, withMembers } from '../support/rules.ts';
import { testSubscriptionStore } from './subscription-contract.ts';

describe('subscriptions in memory', () => {
  const store = memorySubscriptions();
  testSubscriptionStore(() => store);
});

describeBothDatabases('subscriptions, installations and users', (open) => {
  testSubscriptionStore(() => open().stores.subscriptions);

  test('a row of an earlier version means its repository, and what cannot be read is left out', async () => {
    const { stores, sql } = open();
    const { workspaceId, userId } = anAsker();
    const [channelId, repository] = [aChannelId(), aRepository()];
    for (const line of [repository, `${repository} of:tomorrow`]) {
      await sql(
        `insert into subscriptions (id, workspace_id, channel_id, repository, created_by)
         values (gen_random_uuid(), '${workspaceId}', '${channelId}', '${line}', '${userId}')`,
      );
    }

    const found = await stores.subscriptions.ofRepository(workspaceId, repository);

    expect(found.map(({ rule }) => rule)).toEqual([aRule(repository)]);
    expect(await stores.subscriptions.inChannel(workspaceId, channelId)).toEqual(found);
  });

  test('a rule about a topic or a team is found for the repositories that are known to belong to it', async () => {
    const { stores } = open();
    const asker = anAsker();
    const { workspaceId } = asker;
    const [channelId, web, api] = [aChannelId(), aRepository(), aRepository()];
    const [topic, team] = [GroupName.parse('topic:pay'), GroupName.parse('team:acme/core')];
    await stores.subscriptions.create(asker, channelId, aRule(`${topic} branch:main`));
    await stores.subscriptions.create(asker, channelId, aRule(team));
    const linesOf = async (repository: RepositoryName) =>
      (await stores.subscriptions.ofRepository(workspaceId, repository)).map(({ rule }) => printRule(rule));

    expect(await linesOf(web)).toEqual([]);
    expect(await stores.subscriptions.inChannel(workspaceId, channelId)).toMatchObject([
      { group: null, rule: { target: { repositories: [] } } },
      { group: null, rule: { target: { repositories: [] } } },
    ]);
    await stores.groups.save(workspaceId, topic, { repositories: [web], isCut: false });
    await stores.groups.save(workspaceId, team, { repositories: [web, api], isCut: true });
    await stores.groups.save(aWorkspaceId(), topic, { repositories: [api], isCut: false });

    expect(await linesOf(web)).toEqual(['team:acme/core', 'topic:pay branch:main']);
    expect(await linesOf(api)).toEqual(['team:acme/core']);
    const [found] = await stores.subscriptions.ofRepository(workspaceId, api);
    expect(found?.rule).toEqual(withMembers(aRule(team), [api]));
    await stores.groups.saveProblem(workspaceId, team, 'hidden');
    expect(await stores.subscriptions.inChannel(workspaceId, channelId)).toMatchObject([
      { group: { problem: 'hidden', isCut: true }, rule: { target: { repositories: [web, api] } } },
      { group: { problem: null, isCut: false }, rule: { target: { repositories: [web] } } },
    ]);
  });

  test('what a delivery says of topics changes the topics that are known, in that workspace', async () => {
    const { stores, sql } = open();
    const [workspaceId, other] = [aWorkspaceId(), aWorkspaceId()];
    const [web, api] = [aRepository(), aRepository()];
    const [pay, infra, team] = ['topic:pay', 'topic:infra', 'team:acme/core'].map((name) => GroupName.parse(name));
    if (!pay || !infra || !team) throw new Error('No names');
    for (const workspace of [workspaceId, other]) {
      await stores.groups.save(workspace, pay, { repositories: [api], isCut: false });
      await stores.groups.save(workspace, infra, { repositories: [web], isCut: false });
      await stores.groups.save(workspace, team, { repositories: [web], isCut: false });
    }

    await stores.groups.setTopics(workspaceId, web, ['pay', 'unknown']);
    await stores.groups.setTopics(workspaceId, web, ['pay', 'unknown']);

    const membersIn = async (workspace: WorkspaceId) =>
      await sql(`select name, repositories from repository_groups where workspace_id = '${workspace}' order by name`);
    expect(await membersIn(workspaceId)).toEqual([
      { name: team, repositories: [web] },
      { name: infra, repositories: [] },
      { name: pay, repositories: [api, web] },
    ]);
    expect(await membersIn(other)).toEqual([
      { name: team, repositories: [web] },
      { name: infra, repositories: [web] },
      { name: pay, repositories: [api] },
    ]);
  });

  test('a group is stale that was not asked for in time, and is forgotten once no rule is about it', async () => {
    const { stores, sql } = open();
    const asker = anAsker();
    const { workspaceId } = asker;
    const channelId = aChannelId();
    const name = GroupName.parse('topic:stale');
    const { subscription } = await stores.subscriptions.create(asker, channelId, aRule('topic:stale'));
    const staleAfter = async (olderThanMs: number) =>
      (await stores.groups.stale(workspaceId, { olderThanMs, limit: 10 })).map((each) => each.name);

    expect(await staleAfter(60_000)).toEqual([name]);
    await stores.groups.save(workspaceId, name, { repositories: [], isCut: false });
    expect(await staleAfter(60_000)).toEqual([]);
    expect(await staleAfter(0)).toEqual([name]);
    await sql(`update repository_groups set asked_at = now() - interval '2 days' where name = 'topic:stale'`);
    expect(await stores.groups.stale(null, { olderThanMs: 60_000, limit: 10 })).toContainEqual({ workspaceId, name });
    await stores.groups.prune();
    expect(await sql(`select 1 as there from repository_groups where name = 'topic:stale'`)).toHaveLength(1);
    await stores.subscriptions.remove(workspaceId, { channelId, id: subscription.id });
    await stores.groups.prune();
    expect(await sql(`select 1 as there from repository_groups where name = 'topic:stale'`)).toEqual([]);
  });

  test('a subscription is created once and found by channel and by repository', async () => {
    const { stores } = open();
    const asker = anAsker();
    const { workspaceId, userId } = asker;
    const [channelId, repository] = [aChannelId(), aRepository()];

    const created = await stores.subscriptions.create(asker, channelId, aRule(repository));

    expect(created).toMatchObject({
      kind: 'created',
      subscription: { channelId, rule: aRule(repository), createdBy: userId, pausedReason: null },
    });
    const { subscription } = created;
    expect(await stores.subscriptions.create(anAsker(workspaceId), channelId, aRule(repository))).toEqual({
      kind: 'existing',
      subscription,
    });
    expect(await stores.subscriptions.inChannel(workspaceId, channelId)).toEqual([subscription]);
    expect(await stores.subscriptions.ofRepository(workspaceId, repository)).toEqual([subscription]);
    expect(await stores.subscriptions.remove(workspaceId, { channelId, id: subscription.id })).toBe(true);
    expect(await stores.subscriptions.remove(workspaceId, { channelId, id: subscription.id })).toBe(false);
    expect(await stores.subscriptions.inChannel(workspaceId, channelId)).toEqual([]);
  });

  test('a paused channel keeps its first reason, and subscribing again wakes it up', async () => {
    const { stores } = open();
    const asker = anAsker();
    const { workspaceId } = asker;
    const [channelId, repository] = [aChannelId(), aRepository()];
    const { subscription } = await stores.subscriptions.create(asker, channelId, aRule(repository));

    const pause = (reason: string) =>
      stores.subscriptions.pause(workspaceId, channelId, { reason, followUps: [aJob()] });
    expect(await pause('is_archived')).toEqual({ paused: [subscription.id], jobIds: [expect.any(String)] });
    expect(await pause('not_in_channel')).toEqual({ paused: [], jobIds: [] });
    expect(await stores.subscriptions.inChannel(workspaceId, channelId)).toEqual([
      { ...subscription, pausedReason: 'is_archived' },
    ]);
    expect(await stores.subscriptions.create(asker, channelId, aRule(repository))).toEqual({
      kind: 'created',
      subscription,
    });
  });

  test('an installation is linked to every workspace that proved its right to it', async () => {
    const { stores } = open();
    const installationId = anInstallationId();
    const [one, other] = [aWorkspaceId(), aWorkspaceId()];
    await stores.installations.link(one, installationId);
    await stores.installations.link(one, installationId);
    await stores.installations.link(other, installationId);

    expect(await stores.installations.workspacesOf(installationId)).toEqual([one, other].toSorted());
    expect(await stores.installations.workspacesOf(anInstallationId())).toEqual([]);
    expect(await stores.installations.isLinked(one, installationId)).toBe(true);
    expect(await stores.installations.isLinked(aWorkspaceId(), installationId)).toBe(false);
  });

  test('a role is remembered with its age, replaced and forgotten', async () => {
    const { stores } = open();
    const asker = anAsker();
    const checkedAt = new Date('2026-11-22T10:00:00.123Z');
    expect(await stores.users.findRole(asker)).toBeNull();
    await stores.users.saveRole(asker, 'viewer', new Date(0));
    await stores.users.saveRole(asker, 'admin', checkedAt);

    expect(await stores.users.findRole(asker)).toEqual({ role: 'admin', checkedAt });
    await stores.users.forgetRole(asker);
    await stores.users.forgetRole(asker);
    expect(await stores.users.findRole(asker)).toBeNull();
  });
});

describeDatabase('subscriptions, installations and users', 'PostgreSQL', (open) => {
  test('many people who subscribe one channel at once make one subscription', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const [channelId, repository] = [aChannelId(), aRepository()];

    const results = await Promise.all(
      Array.from({ length: 10 }, () => stores.subscriptions.create(anAsker(workspaceId), channelId, aRule(repository))),
    );

    expect(results.filter(({ kind }) => kind === 'created')).toHaveLength(1);
    expect(new Set(results.map(({ subscription }) => subscription.id)).size).toBe(1);
  });
});
