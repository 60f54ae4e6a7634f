import type { HeldSecrets, HeldSpan } from './held.ts';
import { findWrappedTokens } from './wrapped.ts';

/** Part of a line that goes: `secret` is the whole of it, the same for each of its parts. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
  readonly secret: string;
}

/** Fewer characters that agree are an accident, unless a line or the secret ends with them. */
const LEAST = 4;

/** What only shows when lines are seen together: secrets of ours with a line break in them, and tokens that a terminal wrapped. */
export function findSpans(lines: readonly string[], held: HeldSecrets): Span[][] {
  const own = lines.map((line) => held.find(line));
  own.forEach((_, index) => continueDown(lines, own, index));
  own.forEach((_, index) => continueUp(lines, own, index));
  const result: Span[][] = own.map((spans) =>
    spans.map(({ start, end, form }) => ({ start, end, kind: 'own-secret', secret: form.secret })),
  );
  for (const { line, span } of findWrappedTokens(lines)) {
    const spans = result[line];
    if (spans?.every(({ start, end }) => span.end <= start || end <= span.start) === true) spans.push(span);
  }
  return result.map((spans) => spans.toSorted((a, b) => a.start - b.start));
}

/** A piece that reaches the end of its line goes on in the next one. */
function continueDown(lines: readonly string[], own: HeldSpan[][], index: number): void {
  const last = own[index]?.at(-1);
  const next = lines[index + 1];
  const spans = own[index + 1];
  if (last === undefined || next === undefined || spans === undefined) return;
  if (last.end < (lines[index] ?? '').trimEnd().length || last.to >= last.form.text.length) return;
  const start = next.length - next.trimStart().length;
  const room = Math.min(next.length, spans[0]?.start ?? next.length) - start;
  let size = 0;
  while (size < room && last.to + size < last.form.text.length && next[start + size] === last.form.text[last.to + size])
    size += 1;
  const isWhole = start + size === next.trimEnd().length || last.to + size === last.form.text.length;
  if (size === 0 || (size < LEAST && !isWhole)) return;
  spans.unshift({ start, end: start + size, form: last.form, from: last.to, to: last.to + size });
}

/** A piece that starts its line began in the one before. */
function continueUp(lines: readonly string[], own: HeldSpan[][], index: number): void {
  const first = own[index]?.[0];
  const line = lines[index] ?? '';
  const above = lines[index - 1]?.trimEnd();
  const spans = own[index - 1];
  if (first === undefined || above === undefined || spans === undefined) return;
  if (first.start > line.length - line.trimStart().length) return;
  const floor = spans.at(-1)?.end ?? 0;
  let size = 0;
  while (
    above.length - size > floor &&
    first.from - size > 0 &&
    above[above.length - size - 1] === first.form.text[first.from - size - 1]
  ) {
    size += 1;
  }
  if (size === 0 || (size < LEAST && size < first.from)) return;
  spans.push({
    start: above.length - size,
    end: above.length,
    form: first.form,
    from: first.from - size,
    to: first.from,
  });
}
