import { describe, expect, test } from '@jest/globals';
import { findOwned, findSuspects } from '../../src/analysis/suspects.ts';
import type { Facts } from '../../src/domain/diagnosis.ts';
import type { Change } from '../../src/domain/origin.ts';

const aChange = (sha: string, ...paths: string[]): Change => ({
  sha,
  title: `Change ${sha}`,
  actor: `ada-${sha}`,
  paths,
});
const facts = (...files: string[]): Pick<Facts, 'problems' | 'failingTests'> => ({
  problems: files.map((file) => ({ file, line: 1, column: null, message: 'x', rule: null })),
  failingTests: [{ name: 'adds', file: null, line: null, message: null }],
});
const suspects = (changes: Change[], files: string[] = [], total = changes.length) =>
  findSuspects({ total, changes }, { facts: facts(...files), lastGood: 41, ownersOf: () => [] }).map(
    ({ sha, reason }) => [sha, reason],
  );

describe('suspects', () => {
  test('are those who touched a file that the failure names, the newest first', () => {
    const changes = [aChange('1', 'src/a.ts'), aChange('2', 'docs/x.md'), aChange('3', 'lib/src/a.ts')];

    expect(suspects(changes, ['./src/a.ts'])).toEqual([
      ['3', 'it changes lib/src/a.ts, which the failure names'],
      ['1', 'it changes src/a.ts, which the failure names'],
    ]);
    expect(suspects(changes, ['/home/runner/work/web/web/src/a.ts'])).toHaveLength(2);
  });

  test('are not those who touched a file that only ends alike', () => {
    const changes = [
      ...Array.from({ length: 6 }, (_, at) => aChange(`${at}`, 'docs/x.md')),
      aChange('9', 'src/data.ts', 'src/b/a.ts'),
    ];

    expect(suspects(changes, ['a.ts'])).toEqual([]);
  });

  test('else are those who touched the workflow', () => {
    const changes = [aChange('1', '.github/workflows/ci.yml'), aChange('2', 'README.md')];

    expect(suspects(changes, ['src/a.ts'])).toEqual([['1', 'it changes the workflow, .github/workflows/ci.yml']]);
  });

  test('else are the only ones there are, as long as those are few', () => {
    expect(suspects([aChange('1')])).toEqual([['1', 'the only commit since run #41 passed']]);
    expect(suspects(['1', '2', '3', '4'].map((sha) => aChange(sha)))).toEqual(
      ['4', '3', '2'].map((sha) => [sha, 'one of 4 commits since run #41 passed']),
    );
    expect(suspects(['1', '2', '3', '4', '5', '6'].map((sha) => aChange(sha)))).toEqual([]);
    expect(suspects([], [], 250)).toEqual([]);
  });

  test('say who owns the file that gave the reason, and nothing where there is none', () => {
    const ownersOf = (path: string): string[] => (path.startsWith('src/') ? ['acme/pay', 'ada'] : []);
    const find = (...paths: string[]) =>
      findSuspects(
        { total: 1, changes: [aChange('1', ...paths)] },
        { facts: facts('src/a.ts'), lastGood: 41, ownersOf },
      );

    expect(find('src/a.ts')[0]).toMatchObject({ owners: ['acme/pay', 'ada'] });
    expect(find('.github/workflows/ci.yml')[0]).not.toHaveProperty('owners');
    expect(find('docs/x.md')[0]).not.toHaveProperty('owners');
    expect(findOwned(facts('lib/x.ts', '/home/runner/work/web/web/src/a.ts'), ownersOf)).toEqual({
      path: 'src/a.ts',
      owners: ['acme/pay', 'ada'],
    });
    expect(findOwned(facts('lib/x.ts'), ownersOf)).toBeNull();
  });
});
