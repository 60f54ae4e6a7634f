import { atTime, printTimeOfDay, readTimeOfDay, type TimeOfDay, weekdayOf } from '../moments.ts';
import { readTimeZone, suggestTimeZone } from '../time-zone.ts';
import type { RuleProblem } from './problem.ts';
import type { Value } from './words.ts';

/** The words of a rule that say when it is told, of which it has one at most. */
export const SCHEDULE_KEYS = ['quiet', 'digest'] as const;
/** Whether a word is the beginning of a schedule whose zone may stand behind it, as a word of its own. */
export function mayTakeZone(word: string): boolean {
  return /^(?:quiet:[^@"\s]+|digest:(?:daily|weekly@[a-z]+)@[\d:]+)$/iu.test(word);
}

export type ScheduleKey = (typeof SCHEDULE_KEYS)[number];

/** When a channel is told; the zone is null until it is known whose clock is meant. */
export type Schedule = { timeZone: string | null } & (
  | /** Not between two times of the day, of which the second may be on the next day. */
    { kind: 'quiet'; from: TimeOfDay; to: TimeOfDay }
    /** Once a day, or on one day of the week: 1 is Monday. */
  | { kind: 'digest'; weekday: number | null; at: TimeOfDay }
);

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const SHORT = 3;

/** Reads `22:00-07:00`, `daily@09:00` or `weekly@mon@09:00`, each with `@Zone` or a blank and the zone behind it. */
export function readSchedule(key: ScheduleKey, value: Value): { value: Schedule } | { problem: RuleProblem } {
  const { times = '', gap = '', zone } = PARTS[key].exec(value.text.trim())?.groups ?? {};
  const when = key === 'quiet' ? readQuiet(times) : readDigest(times.toLowerCase());
  if (when === null) return { problem: { kind: 'bad-pattern', key, word: value.text.trim(), at: value.at } };
  if (zone === undefined) return { value: { ...when, timeZone: null } };
  const timeZone = readTimeZone(zone);
  if (timeZone !== null) return { value: { ...when, timeZone } };
  const start = value.at.start + (value.isQuoted ? 1 : 0) + times.length + gap.length;
  const at = value.text.startsWith(times) ? { start, end: start + zone.length } : value.at;
  return { problem: { kind: 'unknown-zone', word: zone, meant: suggestTimeZone(zone), at } };
}

const PARTS: Record<ScheduleKey, RegExp> = {
  quiet: /^(?<times>[^\s@]+)(?:(?<gap>@|\s+)(?<zone>.+))?$/u,
  digest: /^(?<times>(?:daily|weekly@[a-z]+)@[\d:]+)(?:(?<gap>@|\s+)(?<zone>.+))?$/iu,
};

function readQuiet(times: string) {
  const [first = '', second = '', ...more] = times.split('-');
  const [from, to] = [readTimeOfDay(first), readTimeOfDay(second)];
  if (from === null || to === null || more.length > 0) return null;
  // From a time to the same time is never, or always.
  if (printTimeOfDay(from) === printTimeOfDay(to)) return null;
  return { kind: 'quiet', from, to } as const;
}

function readDigest(times: string) {
  const parts = times.split('@');
  const at = readTimeOfDay(parts.at(-1) ?? '');
  if (at === null) return null;
  if (parts.length === 2 && parts[0] === 'daily') return { kind: 'digest', weekday: null, at } as const;
  const [name, day = ''] = parts;
  const index = WEEKDAYS.findIndex((weekday) => day.length >= SHORT && weekday.startsWith(day));
  if (parts.length !== 3 || name !== 'weekly' || index === -1) return null;
  return { kind: 'digest', weekday: index + 1, at } as const;
}

/** As it is written: `quiet:22:00-07:00@Europe/Berlin`. */
export function printSchedule(schedule: Schedule): string {
  const zone = schedule.timeZone === null ? '' : `@${schedule.timeZone}`;
  if (schedule.kind === 'quiet') {
    return `quiet:${printTimeOfDay(schedule.from)}-${printTimeOfDay(schedule.to)}${zone}`;
  }
  const { weekday, at } = schedule;
  const day = weekday === null ? 'daily' : `weekly@${(WEEKDAYS[weekday - 1] ?? '').slice(0, SHORT)}`;
  return `digest:${day}@${printTimeOfDay(at)}${zone}`;
}

/** Until when what happens now is held back; null where it is told at once. */
export function heldUntil(schedule: Schedule | null, now: Date): Date | null {
  if (schedule === null) return null;
  const desk = { now, timeZone: schedule.timeZone ?? 'UTC' };
  if (schedule.kind === 'digest') {
    const { weekday, at: time } = schedule;
    const days = [0, 1, 2, 3, 4, 5, 6, 7].filter((day) => weekday === null || weekdayOf(desk, day) === weekday);
    return days.map((dayOffset) => atTime(desk, { dayOffset, time })).find((moment) => moment > now) ?? null;
  }
  // As moments and not as times of the day, since the clock shows some of them twice when it is put back.
  const { from, to } = schedule;
  const isOverNight = from.hour * 60 + from.minute > to.hour * 60 + to.minute;
  for (const day of [-1, 0]) {
    const begin = atTime(desk, { dayOffset: day, time: from });
    const end = atTime(desk, { dayOffset: isOverNight ? day + 1 : day, time: to });
    if (begin <= now && now < end) return end;
  }
  return null;
}
