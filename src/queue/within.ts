export type Timely<T> = { kind: 'done'; value: T } | { kind: 'late' };

/**
 * Waits for `work`, but no longer than `timeoutMs`. What `work` rejects with in time is thrown; what it does later is
 * ignored. The timer does not keep the process alive beyond `work`.
 */
export async function within<T>(work: Promise<T>, timeoutMs: number): Promise<Timely<T>> {
  const late = Promise.withResolvers<Timely<T>>();
  const timer = setTimeout(() => late.resolve({ kind: 'late' }), timeoutMs);
  try {
    return await Promise.race([work.then((value): Timely<T> => ({ kind: 'done', value })), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
