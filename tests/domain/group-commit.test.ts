import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { GroupCommit } from '../../src/domain/group-commit.ts';
import { DatabaseUnavailableError } from '../../src/errors.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A database that answers when it is told to. */
function aSlowDatabase(sizeOf = (gathered: number): number => Math.min(gathered, 500)) {
  const batches: Array<{ items: readonly string[]; answer(error?: Error): void }> = [];
  const group = new GroupCommit<string, string>({
    commit: (items) =>
      new Promise((resolve, reject) => {
        const answer = (error?: Error): void =>
          error === undefined ? resolve(items.map((item) => `${item} stored`)) : reject(error);
        batches.push({ items, answer });
      }),
    bytesOf: (item) => (item === 'huge' ? 100 * 1024 * 1024 : item.length),
    deadlineMs: 7000,
    sizeOf,
    mostBytes: 16 * 1024 * 1024,
    refusal: (reason) => new DatabaseUnavailableError(reason),
  });
  return { group, batches, sizes: () => batches.map(({ items }) => items.length) };
}

test('two batches start at once, and what comes meanwhile gathers for the next one', async () => {
  const { group, batches, sizes } = aSlowDatabase();
  const added = ['a', 'b', 'c', 'd', 'e'].map((item) => group.add(item));
  expect(sizes()).toEqual([1, 1]);

  batches[0]?.answer();

  expect(await added[0]).toBe('a stored');
  expect(sizes()).toEqual([1, 1, 3]);
  batches[1]?.answer();
  batches[2]?.answer();
  expect(await Promise.all(added)).toEqual(['a stored', 'b stored', 'c stored', 'd stored', 'e stored']);
});

test('a batch has the size that its kind asks for, and the rest goes with the next one', async () => {
  const { group, batches, sizes } = aSlowDatabase((gathered) => (gathered >= 4 ? 4 : 1));
  const added = Array.from('abcdefghi', (item) => group.add(item));
  expect(sizes()).toEqual([1, 1]);

  for (const number of [0, 1, 2, 3, 4]) {
    batches[number]?.answer();
    await added[number];
  }
  expect(sizes()).toEqual([1, 1, 4, 1, 1, 1]);
  batches[5]?.answer();
  expect(await Promise.all(added)).toHaveLength(9);
});

test('a failed batch fails all its members and no others', async () => {
  const { group, batches } = aSlowDatabase();
  const outcomes = Promise.allSettled(['a', 'b', 'c', 'd'].map((item) => group.add(item)));
  batches[0]?.answer();
  batches[1]?.answer();
  await Promise.resolve();
  await jest.advanceTimersByTimeAsync(0);
  batches[2]?.answer(new Error('the connection broke'));

  expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
});

test('nobody waits longer than the deadline, and what waited that long is not sent any more', async () => {
  const { group, batches, sizes } = aSlowDatabase();
  const outcomes = Promise.allSettled(['a', 'b', 'c'].map((item) => group.add(item)));

  await jest.advanceTimersByTimeAsync(7000);

  for (const outcome of await outcomes) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(DatabaseUnavailableError) });
  }
  batches[0]?.answer();
  batches[1]?.answer();
  await group.settle();
  expect(sizes()).toEqual([1, 1]);
});

test('more than the memory holds is refused at once', async () => {
  const { group, batches } = aSlowDatabase();
  const first = ['a', 'b', 'huge'].map((item) => group.add(item));

  await expect(group.add('huge')).rejects.toThrow(DatabaseUnavailableError);

  batches[0]?.answer();
  batches[1]?.answer();
  await jest.advanceTimersByTimeAsync(0);
  batches[2]?.answer();
  expect(await Promise.all(first)).toEqual(['a stored', 'b stored', 'huge stored']);
});

test('a close waits for what is under way', async () => {
  const { group, batches } = aSlowDatabase();
  const added = ['a', 'b', 'c'].map((item) => group.add(item));
  const settling = group.settle();
  const first = Promise.race([settling.then(() => 'settled'), jest.advanceTimersByTimeAsync(1).then(() => 'waiting')]);
  batches[0]?.answer();
  batches[1]?.answer();
  expect(await first).toBe('waiting');

  batches[2]?.answer();

  await settling;
  expect(await Promise.all(added)).toHaveLength(3);
});
