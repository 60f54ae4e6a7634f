import { DateTime } from 'luxon';
import { readTimeZone } from './time-zone.ts';

const MINUTE_MS = 60_000;
const UNITS_MS = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: 24 * 60 * MINUTE_MS } as const;

/** Where somebody reads the clock: now, and an IANA time zone. One that is not known is taken for UTC. */
export interface Desk {
  now: Date;
  timeZone: string;
}

export interface TimeOfDay {
  hour: number;
  minute: number;
}

/** The hour at which a working day is taken to begin. */
const MORNING = { hour: 9, minute: 0 } as const;

/** Tomorrow at 09:00 by the clock on the wall. */
export function nextMorning(desk: Desk): Date {
  return atTime(desk, { dayOffset: 1, time: MORNING });
}

/** `30m`, `4h`, `2d`, `tomorrow` (at 09:00), or the next time that the clock shows `18:30`; null where it is none of these. */
export function readMoment(word: string, desk: Desk): Date | null {
  if (word === 'tomorrow') return nextMorning(desk);
  const span = /^(?<amount>[1-9]\d{0,4})(?<unit>[mhd])$/u.exec(word)?.groups;
  if (span !== undefined) return new Date(desk.now.getTime() + Number(span['amount']) * unitMs(span['unit']));
  const time = readTimeOfDay(word);
  if (time === null) return null;
  const today = atTime(desk, { dayOffset: 0, time });
  return today > desk.now ? today : atTime(desk, { dayOffset: 1, time });
}

function unitMs(unit: string | undefined): number {
  if (unit === 'm') return UNITS_MS.m;
  return unit === 'h' ? UNITS_MS.h : UNITS_MS.d;
}

/** `9:05` or `18:30`; null where it is none. */
export function readTimeOfDay(word: string): TimeOfDay | null {
  const time = /^(?<hour>[01]?\d|2[0-3]):(?<minute>[0-5]\d)$/u.exec(word)?.groups;
  return time === undefined ? null : { hour: Number(time['hour']), minute: Number(time['minute']) };
}

/** `09:05`. */
export function printTimeOfDay({ hour, minute }: TimeOfDay): string {
  return `${`${hour}`.padStart(2, '0')}:${`${minute}`.padStart(2, '0')}`;
}

/**
 * When the clock there shows a time, so many days after the day that it is there now. A time that the clock leaves out in spring is as
 * much later; of one that it shows twice in autumn, the first is meant.
 */
export function atTime(desk: Desk, { dayOffset, time }: { dayOffset: number; time: TimeOfDay }): Date {
  const day = dayOf(desk).plus({ days: dayOffset });
  // From the day's beginning, whose offset from UTC decides between two times of one name.
  return day
    .startOf('day')
    .set({ ...time, second: 0, millisecond: 0 })
    .toJSDate();
}

/** The day of the week there, so many days after today: 1 is Monday, 7 Sunday. */
export function weekdayOf(desk: Desk, dayOffset: number): number {
  return dayOf(desk).plus({ days: dayOffset }).weekday;
}

/** Noon is there on every day, and only once. */
function dayOf({ now, timeZone }: Desk): DateTime {
  const there = DateTime.fromJSDate(now, { zone: readTimeZone(timeZone) ?? 'utc' });
  return there.set({ hour: 12, minute: 0, second: 0, millisecond: 0 });
}
