import type { Clock } from './ports.ts';

export interface ExpiringMap<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): void;
}

/** Remembers at most `size` values for `ttlMs`; the one that was set longest ago makes room. */
export function createExpiringMap<K, V>(
  clock: Clock,
  { ttlMs, size }: { ttlMs: number; size: number },
): ExpiringMap<K, V> {
  const entries = new Map<K, { value: V; until: number }>();
  return {
    get(key) {
      const entry = entries.get(key);
      if (entry !== undefined && entry.until > clock.now().getTime()) return entry.value;
      entries.delete(key);
      return undefined;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, { value, until: clock.now().getTime() + ttlMs });
      const [oldest] = entries.keys();
      if (entries.size > size && oldest !== undefined) entries.delete(oldest);
    },
  };
}
