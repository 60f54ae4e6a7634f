import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import { ChannelId, type InstallationId, RepositoryName, type WorkspaceId } from '../../domain/ids.ts';
import { type AffectedChannel, SIGHT_PAUSES, type SightChange, type SightStore } from '../../domain/sight.ts';
import { targetsOf } from '../../domain/rules/rule.ts';
import { Installation } from '../entities/installation.ts';
import { enqueueIn } from '../refresh.ts';
import { renameOwner, renameRepository } from '../rename-repository.ts';
import { execute } from '../statements.ts';

const Affected = z.object({ channelId: ChannelId, target: z.string() });
type Affected = z.infer<typeof Affected>;

export function createSightStore(orm: SqlEntityManager): SightStore {
  return {
    follow: (workspaceId, installationId, change, followUps) =>
      orm.fork().transactional(async (em) => {
        const affected = await follow(em, { workspaceId, installationId }, change);
        return await enqueueIn(em, followUps(byChannel(affected)));
      }),
  };
}

interface Place {
  workspaceId: WorkspaceId;
  installationId: InstallationId;
}

/** Rules that were paused or woken up, or that name what changed. */
async function follow(em: SqlEntityManager, place: Place, change: SightChange): Promise<Affected[]> {
  const { workspaceId } = place;
  switch (change.kind) {
    case 'suspended':
      return await pause(em, workspaceId, { account: change.account, reason: SIGHT_PAUSES.suspended });
    case 'uninstalled': {
      await em.nativeDelete(Installation, place);
      return await pause(em, workspaceId, { account: change.account, reason: SIGHT_PAUSES.uninstalled });
    }
    case 'unsuspended':
      return await wake(em, workspaceId, { account: change.account, reasons: [SIGHT_PAUSES.suspended] });
    case 'reconnected':
      return await wake(em, workspaceId, { account: change.account, reasons: [SIGHT_PAUSES.uninstalled] });
    case 'out-of-sight': {
      const reason = SIGHT_PAUSES['out-of-sight'];
      return await pause(em, workspaceId, { repositories: change.repositories, reason });
    }
    case 'in-sight':
      return await wake(em, workspaceId, {
        repositories: change.repositories,
        reasons: [SIGHT_PAUSES['out-of-sight'], SIGHT_PAUSES.deleted],
      });
    case 'deleted':
      return await pause(em, workspaceId, { repositories: [change.repository], reason: SIGHT_PAUSES.deleted });
    case 'renamed': {
      await renameRepository(em, workspaceId, change);
      const which = { repositories: [change.repository], reasons: [SIGHT_PAUSES['out-of-sight']] };
      await wake(em, workspaceId, which);
      return await naming(em, workspaceId, { repositories: [change.repository] });
    }
    case 'account-renamed':
      await renameOwner(em, workspaceId, { from: change.from, to: change.account });
      return await naming(em, workspaceId, { account: change.account });
    case 'default-branch':
      await execute(em, z.unknown(), {
        text: 'update repos set default_branch = ? where workspace_id = ? and name = ? returning 1',
        parameters: [change.to, workspaceId, change.repository],
      });
      return await naming(em, workspaceId, { repositories: [change.repository] });
    case 'archived':
    case 'unarchived':
    case 'publicized':
      return await naming(em, workspaceId, { repositories: [change.repository] });
    case 'privatized':
      return await reaching(em, workspaceId, change.repository);
    default:
      return change satisfies never;
  }
}

type Which = { account: string } | { repositories: readonly RepositoryName[] };

/** A rule about one repository or all of an owner; a row of an earlier version has its line for a target. */
function conditionOf(which: Which): { rules: string; files: string; parameters: string[] } {
  if ('repositories' in which) {
    const marks = which.repositories.map(() => '?').join(', ');
    return {
      rules: `coalesce(target, repository) in (${marks})`,
      files: `repository in (${marks})`,
      parameters: [...which.repositories],
    };
  }
  // An owner's name holds neither `%` nor a backslash, but may hold `_`.
  const prefix = `${which.account.replaceAll('_', String.raw`\_`)}/%`;
  return {
    rules: `coalesce(target, repository) like ?`,
    files: 'repository like ?',
    parameters: [prefix],
  };
}

async function pause(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  { reason, ...which }: Which & { reason: string },
): Promise<Affected[]> {
  const { rules, files, parameters } = conditionOf(which);
  const values = [reason, workspaceId, ...parameters];
  return await execute(em, Affected, {
    text: `
      with typed as (
        update subscriptions set paused_reason = ? where workspace_id = ? and paused_reason is null and ${rules}
        returning channel_id, coalesce(target, repository) as target
      ), filed as (
        update rule_files set paused_reason = ? where workspace_id = ? and paused_reason is null and ${files}
        returning channel_id, repository as target
      )
      select channel_id as "channelId", target from typed union select channel_id, target from filed order by 1, 2`,
    parameters: [...values, ...values],
  });
}

async function wake(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  { reasons, ...which }: Which & { reasons: readonly string[] },
): Promise<Affected[]> {
  const { rules, files, parameters } = conditionOf(which);
  const marks = reasons.map(() => '?').join(', ');
  const values = [workspaceId, ...reasons, ...parameters];
  return await execute(em, Affected, {
    text: `
      with typed as (
        update subscriptions set paused_reason = null where workspace_id = ? and paused_reason in (${marks}) and ${rules}
        returning channel_id, coalesce(target, repository) as target
      ), filed as (
        update rule_files set paused_reason = null where workspace_id = ? and paused_reason in (${marks}) and ${files}
        returning channel_id, repository as target
      )
      select channel_id as "channelId", target from typed union select channel_id, target from filed order by 1, 2`,
    parameters: [...values, ...values],
  });
}

/** Channels with an active rule that names what is meant, in itself or by a file. */
async function naming(em: SqlEntityManager, workspaceId: WorkspaceId, which: Which): Promise<Affected[]> {
  const { rules, files, parameters } = conditionOf(which);
  const values = [workspaceId, ...parameters];
  return await execute(em, Affected, {
    text: `
      select channel_id as "channelId", coalesce(target, repository) as target from subscriptions
      where workspace_id = ? and paused_reason is null and ${rules}
      union
      select channel_id, repository from rule_files where workspace_id = ? and paused_reason is null and ${files}
      order by 1, 2`,
    parameters: [...values, ...values],
  });
}

/** Channels that hear of the repository by whatever active rule: about itself, its owner, or a group that it belongs to. */
async function reaching(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  repository: RepositoryName,
): Promise<Affected[]> {
  const [own, ofOwner] = targetsOf(repository);
  return await execute(em, Affected, {
    text: `
      select channel_id as "channelId", coalesce(target, repository) as target from subscriptions
      where workspace_id = ? and paused_reason is null and (
        coalesce(target, repository) in (?, ?)
        or exists (
          select 1 from repository_groups as known
          where known.workspace_id = subscriptions.workspace_id and known.name = subscriptions.target
            and known.repositories @> to_jsonb(?::text)
        )
      )
      union
      select channel_id, repository from rule_files where workspace_id = ? and paused_reason is null and repository = ?
      order by 1, 2`,
    parameters: [workspaceId, own, ofOwner, own, workspaceId, own],
  });
}

function byChannel(rows: readonly Affected[]): AffectedChannel[] {
  const channels = new Map<ChannelId, RepositoryName[]>();
  for (const { channelId, target } of rows) {
    const name = RepositoryName.safeParse(target);
    channels.set(channelId, [...(channels.get(channelId) ?? []), ...(name.success ? [name.data] : [])]);
  }
  return [...channels].map(([channelId, repositories]) => ({ channelId, repositories: [...new Set(repositories)] }));
}
