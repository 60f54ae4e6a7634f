import type { Redactor } from '../analysis/redact.ts';
import { findOwned, findSuspects, type OwnersOf } from '../analysis/suspects.ts';
import { untilAborted } from '../analysis/until-aborted.ts';
import { isReported } from '../domain/ci.ts';
import { type CodeOwner, ownerName, ownersOfPath } from '../domain/code-owners.ts';
import type { Facts } from '../domain/diagnosis.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import { type Beginning, MOST_OWNERS, type Origin } from '../domain/origin.ts';
import type { Run } from '../domain/run.ts';
import type { JobContext } from './job.ts';

/** It helps, and nobody waits for it much longer than for the log. */
const WITHIN_MS = 5_000;

type Deps = Pick<JobContext, 'failures' | 'runChanges' | 'codeOwners' | 'log' | 'signal'>;

interface Search {
  workspaceId: WorkspaceId;
  run: Run;
  fingerprint: string;
  facts: Facts;
  redactor: Redactor;
}

/** Where a failure began, and who may have brought it. What GitHub does not tell within a few seconds is left out. */
export async function findOrigin(deps: Deps, search: Search, withinMs = WITHIN_MS): Promise<Origin> {
  const { workspaceId, run, fingerprint, redactor } = search;
  const beginning = await deps.failures.beginning(workspaceId, run, fingerprint);
  const { firstBad, lastGood, otherBranches } = beginning;
  const ownersOf = await findOwners(deps, search, withinMs);
  const found = await findChanges(deps, search, { beginning, ownersOf, withinMs });
  const owned = findOwned(search.facts, ownersOf);
  const { headSha: sha, title, actor, number: runNumber, url } = firstBad;
  const words = redactor.text;
  return {
    firstBad: { sha, title: words(title), actor: words(actor), runNumber, url },
    lastGood: lastGood && { sha: lastGood.headSha, runNumber: lastGood.number, url: lastGood.url },
    commits: found?.total ?? null,
    suspects: (found?.suspects ?? []).map((each) => ({
      sha: each.sha,
      title: words(each.title),
      actor: words(each.actor),
      reason: words(each.reason),
      ...(each.owners && { owners: each.owners.map(words) }),
    })),
    ...(owned && { owned: { path: words(owned.path), owners: owned.owners.map(words) } }),
    otherBranches: otherBranches.map(words),
  };
}

/** By the CODEOWNERS of the default branch; nobody owns anything where that cannot be had. */
async function findOwners(
  { codeOwners, log, signal }: Deps,
  { workspaceId, run }: Search,
  withinMs: number,
): Promise<OwnersOf> {
  if (isReported(run.repository)) return () => [];
  const within = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
  try {
    const rules = await untilAborted(codeOwners.rules(workspaceId, run.repository, within), within);
    return (path) => shownOwners(ownersOfPath(rules, path));
  } catch (error) {
    log.debug({ error }, 'Nothing is known of who owns the files of this failure');
    return () => [];
  }
}

/** An address is shown to nobody. */
function shownOwners(owners: readonly CodeOwner[]): string[] {
  return owners.flatMap((owner) => (owner.kind === 'email' ? [] : [ownerName(owner)])).slice(0, MOST_OWNERS);
}

/** Null where no commit can be to blame, or nobody could be asked. */
async function findChanges(
  { runChanges, log, signal }: Deps,
  { workspaceId, run, facts }: Search,
  {
    beginning: { firstBad, lastGood },
    ownersOf,
    withinMs,
  }: { beginning: Beginning; ownersOf: OwnersOf; withinMs: number },
): Promise<{ total: number; suspects: Origin['suspects'] } | null> {
  if (lastGood === null || lastGood.headSha === firstBad.headSha || isReported(run.repository)) return null;
  const within = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
  const which = { repository: run.repository, base: lastGood.headSha, head: firstBad.headSha };
  try {
    const found = await untilAborted(runChanges.between(workspaceId, which, within), within);
    return { total: found.total, suspects: findSuspects(found, { facts, lastGood: lastGood.number, ownersOf }) };
  } catch (error) {
    log.debug({ error }, 'Nothing is known of the commits that may have brought this failure');
    return null;
  }
}
