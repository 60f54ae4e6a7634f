import type { AcceptOutcome, Delivery, Ports } from '../domain/ports.ts';

/**
 * Takes a delivery in: committed when this returns, known from before when it says `repeated`. Throws
 * DatabaseUnavailableError, and then the sender must send it again.
 */
export async function accept(deps: Pick<Ports, 'intake' | 'queue'>, delivery: Delivery): Promise<AcceptOutcome> {
  const outcome = await deps.intake.accept(delivery);
  // The sender's answer must not wait on Redis: what is committed is found by the sweep if the wake-up is lost.
  if (outcome.kind === 'stored') void deps.queue.wake([outcome.jobId]);
  return outcome;
}
