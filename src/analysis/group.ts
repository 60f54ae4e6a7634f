import type { History } from '../domain/failure.ts';
import type { JobDigest } from '../domain/digest.ts';

/** The failed jobs that share a cause. */
export interface Group {
  readonly fingerprint: string;
  /** The one that speaks for all: it has a log if any of them has. */
  readonly digest: JobDigest;
  readonly names: readonly string[];
  readonly history: History | null;
}

/** Asks for the history once per cause. */
export async function groupByCause(
  digests: readonly JobDigest[],
  history: (fingerprint: string) => Promise<History | null>,
): Promise<Group[]> {
  const members = Map.groupBy(digests, ({ fingerprint }) => fingerprint);
  const groups: Group[] = [];
  for (const [fingerprint, jobs] of members) {
    const [first] = jobs;
    if (first === undefined) continue;
    groups.push({
      fingerprint,
      digest: jobs.find(({ missing }) => missing === null) ?? first,
      names: jobs.map(({ job }) => job?.name ?? '').sort(),
      history: await history(fingerprint),
    });
  }
  return groups;
}

/** What a run is reported as: what is open already, else what the team can fix, else what most jobs say, else by name. */
export function choosePrimary(groups: readonly Group[]): Group {
  const [best] = groups.toSorted(
    (a, b) =>
      Number(isOpen(b)) - Number(isOpen(a)) ||
      Number(isOurs(b)) - Number(isOurs(a)) ||
      b.names.length - a.names.length ||
      (a.names[0] ?? '').localeCompare(b.names[0] ?? '', 'en'),
  );
  if (best === undefined) throw new RangeError('There is no group to choose from');
  return best;
}

function isOpen({ history }: Group): boolean {
  return history?.openOnBranch !== null && history?.openOnBranch !== undefined;
}

function isOurs({ digest }: Group): boolean {
  const { category, job, signals, missing } = digest;
  const isCancelled = job?.conclusion === 'cancelled' || signals.cancelled !== null || signals.superseded !== null;
  return missing === null && category !== 'infrastructure' && !isCancelled;
}
