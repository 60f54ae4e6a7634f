import { describe, expect, test } from '@jest/globals';
import { nextMorning, readMoment } from '../../src/domain/moments.ts';
import { heldUntil, type Schedule } from '../../src/domain/rules/schedule.ts';
import { readTimeZone, suggestTimeZone } from '../../src/domain/time-zone.ts';
import { aRule } from '../support/rules.ts';

const desk = (now: string, timeZone = 'Europe/Berlin') => ({ now: new Date(now), timeZone });
const iso = (moment: Date | null) => moment?.toISOString().replace('.000Z', 'Z') ?? null;

describe('a moment that is typed', () => {
  test.each([
    ['30m', '2026-11-20T09:30:15Z', 'Europe/Berlin', '2026-11-20T10:00:15Z'],
    ['2d', '2026-03-28T12:00:00Z', 'Europe/Berlin', '2026-03-30T12:00:00Z'],
    ['18:30', '2026-11-20T09:30:00Z', 'Europe/Berlin', '2026-11-20T17:30:00Z'],
    ['18:30', '2026-11-20T18:00:00Z', 'Europe/Berlin', '2026-11-21T17:30:00Z'],
    ['9:00', '2026-11-20T20:00:00Z', 'Asia/Kolkata', '2026-11-21T03:30:00Z'],
    ['18:30', '2026-11-20T09:30:00Z', 'Nowhere/Land', '2026-11-20T18:30:00Z'],
    // The clock is put forward in Berlin on 29 March 2026 at 02:00, and back on 25 October at 03:00.
    ['18:30', '2026-03-28T20:00:00Z', 'Europe/Berlin', '2026-03-29T16:30:00Z'],
    ['18:30', '2026-10-24T20:00:00Z', 'Europe/Berlin', '2026-10-25T17:30:00Z'],
    ['2:30', '2026-03-28T20:00:00Z', 'Europe/Berlin', '2026-03-29T01:30:00Z'],
    ['2:30', '2026-10-24T20:00:00Z', 'Europe/Berlin', '2026-10-25T00:30:00Z'],
  ])('%s, said at %s in %s, is %s', (word, now, timeZone, expected) => {
    expect(iso(readMoment(word, desk(now, timeZone)))).toBe(expected);
  });

  test.each(['24:00', '9', '0m', 'yesterday', '-1h', '12:60', ''])('%s is none', (word) => {
    expect(readMoment(word, desk('2026-11-20T09:30:00Z'))).toBeNull();
  });

  test.each([
    ['2026-03-28T20:00:00Z', '2026-03-29T07:00:00Z'],
    ['2026-10-24T20:00:00Z', '2026-10-25T08:00:00Z'],
    // Already tomorrow there.
    ['2026-11-20T23:30:00Z', '2026-11-22T08:00:00Z'],
  ])('the morning after %s is %s', (now, expected) => {
    expect(iso(nextMorning(desk(now)))).toBe(expected);
  });
});

describe('a time zone', () => {
  test.each([
    ['europe/berlin', 'Europe/Berlin'],
    ['UTC', 'UTC'],
    ['Etc/UTC', 'Etc/UTC'],
    ['asia/KOLKATA', 'Asia/Kolkata'],
    ['America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['Europe/Berlim', null],
    ['+02:00', null],
    ['acme/web', null],
    ['', null],
  ])('%s is read as %s', (name, expected) => {
    expect(readTimeZone(name)).toBe(expected);
  });

  test.each([
    ['Berlin', 'Europe/Berlin'],
    ['New York', 'America/New_York'],
    ['Europe/Berlim', 'Europe/Berlin'],
    ['somewhere', null],
  ])('%s probably means %s', (name, expected) => {
    expect(suggestTimeZone(name)).toBe(expected);
  });
});

describe('what is held back', () => {
  test.each([
    ['quiet:22:00-07:00@Europe/Berlin', '2026-11-20T20:59:59Z', null],
    ['quiet:22:00-07:00@Europe/Berlin', '2026-11-20T21:00:00Z', '2026-11-21T06:00:00Z'],
    ['quiet:22:00-07:00@Europe/Berlin', '2026-11-21T05:59:59Z', '2026-11-21T06:00:00Z'],
    ['quiet:22:00-07:00@Europe/Berlin', '2026-11-21T06:00:00Z', null],
    ['quiet:12:00-13:00@UTC', '2026-11-21T12:30:00Z', '2026-11-21T13:00:00Z'],
    ['quiet:12:00-13:00@UTC', '2026-11-21T13:30:00Z', null],
    ['quiet:22:00-07:00', '2026-11-20T23:00:00Z', '2026-11-21T07:00:00Z'],
    // A night of eight hours in spring, and of ten in autumn.
    ['quiet:22:00-07:00@Europe/Berlin', '2026-03-28T21:30:00Z', '2026-03-29T05:00:00Z'],
    ['quiet:22:00-07:00@Europe/Berlin', '2026-03-29T05:00:00Z', null],
    ['quiet:22:00-07:00@Europe/Berlin', '2026-10-25T05:30:00Z', '2026-10-25T06:00:00Z'],
    ['quiet:22:00-07:00@America/New_York', '2026-11-01T11:30:00Z', '2026-11-01T12:00:00Z'],
    // It ends at 02:30, which the clock leaves out in spring, and shows twice in autumn: the first time counts.
    ['quiet:22:00-02:30@Europe/Berlin', '2026-03-29T01:15:00Z', '2026-03-29T01:30:00Z'],
    ['quiet:22:00-02:30@Europe/Berlin', '2026-10-25T00:15:00Z', '2026-10-25T00:30:00Z'],
    ['quiet:22:00-02:30@Europe/Berlin', '2026-10-25T01:15:00Z', null],
    ['digest:daily@09:00@Europe/Berlin', '2026-11-20T07:59:59Z', '2026-11-20T08:00:00Z'],
    ['digest:daily@09:00@Europe/Berlin', '2026-11-20T08:00:00Z', '2026-11-21T08:00:00Z'],
    ['digest:daily@09:00@Europe/Berlin', '2026-03-28T09:00:00Z', '2026-03-29T07:00:00Z'],
    ['digest:daily@09:00@Europe/Berlin', '2026-10-24T09:00:00Z', '2026-10-25T08:00:00Z'],
    ['digest:daily@02:30@Europe/Berlin', '2026-10-25T00:45:00Z', '2026-10-26T01:30:00Z'],
    ['digest:weekly@mon@09:00@UTC', '2026-11-20T09:30:00Z', '2026-11-23T09:00:00Z'],
    ['digest:weekly@fri@09:00@UTC', '2026-11-20T08:30:00Z', '2026-11-20T09:00:00Z'],
    ['digest:weekly@fri@09:00@UTC', '2026-11-20T09:00:00Z', '2026-11-27T09:00:00Z'],
    ['digest:weekly@sun@00:30@Pacific/Auckland', '2026-11-20T11:00:00Z', '2026-11-21T11:30:00Z'],
  ])('by %s at %s waits until %s', (line, now, expected) => {
    const schedule: Schedule | null = aRule(`acme/web ${line}`).schedule;

    expect(iso(heldUntil(schedule, new Date(now)))).toBe(expected);
  });
});
