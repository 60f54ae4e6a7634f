import { randomUUID } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import { SubscriptionId, type WorkspaceId } from '../../domain/ids.ts';
import type { SubscriptionStore } from '../../domain/ports.ts';
import { parseRule } from '../../domain/rules/parse.ts';
import { printRule } from '../../domain/rules/print.ts';
import { isGroup, type Rule, targetName, targetsOf } from '../../domain/rules/rule.ts';
import type { Subscription as Value } from '../../domain/subscription.ts';
import { Subscription } from '../entities/subscription.ts';
import { groupsOf, knownGroups, withMembers } from '../groups.ts';
import { enqueueIn } from '../refresh.ts';
import { execute } from '../statements.ts';
import { storableText } from '../storable.ts';

const Id = z.object({ id: SubscriptionId });
const Change = z.object({ isThere: z.boolean(), isTaken: z.boolean() });

export function createSubscriptionStore(orm: SqlEntityManager): SubscriptionStore {
  return {
    async create({ workspaceId, userId }, channelId, rule) {
      const em = orm.fork();
      const { line, target } = columnsOf(rule);
      const parameters = [randomUUID(), workspaceId, channelId, line, target, userId];
      const created = await execute(em, Id, { text: CREATE, parameters });
      const row = await em.findOneOrFail(Subscription, { workspaceId, channelId, line });
      return { kind: created.length === 1 ? 'created' : 'existing', subscription: toSubscription(row, rule) };
    },
    async change({ workspaceId }, { channelId, id }, rule) {
      const { line, target } = columnsOf(rule);
      const place = [workspaceId, channelId, id];
      const parameters = [...place, workspaceId, channelId, line, id, line, target, ...place];
      const [outcome] = await execute(orm.fork(), Change, { text: CHANGE, parameters });
      if (outcome === undefined || !outcome.isThere) return 'gone';
      return outcome.isTaken ? 'taken' : 'changed';
    },
    async remove(workspaceId, { channelId, id }) {
      return (await orm.fork().nativeDelete(Subscription, { workspaceId, channelId, id })) === 1;
    },
    async inChannel(workspaceId, channelId) {
      const rows = await orm.fork().find(Subscription, { workspaceId, channelId }, { orderBy: { line: 'asc' } });
      return await withGroups(orm.fork(), workspaceId, rows.flatMap(readable));
    },
    async ofRepository(workspaceId, repository) {
      const em = orm.fork();
      const [own, ofOwner] = targetsOf(repository);
      const targets = [own, ofOwner, ...(await groupsOf(em, workspaceId, repository))];
      const isMeant = { $or: [{ target: { $in: targets } }, { target: null, line: own }] };
      const orderBy = { channelId: 'asc', line: 'asc' } as const;
      const rows = await em.find(Subscription, { workspaceId, ...isMeant }, { orderBy });
      return rows.flatMap(readable).map((each) => ({ ...each, rule: withMembers(each.rule, [repository]) }));
    },
    pause: (workspaceId, channelId, { reason, followUps }) =>
      orm.fork().transactional(async (em) => {
        const parameters = [storableText(reason), workspaceId, channelId];
        const paused = await execute(em, Id, { text: PAUSE, parameters });
        const jobIds = paused.length === 0 ? [] : await enqueueIn(em, followUps);
        return { paused: paused.map(({ id }) => id), jobIds };
      }),
  };
}

function columnsOf(rule: Rule): { line: string; target: string } {
  return { line: printRule(rule), target: targetName(rule.target) };
}

function readable(row: Subscription): Value[] {
  const parsed = parseRule(row.line);
  return parsed.kind === 'rule' ? [toSubscription(row, parsed.rule)] : [];
}

/** What is known of topics and teams belongs to rules about them, which fit nothing else. */
async function withGroups(em: SqlEntityManager, workspaceId: WorkspaceId, found: readonly Value[]): Promise<Value[]> {
  const known = await knownGroups(
    em,
    workspaceId,
    found.map(({ rule }) => rule),
  );
  return found.map((each) => {
    if (!isGroup(each.rule.target)) return each;
    const group = known.get(targetName(each.rule.target)) ?? null;
    return { ...each, rule: withMembers(each.rule, group?.repositories ?? []), group };
  });
}

function toSubscription({ id, channelId, createdBy, createdAt, pausedReason }: Subscription, rule: Rule): Value {
  return { id, channelId, rule, createdBy, createdAt, pausedReason };
}

/** Returns a row when it is new, or was paused. */
const CREATE = `
  insert into subscriptions (id, workspace_id, channel_id, repository, target, created_by) values (?, ?, ?, ?, ?, ?)
  on conflict (workspace_id, channel_id, repository) do update
    set paused_reason = null, created_by = excluded.created_by
    where subscriptions.paused_reason is not null
  returning id`;

/** Two at once that choose one rule: the second meets the unique index, and the person is asked to try again. */
const CHANGE = `
  with known as (
    select exists (select 1 from subscriptions where workspace_id = ? and channel_id = ? and id = ?) as "isThere",
      exists (
        select 1 from subscriptions where workspace_id = ? and channel_id = ? and repository = ? and id <> ?
      ) as "isTaken"
  ), changed as (
    update subscriptions set repository = ?, target = ?, paused_reason = null
    where workspace_id = ? and channel_id = ? and id = ? and not (select "isTaken" from known)
    returning id
  )
  select known."isThere", known."isTaken" from known left join changed on true`;

const PAUSE = `
  update subscriptions set paused_reason = ?
  where workspace_id = ? and channel_id = ? and paused_reason is null
  returning id`;
