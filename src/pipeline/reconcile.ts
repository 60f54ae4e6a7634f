import type { OpenGap } from '../domain/reconciling.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How long after the first, second, … ask for one delivery the next one follows. GitHub is asked at once when it is found. */
const ASK_AGAIN_MS = [5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS, 24 * HOUR_MS] as const;
const MOST_ASKS = ASK_AGAIN_MS.length + 1;
/** What is asked for to find out whether deliveries arrive again; a server that is away would fail them all once more. */
const PROBES = 3;

export interface AskSituation {
  now: Date;
  /** How long GitHub keeps a delivery. */
  keptMs: number;
  /** When the newest delivery of all came in. */
  lastReceivedAt: Date | null;
  limit: number;
}

export interface AskPlan {
  ask: OpenGap[];
  /** Those that GitHub has forgotten, and those that failed as often as it is worth asking. */
  forgotten: OpenGap[];
  hopeless: OpenGap[];
}

/** Which deliveries GitHub is asked to repeat now. Gaps come the oldest first, and are asked for so. */
export function planAsks(gaps: readonly OpenGap[], { now, keptMs, lastReceivedAt, limit }: AskSituation): AskPlan {
  const isForgotten = ({ failedAt }: OpenGap) => now.getTime() - failedAt.getTime() > keptMs;
  const forgotten = gaps.filter(isForgotten);
  const left = gaps.filter((gap) => !isForgotten(gap));
  const hopeless = left.filter(({ asks, askedAt }) => asks >= MOST_ASKS && hasWaited({ asks, askedAt }, now));
  const due = left.filter((gap) => gap.asks < MOST_ASKS && hasWaited(gap, now));
  const lastFailure = Math.max(...left.map(({ lastFailedAt }) => lastFailedAt.getTime()));
  const isArriving = lastReceivedAt !== null && lastReceivedAt.getTime() > lastFailure;
  return { ask: due.slice(0, isArriving ? limit : Math.min(limit, PROBES)), forgotten, hopeless };
}

function hasWaited({ asks, askedAt }: Pick<OpenGap, 'asks' | 'askedAt'>, now: Date): boolean {
  if (askedAt === null) return true;
  const waitMs = ASK_AGAIN_MS[Math.min(asks, ASK_AGAIN_MS.length) - 1] ?? 0;
  return now.getTime() - askedAt.getTime() >= waitMs;
}
