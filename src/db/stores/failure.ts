import type { SqlEntityManager } from '@mikro-orm/sql';
import type { History } from '../../domain/failure.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { FailureStore } from '../../domain/ports.ts';
import type { Run } from '../../domain/run.ts';
import { findBeginning, findSameCommit } from '../beginnings.ts';
import { Failure } from '../entities/failure.ts';
import { Thread } from '../entities/thread.ts';
import { findFlakyMark } from '../handling.ts';
import { holdLease } from '../lease.ts';
import { lockFailures } from '../locks.ts';
import { findMergedCause } from '../merged.ts';
import { enqueueIn } from '../refresh.ts';
import { resolveFailure } from '../sightings.ts';
import { findSimilar } from '../similar.ts';
import { storableText } from '../storable.ts';
import { findSucceeded, findSuccessor } from '../successors.ts';
import { touchRoundupsOf } from '../touch-roundups.ts';
import { toFailure, toThread } from '../values.ts';

const FLAKY_DAYS = 14;

export function createFailureStore(orm: SqlEntityManager): FailureStore {
  return {
    async find(workspaceId, id) {
      const row = await orm.fork().findOne(Failure, { workspaceId, id });
      return row && toFailure(row);
    },
    history: (workspaceId, run, fingerprint) =>
      history(orm.fork(), run, { workspaceId, fingerprint: storableText(fingerprint) }),
    beginning: (workspaceId, run, fingerprint) =>
      findBeginning(orm.fork(), run, {
        workspaceId,
        repository: run.repository,
        fingerprint: storableText(fingerprint),
      }),
    similar: (workspaceId, failure, place) => findSimilar(orm.fork(), workspaceId, { failure, place }),
    successor: (workspaceId, failure) => findSuccessor(orm.fork(), workspaceId, failure),
    async ofBranch(workspaceId, { repository, branch }, limit) {
      const where = {
        workspaceId,
        repository,
        branch: storableText(branch),
        status: { $in: ['open', 'resolved'] },
      } as const;
      const orderBy = { status: 'asc', lastAt: 'desc', id: 'asc' } as const;
      return (await orm.fork().find(Failure, where, { orderBy, limit })).map(toFailure);
    },
    succeeded: (workspaceId, run, by) => findSucceeded(orm.fork(), workspaceId, { run, by }),
    resolve: (workspaceId, lease, run, followUps) =>
      orm.fork().transactional(async (em) => {
        await holdLease(em, lease);
        await lockFailures(em, workspaceId, run);
        const failures = await openBefore(em, workspaceId, run);
        for (const failure of failures) resolveFailure(failure, run);
        await em.flush();
        const threads = await em.find(Thread, { workspaceId, failure: { $in: failures } });
        const resolved = failures.map((failure) => ({
          failure: toFailure(failure),
          threads: threads.filter((thread) => thread.failure === failure).map(toThread),
        }));
        const listed = await touchRoundupsOf(
          em,
          workspaceId,
          failures.map(({ id }) => id),
        );
        return [...(await enqueueIn(em, followUps(resolved))), ...listed];
      }),
  };
}

async function openBefore(em: SqlEntityManager, workspaceId: WorkspaceId, run: Run): Promise<Failure[]> {
  return await em.find(
    Failure,
    {
      workspaceId,
      repository: run.repository,
      branch: storableText(run.branch),
      workflow: storableText(run.workflow),
      status: 'open',
      $or: [{ lastRunNumber: { $lt: run.number } }, { lastRunNumber: run.number, lastAttempt: { $lte: run.attempt } }],
    },
    { orderBy: { firstAt: 'asc', id: 'asc' } },
  );
}

interface Kind {
  workspaceId: WorkspaceId;
  fingerprint: string;
}

async function history(em: SqlEntityManager, run: Run, kind: Kind): Promise<History> {
  const same = { ...kind, repository: run.repository };
  const since = new Date(run.updatedAt.getTime() - FLAKY_DAYS * 86_400_000);
  const branch = storableText(run.branch);
  const newestFirst = { orderBy: { resolvedAt: 'desc', id: 'asc' } } as const;
  const openOnBranch = await em.findOne(Failure, { ...same, branch, status: 'open', ...startedBefore(run) }, LATEST);
  const base = { ...same, branch: storableText(run.defaultBranch), status: 'open' } as const;
  const openOnBase = run.branch === run.defaultBranch ? null : await em.findOne(Failure, base, LATEST);
  const flaky = { ...same, resolutionKind: 'passed-on-rerun', resolvedAt: { $gte: since } } as const;
  const flakyWitness = await em.findOne(Failure, flaky, newestFirst);
  const lastResolved = await em.findOne(Failure, { ...same, status: 'resolved' }, newestFirst);
  const known = openOnBranch ?? (await mergedOnBranch(em, run, kind));
  return {
    openOnBranch: known && toFailure(known),
    openOnBase: openOnBase && toFailure(openOnBase),
    flakyWitness: flakyWitness && toFailure(flakyWitness),
    lastResolved: lastResolved && toFailure(lastResolved),
    sameCommit: await findSameCommit(em, kind.workspaceId, run),
    flakyMark: await findFlakyMark(em, kind.workspaceId, { ...kind, repository: run.repository, at: new Date() }),
  };
}

/** A cause that goes on as another one is not new. */
async function mergedOnBranch(em: SqlEntityManager, run: Run, kind: Kind): Promise<Failure | null> {
  const { repository } = run;
  const merged = await findMergedCause(em, { ...kind, repository, branch: storableText(run.branch) });
  const { failure } = merged ?? { failure: null };
  const isOwn = failure?.firstRunId === run.runId && failure.firstAttempt >= run.attempt;
  return isOwn ? null : failure;
}

const LATEST = { orderBy: { lastAt: 'desc', id: 'asc' } } as const;

/** Run numbers tell the order within a workflow; between two workflows only the time does. */
function startedBefore(run: Run) {
  const workflow = storableText(run.workflow);
  return {
    $or: [
      { workflow, firstRunNumber: { $lt: run.number } },
      { workflow, firstRunNumber: run.number, firstAttempt: { $lt: run.attempt } },
      { workflow: { $ne: workflow }, firstAt: { $lt: run.startedAt } },
    ],
  };
}
