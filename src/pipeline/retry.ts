import { AppError } from '../errors.ts';

const FIRST_MS = 1_000;
const CAP_MS = 5 * 60_000;
/** No party's word keeps a job longer than this. */
const FLOOR_CAP_MS = 24 * 60 * 60_000;

/**
 * The wait before the next try after `attempt` (1 for the first) failed with `error`, in ms: 1 s doubled with each attempt, up
 * to 5 minutes, of which a random half is taken off, and never less than the error asks for. `random` gives numbers
 * from 0 up to 1.
 */
export function retryDelayMs(attempt: number, error: unknown, random: () => number): number {
  const whole = Math.min(CAP_MS, FIRST_MS * 2 ** Math.max(0, attempt - 1));
  const floor = floorOf(error);
  // Everybody who was told the same time would come back together, so the spread goes on top of it.
  return Math.round(Math.max(whole * (0.5 + random() / 2), floor * (1 + random() / 10)));
}

function floorOf(error: unknown): number {
  const asked = error instanceof AppError ? (error.retryAfterMs ?? 0) : 0;
  return Number.isFinite(asked) ? Math.min(Math.max(0, asked), FLOOR_CAP_MS) : 0;
}
