import { isIP } from 'node:net';
import type { BeeClientOptions } from './bee-queue.ts';

/** Options for Bee-Queue's client from `redis[s]://[user][:password@]host[:port][/db]`. Throws TypeError on another URL. */
export function parseRedisUrl(redisUrl: string): BeeClientOptions {
  const url = new URL(redisUrl);
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:')
    throw new TypeError('A Redis URL begins with redis:// or rediss://');
  const host = url.hostname.replace(/^\[|\]$/gu, '') || '127.0.0.1';
  const db = Number(url.pathname.slice(1));
  if (!Number.isInteger(db)) throw new TypeError('The path of a Redis URL is the number of a database');
  return {
    host,
    port: url.port === '' ? 6379 : Number(url.port),
    ...(url.username !== '' && { user: decodeURIComponent(url.username) }),
    ...(url.password !== '' && { password: decodeURIComponent(url.password) }),
    ...(db !== 0 && { db }),
    // Managed Redis picks the certificate by the name asked for, and an address is no name.
    ...(url.protocol === 'rediss:' && { tls: isIP(host) === 0 ? { servername: host } : {} }),
  };
}
