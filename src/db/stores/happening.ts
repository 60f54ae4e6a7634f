import { createHash, randomUUID } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import {
  advance,
  compareOrder,
  type Deployment,
  Happening,
  isTrouble,
  type KeptHappening,
  placeOf,
  subjectOf,
} from '../../domain/happening.ts';
import { HappeningId, type WorkspaceId } from '../../domain/ids.ts';
import type { HappeningStore } from '../../domain/ports.ts';
import { Happening as Row } from '../entities/happening.ts';
import { execute } from '../statements.ts';
import { storableCopy, storableJson, storableText } from '../storable.ts';

const Id = z.object({ id: HappeningId });
const Kept = z.object({ id: HappeningId, facts: Happening });

export function createHappeningStore(orm: SqlEntityManager): HappeningStore {
  return {
    record: (workspaceId, happening) => orm.fork().transactional((em) => record(em, workspaceId, happening)),
    async find(workspaceId, id) {
      const em = orm.fork();
      const row = await em.findOne(Row, { workspaceId, id });
      if (row === null) return null;
      return await completed(em, workspaceId, { id, facts: Happening.parse(row.facts) });
    },
    async madeUpBy(workspaceId, happening) {
      if (happening.kind !== 'deployment' || happening.state !== 'success') return [];
      const [key, rank] = [keyOf(workspaceId, happening), rankOf(happening)];
      const em = orm.fork();
      const rows = await execute(em, Kept, { text: MADE_UP, parameters: [...key, rank, rank, MOST] });
      return await Promise.all(rows.map((row) => completed(em, workspaceId, row)));
    },
  };
}

async function completed(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  { id, facts: happening }: z.infer<typeof Kept>,
): Promise<KeptHappening> {
  return { id, happening, sequel: await findSequel(em, workspaceId, happening) };
}

async function record(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  happening: Happening,
): ReturnType<HappeningStore['record']> {
  const { repository, kind } = happening;
  const where = { workspaceId, repository, kind, subject: hashOf(subjectOf(happening)) };
  const row = { id: HappeningId.parse(randomUUID()), ...where, ...columnsOf(happening) };
  const parameters = [row.id, workspaceId, repository, kind, row.subject, row.place, row.rank, row.updatedAt];
  const inserted = await execute(em, Id, { text: INSERT, parameters: [...parameters, storableJson(row.facts)] });
  if (inserted.length === 1) return { id: row.id, happening, news: 'applied' };
  const lock = [workspaceId, repository, kind, where.subject];
  const [known] = await execute(em, Kept, { text: LOCK, parameters: lock });
  if (known === undefined) throw new Error(`Workspace ${workspaceId} has no such ${kind}`);
  const sequel = await findSequel(em, workspaceId, known.facts);
  const next = advance({ happening: known.facts, sequel }, happening);
  if (next === null) {
    const news = compareOrder(happening, known.facts) === 0 ? 'known' : 'late';
    return { id: known.id, happening: known.facts, news };
  }
  await em.nativeUpdate(Row, { id: known.id }, columnsOf(next));
  return { id: known.id, happening: next, news: 'applied' };
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
  if (happening.kind !== 'deployment' || !isTrouble(happening)) return null;
  const key = keyOf(workspaceId, happening);
  const [found] = await execute(em, Kept, { text: SEQUEL, parameters: [...key, rankOf(happening)] });
  return found?.facts.kind === 'deployment' ? found.facts : null;
}

const INSERT = `
  insert into happenings (id, workspace_id, repository, kind, subject, place, rank, updated_at, facts)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb)
  on conflict (workspace_id, repository, kind, subject) do nothing
  returning id`;

const LOCK = `
  select id, facts from happenings where workspace_id = ? and repository = ? and kind = ? and subject = ? for update`;

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
