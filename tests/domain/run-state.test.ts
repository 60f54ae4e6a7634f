import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Conclusion, RUN_STATUSES } from '../../src/domain/run.ts';
import { advance, type Standing } from '../../src/domain/run-state.ts';

/** What GitHub tells of three attempts, the last of which failed; the first one waited for an approval. */
const TOLD: readonly Standing[] = [
  { attempt: 1, status: 'requested', conclusion: null },
  { attempt: 1, status: 'waiting', conclusion: null },
  { attempt: 1, status: 'waiting', conclusion: 'action_required' },
  { attempt: 1, status: 'in_progress', conclusion: null },
  { attempt: 1, status: 'completed', conclusion: 'failure' },
  { attempt: 2, status: 'requested', conclusion: null },
  { attempt: 2, status: 'in_progress', conclusion: null },
  { attempt: 2, status: 'completed', conclusion: 'cancelled' },
  { attempt: 3, status: 'requested', conclusion: null },
  { attempt: 3, status: 'in_progress', conclusion: null },
];
const END: Standing = { attempt: 3, status: 'completed', conclusion: 'failure' };

function endOf(states: readonly Standing[]): Standing | null {
  return states.reduce<Standing | null>((known, next) => (advance(known, next) === 'applied' ? next : known), null);
}

const permuted = (states: readonly Standing[]) =>
  fc.shuffledSubarray([...states], { minLength: states.length, maxLength: states.length });

describe('the state of a run', () => {
  test('is the same in whatever order, how often and with what gaps its states are told', () => {
    const told = fc
      .tuple(fc.subarray([...TOLD]), fc.subarray([...TOLD]))
      .chain(([first, again]) => permuted([...first, END, ...again, END]));

    fc.assert(
      fc.property(told, (states) => {
        expect(endOf(states)).toEqual(END);
      }),
      { numRuns: 1_000 },
    );
  });

  test('never goes back', () => {
    const goesBack = (states: readonly Standing[]): boolean => {
      const stood = states.map((_, index) => endOf(states.slice(0, index + 1)));
      return stood.some((now, index) => {
        const before = stood[index - 1] ?? null;
        return now !== null && before !== null && advance(now, before) === 'applied';
      });
    };

    fc.assert(
      fc.property(permuted([...TOLD, END]), (states) => {
        expect(goesBack(states)).toBe(false);
      }),
    );
    expect(goesBack([END])).toBe(false);
  });

  test('in all 24 orders of four deliveries, a repeated one changes nothing and is known as such', () => {
    const four = [...TOLD.slice(3, 6), END];
    for (const states of orders(four)) {
      const end = endOf(states);
      expect(end).toEqual(END);
      for (const state of states) expect(advance(end, state)).toBe(state === END ? 'repeated' : 'late');
    }
  });

  test('in one status is not changed by another conclusion', () => {
    const other: Conclusion = 'success';

    expect(advance(END, { ...END, conclusion: other })).toBe('late');
    for (const status of RUN_STATUSES) {
      const open = { attempt: 1, status, conclusion: null };
      expect(advance(open, { ...open, conclusion: other })).toBe('applied');
      expect(advance({ ...open, conclusion: other }, open)).toBe('late');
    }
  });
});

function orders<Item>(items: readonly Item[]): Item[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) => orders(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}
