const MINUTE_MS = 60_000;
const UNITS_MS = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: 24 * 60 * MINUTE_MS } as const;

/** Where somebody reads the clock: now, and an IANA time zone. */
export interface Desk {
  now: Date;
  timeZone: string;
}

/** The hour at which a working day is taken to begin. */
const MORNING = 9;

/** Tomorrow at 09:00 by the clock on the wall. */
export function nextMorning(desk: Desk): Date {
  return atTime(desk, { dayOffset: 1, hour: MORNING, minute: 0 });
}

/** `30m`, `4h`, `2d`, `tomorrow` (at 09:00), or the next time that the clock shows `18:30`; null where it is none of these. */
export function readMoment(word: string, desk: Desk): Date | null {
  if (word === 'tomorrow') return nextMorning(desk);
  const span = /^(?<amount>[1-9]\d{0,4})(?<unit>[mhd])$/u.exec(word)?.groups;
  if (span !== undefined) return new Date(desk.now.getTime() + Number(span['amount']) * unitMs(span['unit']));
  const time = /^(?<hour>[01]?\d|2[0-3]):(?<minute>[0-5]\d)$/u.exec(word)?.groups;
  if (time === undefined) return null;
  const wall = { hour: Number(time['hour']), minute: Number(time['minute']) };
  const today = atTime(desk, { dayOffset: 0, ...wall });
  return today > desk.now ? today : atTime(desk, { dayOffset: 1, ...wall });
}

function unitMs(unit: string | undefined): number {
  if (unit === 'm') return UNITS_MS.m;
  return unit === 'h' ? UNITS_MS.h : UNITS_MS.d;
}

/** A time of day, so many days after the day that it is there now. */
function atTime(
  { now, timeZone }: Desk,
  { dayOffset, hour, minute }: { dayOffset: number; hour: number; minute: number },
): Date {
  const wall = new Date(now.getTime() + offsetMs(now, timeZone));
  const wanted = Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate() + dayOffset, hour, minute);
  // The offset may be another one by then; asked twice, since the first guess is hours off.
  const guess = new Date(wanted - offsetMs(new Date(wanted), timeZone));
  return new Date(wanted - offsetMs(guess, timeZone));
}

/** How far the clock there is ahead of UTC. A time zone that is not known is taken for UTC. */
function offsetMs(at: Date, timeZone: string): number {
  const parts = new Map(
    formatIn(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)] as const),
  );
  const part = (name: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second'): number => parts.get(name) ?? 0;
  const [year, month, day] = [part('year'), part('month') - 1, part('day')];
  const wall = Date.UTC(year, month, day, part('hour'), part('minute'), part('second'));
  return wall - Math.floor(at.getTime() / 1_000) * 1_000;
}

function formatIn(timeZone: string): Intl.DateTimeFormat {
  const numeric = 'numeric' as const;
  const fields = { year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric };
  try {
    return new Intl.DateTimeFormat('en-US', { ...fields, hourCycle: 'h23', timeZone });
  } catch {
    return new Intl.DateTimeFormat('en-US', { ...fields, hourCycle: 'h23', timeZone: 'UTC' });
  }
}
