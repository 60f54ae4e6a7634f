import type { Log } from '../domain/ports.ts';

/** What the last steps of a stop may take beyond the grace that work in hand has. */
const MARGIN_MS = 5_000;

/** What is to be stopped, once it is built. */
type Building = Promise<{ stop(): Promise<void> }>;

interface StopOptions {
  log: Log;
  /** For the work in hand. */
  graceMs: number;
}

/** Listens from the first moment, also while the app is being built. A second signal does not wait. */
export function stopOnSignal(building: Building, options: StopOptions): AbortSignal {
  const stopping = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping.signal.aborted) process.exit(1);
    stopping.abort();
    options.log.info({ signal }, 'Stopping');
    void stop(building, options).then((isClean) => process.exit(isClean ? 0 : 1));
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return stopping.signal;
}

/** Whether everything was let go in time. Never rejects. */
export async function stop(building: Building, { log, graceMs }: StopOptions): Promise<boolean> {
  const limitMs = graceMs + MARGIN_MS;
  const late = Promise.withResolvers<never>();
  const limit = setTimeout(() => late.reject(new Error(`Not done after ${limitMs} ms`)), limitMs);
  const letGo = async (): Promise<void> => {
    const app = await building.catch(() => null); // nothing was built, so nothing is held
    await app?.stop();
  };
  try {
    await Promise.race([letGo(), late.promise]);
    return true;
  } catch (error) {
    log.error({ error }, 'Stop failed');
    return false;
  } finally {
    clearTimeout(limit);
  }
}
