import type { Log } from '../domain/ports.ts';

export interface LeaseKeeping {
  /** False when the lease is lost. */
  renew: () => Promise<boolean>;
  leaseMs: number;
  /** Called at most once: the lease is lost, or could not be renewed before its end. */
  onLost: () => void;
  log: Log;
}

/** Renews a lease three times in its length, until the returned function is called. */
export function keepLease({ renew, leaseMs, onLost, log }: LeaseKeeping): () => void {
  const isOver = { yes: false };
  let isRenewing = false;
  const stop = () => {
    isOver.yes = true;
    clearInterval(renewals);
    clearTimeout(leaseEnd);
  };
  const lose = () => {
    if (isOver.yes) return;
    stop();
    onLost();
  };
  const renewOnce = async (): Promise<void> => {
    if (isRenewing) return;
    isRenewing = true;
    // Counted from before the question, so that ours never ends later than the database's.
    const nextEnd = setTimeout(lose, leaseMs).unref();
    try {
      if (!(await renew())) lose();
      clearTimeout(leaseEnd);
      leaseEnd = nextEnd;
    } catch (error) {
      clearTimeout(nextEnd);
      log.warn({ error }, 'Lease not renewed, will try again');
    }
    isRenewing = false;
  };
  let leaseEnd = setTimeout(lose, leaseMs).unref();
  const renewals = setInterval(() => void renewOnce(), leaseMs / 3).unref();
  return stop;
}
