/**
 * When a provider wants to be asked again, in milliseconds from now; undefined where it does not say. `retry-after-ms` goes before
 * `Retry-After`, which holds seconds or a date (RFC 9110, 10.2.3).
 */
export function retryAfterMs(headers: Headers | undefined, now: number): number | undefined {
  const inMs = toNumber(headers?.get('retry-after-ms'));
  if (inMs !== undefined) return inMs;
  const text = headers?.get('retry-after');
  const inSeconds = toNumber(text);
  if (inSeconds !== undefined) return inSeconds * 1000;
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

function toNumber(text: string | null | undefined): number | undefined {
  return /^\d+(?:\.\d+)?$/u.test(text?.trim() ?? '') ? Number(text) : undefined;
}
