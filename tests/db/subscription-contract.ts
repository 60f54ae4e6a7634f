import { expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { RepositoryName, SubscriptionId, UserGroupId } from '../../src/domain/ids.ts';
import type { SubscriptionStore } from '../../src/domain/ports.ts';
import { printRule } from '../../src/domain/rules/print.ts';
import { aRule } from '../support/rules.ts';
import { aChannelId, aRepository, anAsker } from './samples.ts';

/** What every store of subscriptions keeps to. */
export function testSubscriptionStore(open: () => SubscriptionStore): void {
  test('a channel has several rules, each line once', async () => {
    const store = open();
    const asker = anAsker();
    const { workspaceId } = asker;
    const [channelId, repository] = [aChannelId(), aRepository()];
    const usual = await store.create(asker, channelId, aRule(repository));
    const main = await store.create(asker, channelId, aRule(`${repository} on:failure branch:main,dev -actor:*[bot]`));
    const again = await store.create(asker, channelId, aRule(`${repository} -actor:*[bot] branch:dev,main on:failure`));

    expect([usual.kind, main.kind, again.kind]).toEqual(['created', 'created', 'existing']);
    expect(again.subscription).toEqual(main.subscription);
    expect(await store.inChannel(workspaceId, channelId)).toEqual([usual.subscription, main.subscription]);
  });

  test('a rule is found for its repository, and one of an owner for each of that owner', async () => {
    const store = open();
    const asker = anAsker();
    const { workspaceId } = asker;
    const channelId = aChannelId();
    const owner = `o${randomUUID().slice(0, 8)}`;
    for (const line of [`${owner}/web branch:main`, `${owner}/*`, `${owner}/api`, `${owner}x/*`, `x${owner}/*`]) {
      await store.create(asker, channelId, aRule(line));
    }

    const found = await store.ofRepository(workspaceId, RepositoryName.parse(`${owner}/web`));

    const lines = found.map(({ rule }) => printRule(rule)).toSorted();
    expect(lines).toEqual([`${owner}/*`, `${owner}/web branch:main`]);
  });

  test('a rule is changed in its place, unless it is gone or the channel has that one already', async () => {
    const store = open();
    const asker = anAsker();
    const { workspaceId } = asker;
    const [channelId, repository] = [aChannelId(), aRepository()];
    const { subscription: first } = await store.create(asker, channelId, aRule(repository));
    await store.create(asker, channelId, aRule(`${repository} branch:main`));
    await store.pause(workspaceId, channelId, { reason: 'is_archived', followUps: [] });
    const place = { channelId, id: first.id };

    expect(await store.change(asker, place, aRule(`${repository} branch:main`))).toBe('taken');
    expect(await store.change(asker, place, aRule('acme/* on:failure'))).toBe('changed');
    expect(await store.change(asker, place, aRule('acme/* on:failure'))).toBe('changed');
    expect(await store.change(asker, { ...place, channelId: aChannelId() }, aRule(repository))).toBe('gone');
    const stranger = { channelId, id: SubscriptionId.parse(randomUUID()) };
    expect(await store.change(asker, stranger, aRule('acme/web'))).toBe('gone');

    const changed = (await store.inChannel(workspaceId, channelId)).find(({ id }) => id === first.id);
    expect(changed).toEqual({ ...first, rule: aRule('acme/* on:failure'), pausedReason: null });
    const found = await store.ofRepository(workspaceId, RepositoryName.parse('acme/other'));
    expect(found.map(({ id }) => id)).toContain(first.id);
  });

  test('a rule keeps which group a handle means, and what that is now where it is written once more', async () => {
    const store = open();
    const asker = anAsker();
    const { workspaceId } = asker;
    const [channelId, repository] = [aChannelId(), aRepository()];
    const calling = (id: string) => {
      const rule = aRule(`${repository} mention:author,@oncall`);
      const group = { kind: 'group', handle: 'oncall', id: UserGroupId.parse(id) } as const;
      return { ...rule, mentions: [...rule.mentions.filter(({ kind }) => kind !== 'group'), group] };
    };
    const kept = async () => (await store.inChannel(workspaceId, channelId)).map(({ rule }) => rule);

    const { subscription } = await store.create(asker, channelId, calling('S0ONE'));
    expect(await kept()).toEqual([calling('S0ONE')]);
    expect((await store.create(asker, channelId, calling('S0TWO'))).kind).toBe('existing');
    expect(await kept()).toEqual([calling('S0TWO')]);
    const place = { channelId, id: subscription.id };
    expect(await store.change(asker, place, calling('S0THREE'))).toBe('changed');
    expect(await kept()).toEqual([calling('S0THREE')]);
    expect(await store.change(asker, place, aRule(`${repository} branch:main`))).toBe('changed');
    expect(await kept()).toEqual([aRule(`${repository} branch:main`)]);
  });

  test('a rule is removed in its own channel only, once', async () => {
    const store = open();
    const asker = anAsker();
    const { workspaceId } = asker;
    const [channelId, repository] = [aChannelId(), aRepository()];
    const { subscription } = await store.create(asker, channelId, aRule(repository));
    const other = await store.create(asker, channelId, aRule(`${repository} branch:main`));
    const place = { channelId, id: subscription.id };

    expect(await store.remove(workspaceId, { ...place, channelId: aChannelId() })).toBe(false);
    expect(await store.remove(workspaceId, place)).toBe(true);
    expect(await store.remove(workspaceId, place)).toBe(false);
    expect(await store.inChannel(workspaceId, channelId)).toEqual([other.subscription]);
  });
}
