import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import type { HostOutcome } from './log-hosts.ts';

export type StorageAnswer =
  | { kind: 'opened'; body: IncomingMessage }
  /** The link is used up: they live for a minute. Asking it again is of no use. */
  | { kind: 'expired' }
  | { kind: 'failed'; status: number };

/** Without a byte for this long, a download has failed; and with fewer than these, which a working storage sends at once. */
const IDLE_MS = 15_000;
const LEAST_BYTES = 16 * 1024;
/** However long the log is: a worker has other things to do. */
const LONGEST_MS = 15 * 60_000;

/**
 * Opens a signed link, with nothing of ours in the request: no token, no cookie. Follows no further redirect. Rejects when
 * the network fails, when the storage falls silent, or with the signal's reason; a body breaks off for these reasons and when
 * it only trickles.
 */
export function openLink(
  { url, lookup }: HostOutcome & { kind: 'allowed' },
  signal: AbortSignal,
  idleMs = IDLE_MS,
): Promise<StorageAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<StorageAnswer>();
  const get = url.protocol === 'https:' ? getHttps : getHttp;
  // A connection of its own: one from a pool would have been made before this address was judged.
  const request = get(url, {
    lookup,
    signal,
    agent: false,
    timeout: idleMs, // counts from the first packet; `setTimeout` would begin when the connection stands
    headers: { 'accept-encoding': 'identity', 'user-agent': 'opsaicortex' },
  });
  request.once('timeout', () => request.destroy(new Error(`The storage was silent for ${idleMs} ms`)));
  request.once('error', reject);
  request.once('response', (response) => {
    request.off('error', reject);
    // From here on a failure reaches the reader through the response; the request repeats it.
    request.on('error', () => {});
    const status = response.statusCode ?? 0;
    if (status === 200) {
      const stopWatching = watchPace(response, { idleMs, giveUp: (error) => request.destroy(error) });
      response.once('close', stopWatching);
      return resolve({ kind: 'opened', body: response });
    }
    response.destroy(); // what else it has to say is of no use, and may have no end
    return resolve(status === 403 || status === 404 ? { kind: 'expired' } : { kind: 'failed', status });
  });
  return promise;
}

/** A sender of one byte now and then is never idle, and would keep a worker for ever. */
function watchPace(
  response: IncomingMessage,
  { idleMs, giveUp }: { idleMs: number; giveUp: (error: Error) => void },
): () => void {
  const startedAt = performance.now();
  let seen = response.socket.bytesRead;
  const timer = setInterval(() => {
    const { bytesRead } = response.socket;
    const isSlow = bytesRead - seen < LEAST_BYTES || performance.now() - startedAt > LONGEST_MS;
    seen = bytesRead;
    if (isSlow && !response.complete) giveUp(new Error('The storage sends the log too slowly'));
  }, idleMs);
  timer.unref();
  return () => clearInterval(timer);
}
