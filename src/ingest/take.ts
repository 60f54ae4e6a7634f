import type { Delivery, Spool } from '../domain/ports.ts';
import { CoreUnavailableError } from '../errors.ts';
import type { Forwarded, Forwarder } from './forward.ts';

export type Taken = Forwarded | { kind: 'spooled' };

/** For so long after a failure the spool is asked first: a core that hangs would have every sender wait. */
const AWAY_MS = 2_000;

/**
 * What the edge does with a delivery: to the core or, where that is away, into the spool. Whoever called it may answer 202 when it
 * resolves. Throws CoreUnavailableError or SpoolUnavailableError, and then the sender must send it again.
 */
export function createTake(
  core: Pick<Forwarder, 'forward'>,
  spool: Pick<Spool, 'keep'> | null,
): (delivery: Delivery) => Promise<Taken> {
  let failedAt = -Infinity;
  return async (delivery) => {
    if (spool !== null && performance.now() - failedAt < AWAY_MS) return await keep(spool, delivery);
    try {
      return await core.forward(delivery);
    } catch (error) {
      if (spool === null || !(error instanceof CoreUnavailableError)) throw error;
      failedAt = performance.now();
      return await keep(spool, delivery);
    }
  };
}

async function keep(spool: Pick<Spool, 'keep'>, delivery: Delivery): Promise<Taken> {
  await spool.keep(delivery);
  return { kind: 'spooled' };
}
