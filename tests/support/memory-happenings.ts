import { randomUUID } from 'node:crypto';
import {
  advance,
  type CommitChecks,
  type Deployment,
  type Happening,
  isBroken,
  type KeptHappening,
  placeOf,
  subjectOf,
  wentWell,
} from '../../src/domain/happening.ts';
import { type ChannelId, HappeningId, HappeningListId, type WorkspaceId } from '../../src/domain/ids.ts';
import type { HappeningStore } from '../../src/domain/ports.ts';
import type { HoldOccasion } from '../../src/domain/roundup.ts';

interface Row {
  workspaceId: WorkspaceId;
  id: HappeningId;
  happening: Happening;
}

interface Held {
  workspaceId: WorkspaceId;
  id: HappeningId;
  channelId: ChannelId;
  occasion: HoldOccasion;
  dueAt: Date | null;
  listId: HappeningListId | null;
}

/** Happenings in memory, as the database keeps them. It knows of no runs, so what their checks say is given. */
export function memoryHappenings(checksOf: (sha: string) => CommitChecks | null = () => null): HappeningStore {
  const rows: Row[] = [];
  const complete = (row: Row): KeptHappening => {
    const { id, happening } = row;
    const isOpen = happening.kind === 'pull_request' && happening.state === 'open';
    return { id, happening, sequel: sequelOf(rows, row), checks: isOpen ? checksOf(happening.sha) : null };
  };
  const held: Held[] = [];
  const keptOf = (ids: readonly HappeningId[]) => rows.filter(({ id }) => ids.includes(id)).map(complete);
  return {
    async prune(days) {
      const since = Date.now() - days * 24 * 60 * 60_000;
      const isOld = ({ happening }: Row) =>
        happening.at.getTime() < since && !(happening.kind === 'pull_request' && happening.state === 'open');
      const kept = rows.filter((row) => !isOld(row));
      const gone = rows.length - kept.length;
      rows.splice(0, rows.length, ...kept);
      return gone;
    },
    async hold(workspaceId, channelId, { happeningId: id, ...rest }) {
      const known = held.find((each) => each.id === id && each.channelId === channelId);
      if (known === undefined) held.push({ workspaceId, id, channelId, listId: null, ...rest });
      else if (known.listId === null) Object.assign(known, rest);
    },
    async due(_workspaceId, channelId, { at, limit }) {
      const due = held.filter((each) => each.channelId === channelId && each.listId === null);
      return due
        .filter(({ dueAt }) => dueAt === null || dueAt <= at)
        .slice(0, limit)
        .flatMap(({ id, occasion }) => keptOf([id]).map((each) => ({ ...each, occasion })));
    },
    async letGo(_workspaceId, channelId, ids) {
      const isGone = (each: (typeof held)[number]) =>
        each.channelId === channelId && each.listId === null && ids.includes(each.id);
      held.splice(0, held.length, ...held.filter((each) => !isGone(each)));
    },
    async list(_workspaceId, _lease, { channelId, ids }) {
      const listId = HappeningListId.parse(randomUUID());
      for (const each of held) if (each.channelId === channelId && ids.includes(each.id)) each.listId ??= listId;
      return [];
    },
    async findList(_workspaceId, listId) {
      const listed = held.filter((each) => each.listId === listId);
      const [first] = listed;
      return first === undefined ? null : { occasion: first.occasion, entries: keptOf(listed.map(({ id }) => id)) };
    },
    listsOf: async (workspaceId, id) =>
      held.flatMap(({ channelId, listId, ...each }) =>
        each.workspaceId === workspaceId && each.id === id && listId !== null ? [{ channelId, listId }] : [],
      ),
    async record(workspaceId, happening) {
      const isSame = (row: Row) =>
        row.workspaceId === workspaceId &&
        row.happening.kind === happening.kind &&
        nameOf(row) === nameOf({ happening });
      const known = rows.filter(isSame).toSorted(byRank).at(-1);
      const next = advance(known === undefined ? null : complete(known), happening);
      if (next.kind === 'begins' || known === undefined) {
        const row = { workspaceId, id: HappeningId.parse(randomUUID()), happening };
        rows.push(row);
        return { kind: 'begins', happening, story: complete(row) };
      }
      if (next.kind === 'goes-on') known.happening = next.happening;
      return { ...next, story: complete(known) };
    },
    async find(workspaceId, id) {
      const row = rows.find((each) => each.workspaceId === workspaceId && each.id === id);
      return row === undefined ? null : complete(row);
    },
    async openPulls(workspaceId, { repository, sha }) {
      const ours = rows.filter((row) => row.workspaceId === workspaceId && row.happening.repository === repository);
      return ours
        .filter(({ happening }) => happening.kind === 'pull_request' && happening.state === 'open')
        .filter(({ happening }) => placeOf(happening) === sha)
        .map(complete);
    },
    async madeUpBy(workspaceId, happening) {
      const mine = { workspaceId, happening, id: HappeningId.parse(randomUUID()) };
      if (happening.kind !== 'deployment' || happening.state !== 'success') return [];
      const before = deploymentsBeside(rows, mine).filter((row) => rankOf(row) < rankOf(mine));
      const lastGood = Math.max(0, ...before.filter(({ happening: each }) => wentWell(each)).map(rankOf));
      return before
        .filter((row) => isBroken(row.happening) && rankOf(row) > lastGood)
        .toSorted((one, other) => byRank(other, one))
        .map(complete);
    },
  };
}

function nameOf({ happening }: Pick<Row, 'happening'>): string {
  return [happening.repository, ...subjectOf(happening)].join('\n');
}

function deploymentsBeside(rows: readonly Row[], row: Row): Array<Row & { happening: Deployment }> {
  return rows.flatMap((each) => {
    const { happening } = each;
    if (each.workspaceId !== row.workspaceId || happening.repository !== row.happening.repository) return [];
    if (happening.kind !== 'deployment' || placeOf(happening) !== placeOf(row.happening)) return [];
    return [{ ...each, happening }];
  });
}

function sequelOf(rows: readonly Row[], row: Row): Deployment | null {
  const { happening } = row;
  if (happening.kind !== 'deployment' || !isBroken(happening)) return null;
  const better = deploymentsBeside(rows, row).filter(
    (other) => wentWell(other.happening) && rankOf(other) > rankOf(row),
  );
  return better.toSorted(byRank)[0]?.happening ?? null;
}

function rankOf({ happening }: Pick<Row, 'happening'>): number {
  return happening.order[0] ?? 0;
}

function byRank(one: Pick<Row, 'happening'>, other: Pick<Row, 'happening'>): number {
  return rankOf(one) - rankOf(other);
}
