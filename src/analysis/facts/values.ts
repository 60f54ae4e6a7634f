const MESSAGE_LENGTH = 300;

/** The digits as a number; null where there are none. */
export function toNumber(digits: string | undefined): number | null {
  const value = digits === undefined ? Number.NaN : Number.parseInt(digits, 10);
  return Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** A message without space around it, at most as long as one may be. */
export function clip(text: string | undefined): string {
  return (text ?? '').trim().slice(0, MESSAGE_LENGTH);
}

/** At most `count` values: those whose names come first, in the order given. */
export function firstByName<T>(values: readonly T[], nameOf: (value: T) => string, count: number): T[] {
  if (values.length <= count) return [...values];
  const names = new Set(values.map(nameOf).sort().slice(0, count));
  return values.filter((value) => names.has(nameOf(value)));
}
