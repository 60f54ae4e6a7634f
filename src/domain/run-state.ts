import { type Run, RUN_STATUSES } from './run.ts';

/** As much of a run as tells how far it has come. */
export type Standing = Pick<Run, 'attempt' | 'status' | 'conclusion'>;

export type Advance =
  /** It is later knowledge, and the run stands there now. */
  | 'applied'
  /** It is what is known already. */
  | 'repeated'
  /** The run has moved on. */
  | 'late';

/**
 * The state machine of a run. Deliveries come repeated, out of order and with gaps, so it only moves forward, in (attempt, rank of
 * the status), whatever it passes over; within one status, one that has come to a conclusion is further than one that has not. So
 * the same deliveries end in the same state in whatever order they come.
 */
export function advance(known: Standing | null, next: Standing): Advance {
  if (known === null) return 'applied';
  const ahead = compare(next, known);
  if (ahead > 0) return 'applied';
  return ahead === 0 && next.conclusion === known.conclusion ? 'repeated' : 'late';
}

function compare(one: Standing, other: Standing): number {
  return (
    one.attempt - other.attempt ||
    RUN_STATUSES.indexOf(one.status) - RUN_STATUSES.indexOf(other.status) ||
    Number(one.conclusion !== null) - Number(other.conclusion !== null)
  );
}
