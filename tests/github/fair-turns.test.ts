import { describe, expect, test } from '@jest/globals';
import { createFairTurns } from '../../src/github/fair-turns.ts';

/** Work that ends when it is told to. */
function someWork(places: number) {
  const turns = createFairTurns(places);
  const begun: string[] = [];
  const ends: Array<PromiseWithResolvers<void>> = [];
  const ask = (key: string, name: string) =>
    turns.take(key, () => {
      begun.push(name);
      const end = Promise.withResolvers<void>();
      ends.push(end);
      return end.promise;
    });
  const endAll = async () => {
    while (ends.length > 0) {
      ends.shift()?.resolve();
      await new Promise((resolve) => void setImmediate(resolve));
    }
  };
  return { begun, ends, ask, endAll };
}

describe('turns', () => {
  test('are taken by one repository after the other, however many one of them asks', async () => {
    const { begun, ask, endAll } = someWork(2);
    const all = [
      ...Array.from({ length: 5 }, (_, index) => ask('large', `large ${index}`)),
      ask('small', 'small 0'),
      ask('tiny', 'tiny 0'),
      ask('small', 'small 1'),
    ];

    await endAll();
    await Promise.all(all);

    expect(begun).toEqual(['large 0', 'large 1', 'large 2', 'small 0', 'tiny 0', 'large 3', 'small 1', 'large 4']);
  });

  test('are given back by what fails', async () => {
    const turns = createFairTurns(1);
    const fail = () => Promise.reject(new Error('no'));

    await expect(turns.take('a', fail)).rejects.toThrow('no');
    await expect(Promise.all([turns.take('a', async () => 1), turns.take('b', async () => 2)])).resolves.toEqual([
      1, 2,
    ]);
  });
});
