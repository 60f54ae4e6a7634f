import { createHash, randomUUID } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import {
  advance,
  type Deployment,
  Happening,
  isBroken,
  type KeptHappening,
  placeOf,
  subjectOf,
} from '../../domain/happening.ts';
import { HappeningId, type WorkspaceId } from '../../domain/ids.ts';
import type { HappeningStore } from '../../domain/ports.ts';
import { findCommitChecks } from '../commit-checks.ts';
import { Happening as Row } from '../entities/happening.ts';
import { createHeldHappenings } from '../held-happenings.ts';
import { lockHappening } from '../locks.ts';
import { execute } from '../statements.ts';
import { storableCopy, storableText } from '../storable.ts';

const Kept = z.object({ id: HappeningId, facts: Happening });

export function createHappeningStore(orm: SqlEntityManager): HappeningStore {
  return {
    ...createHeldHappenings(orm, completed),
    record: (workspaceId, happening) => orm.fork().transactional((em) => record(em, workspaceId, happening)),
    async find(workspaceId, id) {
      const em = orm.fork();
      const row = await em.findOne(Row, { workspaceId, id });
      if (row === null) return null;
      return await completed(em, workspaceId, toKept(row));
    },
    async openPulls(workspaceId, { repository, sha }) {
      const em = orm.fork();
      const where = { workspaceId, repository, kind: 'pull_request', place: sha } as const;
      const rows = await em.find(Row, where, { orderBy: { rank: 'desc', id: 'asc' }, limit: MOST });
      const pulls = await Promise.all(rows.map((row) => completed(em, workspaceId, toKept(row))));
      return pulls.filter(({ checks }) => checks !== null);
    },
    async madeUpBy(workspaceId, happening) {
      if (happening.kind !== 'deployment' || happening.state !== 'success') return [];
      const [key, rank] = [keyOf(workspaceId, happening), rankOf(happening)];
      const em = orm.fork();
      const rows = await execute(em, Kept, { text: MADE_UP, parameters: [...key, rank, rank, MOST] });
      return await Promise.all(rows.map((row) => completed(em, workspaceId, row)));
    },
    prune: async (days) => (await execute(orm.fork(), z.unknown(), { text: PRUNE, parameters: [days] })).length,
  };
}

function toKept({ id, facts }: Pick<Row, 'id' | 'facts'>): z.infer<typeof Kept> {
  return { id, facts: Happening.parse(facts) };
}

async function completed(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  { id, facts: happening }: z.infer<typeof Kept>,
): Promise<KeptHappening> {
  const isOpen = happening.kind === 'pull_request' && happening.state === 'open';
  const checks = isOpen ? await findCommitChecks(em, workspaceId, happening) : null;
  return { id, happening, sequel: await findSequel(em, workspaceId, happening), checks };
}

async function record(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  happening: Happening,
): ReturnType<HappeningStore['record']> {
  const { repository, kind } = happening;
  const subject = hashOf(subjectOf(happening));
  await lockHappening(em, workspaceId, `${repository}\n${kind}\n${subject}`);
  const which = { workspaceId, repository, kind, subject };
  const [last] = await em.find(Row, which, { orderBy: { rank: 'desc', id: 'desc' }, limit: 1 });
  const known = last === undefined ? null : await completed(em, workspaceId, toKept(last));
  const next = advance(known, happening);
  if (next.kind === 'begins') {
    const id = HappeningId.parse(randomUUID());
    await em.insert(Row, { id, ...which, ...columnsOf(happening) });
    return { ...next, story: await completed(em, workspaceId, { id, facts: happening }) };
  }
  if (known === null) throw new Error(`Workspace ${workspaceId} has no such ${kind}`);
  if (next.kind !== 'goes-on') return { ...next, story: known };
  await em.nativeUpdate(Row, { id: known.id }, columnsOf(next.happening));
  return { ...next, story: await completed(em, workspaceId, { id: known.id, facts: next.happening }) };
}

function columnsOf(happening: Happening) {
  const place = storableText(placeOf(happening));
  return { place, rank: rankOf(happening), facts: storableCopy(happening), updatedAt: happening.at };
}

function rankOf({ order }: Pick<Happening, 'order'>): number {
  return order[0] ?? 0;
}

/** Parts cannot run into each other: none of them holds a control character. */
function hashOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}

function keyOf(workspaceId: WorkspaceId, happening: Happening): string[] {
  return [workspaceId, happening.repository, happening.kind, storableText(placeOf(happening))];
}

/** The first deployment to the environment that worked after this one did not. */
async function findSequel(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  happening: Happening,
): Promise<Deployment | null> {
  if (happening.kind !== 'deployment' || !isBroken(happening)) return null;
  const key = keyOf(workspaceId, happening);
  const [found] = await execute(em, Kept, { text: SEQUEL, parameters: [...key, rankOf(happening)] });
  return found?.facts.kind === 'deployment' ? found.facts : null;
}

// What is inactive now has worked once: another one took its place.
const SEQUEL = `
  select id, facts from happenings
  where workspace_id = ? and repository = ? and kind = ? and place = ? and rank > ?
    and facts->>'state' in ('success', 'inactive')
  order by rank limit 1`;

const MOST = 50;

const MADE_UP = `
  select broken.id, broken.facts from happenings broken
  where broken.workspace_id = ? and broken.repository = ? and broken.kind = ? and broken.place = ? and broken.rank < ?
    and broken.facts->>'state' in ('failure', 'error')
    and not exists (
      select 1 from happenings mended
      where mended.workspace_id = broken.workspace_id and mended.repository = broken.repository
        and mended.kind = broken.kind and mended.place = broken.place
        and mended.rank > broken.rank and mended.rank < ? and mended.facts->>'state' in ('success', 'inactive')
    )
  order by broken.rank desc limit ?`;

// An open pull request waits for its checks, however long.
const PRUNE = `
  delete from happenings
  where updated_at < now() - make_interval(days => ?) and not (kind = 'pull_request' and facts->>'state' = 'open')
  returning 1`;
