import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import type { HostOutcome } from './log-hosts.ts';

export type StorageAnswer =
  | { kind: 'opened'; body: IncomingMessage }
  /** The link is used up: they live for a minute. Asking it again is of no use. */
  | { kind: 'expired' }
  | { kind: 'failed'; status: number };

/** Without a byte for this long, a download has failed. */
const IDLE_MS = 15_000;

/**
 * Opens a signed link, with nothing of ours in the request: no token, no cookie. Follows no further redirect. Rejects when
 * the network fails, when the storage falls silent, or with the signal's reason.
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
    headers: { 'accept-encoding': 'identity', 'user-agent': 'opsaicortex' },
  });
  request.setTimeout(idleMs, () => request.destroy(new Error(`The storage was silent for ${idleMs} ms`)));
  request.once('error', reject);
  request.once('response', (response) => {
    request.off('error', reject);
    // From here on a failure reaches the reader through the response; the request repeats it.
    request.on('error', () => {});
    const status = response.statusCode ?? 0;
    if (status === 200) return resolve({ kind: 'opened', body: response });
    response.resume();
    return resolve(status === 403 || status === 404 ? { kind: 'expired' } : { kind: 'failed', status });
  });
  return promise;
}
