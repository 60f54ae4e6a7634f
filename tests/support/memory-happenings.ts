import { randomUUID } from 'node:crypto';
import {
  advance,
  compareOrder,
  type Happening,
  isTrouble,
  type KeptHappening,
  placeOf,
  subjectOf,
} from '../../src/domain/happening.ts';
import { HappeningId, type WorkspaceId } from '../../src/domain/ids.ts';
import type { HappeningStore } from '../../src/domain/ports.ts';

interface Row {
  workspaceId: WorkspaceId;
  id: HappeningId;
  happening: Happening;
}

/** Happenings in memory, as the database keeps them. */
export function memoryHappenings(): HappeningStore {
  const rows: Row[] = [];
  const others = (row: Pick<Row, 'workspaceId' | 'happening'>) =>
    rows.filter(
      ({ workspaceId, happening }) =>
        workspaceId === row.workspaceId &&
        happening.repository === row.happening.repository &&
        happening.kind === row.happening.kind &&
        placeOf(happening) === placeOf(row.happening),
    );
  const byRank = (one: Row, other: Row) => rankOf(one) - rankOf(other);
  const complete = (row: Row): KeptHappening => {
    const { id, happening } = row;
    const better = others(row).filter((other) => wentWell(other) && rankOf(other) > rankOf(row));
    const sequel = isTrouble(happening) ? (better.toSorted(byRank)[0]?.happening ?? null) : null;
    return { id, happening, sequel };
  };
  return {
    async record(workspaceId, happening) {
      const known = rows.find(
        (row) =>
          row.workspaceId === workspaceId &&
          row.happening.repository === happening.repository &&
          row.happening.kind === happening.kind &&
          subjectOf(row.happening).join('\n') === subjectOf(happening).join('\n'),
      );
      if (known === undefined) {
        const id = HappeningId.parse(randomUUID());
        rows.push({ workspaceId, id, happening });
        return { id, happening, news: 'applied' };
      }
      const next = advance(complete(known), happening);
      const isKnown = compareOrder(happening, known.happening) === 0;
      if (next === null) return { id: known.id, happening: known.happening, news: isKnown ? 'known' : 'late' };
      known.happening = next;
      return { id: known.id, happening: next, news: 'applied' };
    },
    async find(workspaceId, id) {
      const row = rows.find((each) => each.workspaceId === workspaceId && each.id === id);
      return row === undefined ? null : complete(row);
    },
    async madeUpBy(workspaceId, happening) {
      const mine = { workspaceId, happening, id: HappeningId.parse(randomUUID()) };
      if (happening.state !== 'success') return [];
      const before = others(mine).filter((row) => rankOf(row) < rankOf(mine));
      const lastGood = Math.max(0, ...before.filter(wentWell).map(rankOf));
      return before
        .filter((row) => isTrouble(row.happening) && rankOf(row) > lastGood)
        .toSorted((one, other) => byRank(other, one))
        .map(complete);
    },
  };
}

function rankOf({ happening }: Pick<Row, 'happening'>): number {
  return happening.order[0] ?? 0;
}

function wentWell({ happening }: Row): boolean {
  return happening.state === 'success' || happening.state === 'inactive';
}
