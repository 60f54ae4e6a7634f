import type { Failure } from '../domain/failure.ts';
import type { FailureId } from '../domain/ids.ts';
import type { Summary } from '../domain/diagnosis.ts';
import type { Reservation } from '../domain/ports.ts';

/** What to do about a message that has to stand in Slack exactly once. */
export type PostPlan =
  | { kind: 'post' }
  /** It may stand there already: look, then post. */
  | { kind: 'find-or-post' }
  | { kind: 'done' }
  /** Somebody else is posting it. */
  | { kind: 'wait' };

export function planPost(state: Reservation): PostPlan {
  switch (state) {
    case 'new':
      return { kind: 'post' };
    case 'resumed':
      return { kind: 'find-or-post' };
    case 'posted':
      return { kind: 'done' };
    case 'busy':
      return { kind: 'wait' };
    default:
      return state satisfies never;
  }
}

/** The replies of a thread by name; each name is posted once per thread. */
export const REPLY = {
  evidence: 'evidence',
  excerpt: 'excerpt',
  jobs: 'jobs',
  recovery: 'recovery',
  successor: (id: FailureId) => `successor:${id}`,
  /** One per analysis of one run attempt. */
  occurrence: ({ run: { runId, attempt }, revision }: Summary) => `occurrence:${runId}:${attempt}:${revision}`,
} as const;

/** How the replies of a thread stood when this job reserved them. */
export interface ReplyStates {
  evidence: Reservation;
  occurrence: Reservation;
}

/** What a summary adds to the thread of its failure. */
export type ReplyPlan =
  /** The first summary of this thread: its proof, and the log. */
  | { kind: 'open' }
  /** The same failure once more. */
  | { kind: 'again' }
  /** Another look at an attempt that was told before. */
  | { kind: 'reanalysis' }
  | { kind: 'nothing' };

/**
 * The job that reserved the proof opens the thread, also when it comes back after a crash. Its occurrence counts as told
 * with the proof, so a repeated job never calls the first failure "failed again".
 */
export function planReplies(
  states: ReplyStates,
  { failure, summary }: { failure: Failure; summary: Summary },
): ReplyPlan {
  if (states.occurrence === 'posted' || states.occurrence === 'busy') return { kind: 'nothing' };
  if (states.evidence === 'new' || states.evidence === 'resumed') return { kind: 'open' };
  if (summary.revision > 0) return { kind: 'reanalysis' };
  // A resolved failure says so in its parent; "failed again" below that would read as news. Of many that came while the channel was busy,
  // the last one speaks: it says how many there are.
  return failure.status === 'open' && isLast(failure, summary) ? { kind: 'again' } : { kind: 'nothing' };
}

function isLast({ last }: Failure, { run }: Summary): boolean {
  return last.runId === run.runId && last.attempt === run.attempt;
}
