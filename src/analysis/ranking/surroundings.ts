/** Lines beyond this count as out of sight. */
const FAR = 999;

export type Side = 'above' | 'below';

/** How many lines it is to the nearest mark on that side; 0 on a mark itself. */
export function distanceTo(isMark: readonly boolean[], numbers: readonly number[], side: Side): number[] {
  const distances = Array.from(numbers, () => FAR);
  let nearest: number | null = null;
  for (const at of indices(numbers.length, side)) {
    const number = numbers[at] ?? 0;
    if (isMark[at] === true) nearest = number;
    if (nearest !== null) distances[at] = Math.min(FAR, Math.abs(number - nearest));
  }
  return distances;
}

/** The highest value among the lines on that side, no further away than `reach`; 0 where there is none. */
export function highestWithin(
  values: readonly number[],
  numbers: readonly number[],
  { reach, side }: { reach: number; side: Side },
): number[] {
  const step = side === 'above' ? -1 : 1;
  return values.map((_, at) => {
    let highest = 0;
    // Pieces of one line share its number: the second bound keeps hostile logs cheap.
    for (let back = 1; back <= reach * 2; back += 1) {
      const other = at + step * back;
      const number = numbers[other];
      if (number === undefined || Math.abs(number - (numbers[at] ?? 0)) > reach) break;
      highest = Math.max(highest, values[other] ?? 0);
    }
    return highest;
  });
}

/** How many of `isMark` stand above each line, itself included. */
export function countAbove(isMark: readonly boolean[]): number[] {
  let count = 0;
  return isMark.map((mark) => {
    if (mark) count += 1;
    return count;
  });
}

/** How often each key occurs. */
export function countEqual(keys: readonly string[]): number[] {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return keys.map((key) => counts.get(key) ?? 0);
}

function indices(length: number, side: Side): number[] {
  const upward = Array.from({ length }, (_, at) => at);
  return side === 'above' ? upward : upward.toReversed();
}
