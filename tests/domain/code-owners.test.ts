import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CODE_OWNERS_LIMITS, ownerName, ownersOf, ownersOfPath, readCodeOwners } from '../../src/domain/code-owners.ts';

const owners = (text: string, path: string): string[] => ownersOfPath(readCodeOwners(text), path).map(ownerName);

describe('a pattern of CODEOWNERS', () => {
  const fits = (pattern: string, path: string): boolean => owners(`${pattern} @ada`, path).length > 0;

  test.each([
    // docs.github.com, "About code owners", example of a CODEOWNERS file
    ['*', 'README.md', true],
    ['*', 'src/deep/down.ts', true],
    ['*.js', 'a.js', true],
    ['*.js', 'src/deep/a.js', true],
    ['*.js', 'a.jsx', false],
    ['/build/logs/', 'build/logs/today.txt', true],
    ['/build/logs/', 'build/logs/deep/today.txt', true],
    ['/build/logs/', 'tools/build/logs/today.txt', false],
    ['/build/logs/', 'build/logs', false],
    ['docs/*', 'docs/getting-started.md', true],
    ['docs/*', 'docs/build-app/troubleshooting.md', false],
    ['docs/*', 'site/docs/getting-started.md', false],
    ['apps/', 'apps/shop/main.ts', true],
    ['apps/', 'old/apps/shop/main.ts', true],
    ['apps/', 'apps', false],
    ['/docs/', 'docs/guide/one.md', true],
    ['/docs/', 'old/docs/one.md', false],
    ['/scripts/', 'scripts/run.sh', true],
    ['**/logs', 'build/logs/today.txt', true],
    ['**/logs', 'logs', true],
    ['**/logs', 'deeply/nested/logs/x/y', true],
    ['**/logs', 'catalogs/x', false],
    // a slash at the beginning or in the middle ties to the root
    ['/README.md', 'README.md', true],
    ['/README.md', 'docs/README.md', false],
    ['README.md', 'docs/README.md', true],
    ['src/index.ts', 'src/index.ts', true],
    ['src/index.ts', 'lib/src/index.ts', false],
    ['/src', 'src/deep/index.ts', true],
    ['/src', 'src', true],
    ['src/cart', 'src/cart/total.ts', true],
    ['src/cart', 'src/cart-old/total.ts', false],
    ['/*', 'README.md', true],
    ['/*', 'src/README.md', false],
    ['/', 'README.md', false],
    // stars
    ['src/*/test', 'src/cart/test/a.ts', true],
    ['src/*/test', 'src/test/a.ts', false],
    ['src/*/test', 'src/a/b/test/a.ts', false],
    ['src/**/test', 'src/test/a.ts', true],
    ['src/**/test', 'src/a/b/test/a.ts', true],
    ['src/**', 'src/a/b', true],
    ['src/**', 'src', false],
    ['**', 'a/b/c', true],
    ['**/*.md', 'a/b/c.md', true],
    ['**/*.md', 'c.md', true],
    ['src/*.ts', 'src/a.ts', true],
    ['src/*.ts', 'src/deep/a.ts', false],
    ['src/a*b*c', 'src/a-b-c', true],
    ['src/a*b*c', 'src/a-c-b', false],
    ['file?.txt', 'file1.txt', true],
    ['file?.txt', 'file12.txt', false],
    ['a**b', 'axxb', true],
    // escapes, and what is no special character here
    [String.raw`/with\ blank.md`, 'with blank.md', true],
    [String.raw`/with\ blank/`, 'with blank/a.md', true],
    [String.raw`\*.md`, '*.md', true],
    [String.raw`\*.md`, 'a.md', false],
    ['a+b.(c)', 'a+b.(c)', true],
    ['a.b', 'axb', false],
    ['déjà.md', 'vu/déjà.md', true],
    // upper and lower case are told apart
    ['README.md', 'readme.md', false],
    // what GitHub does not understand is left out
    ['!src/', 'src/a.ts', false],
    ['[ab].ts', 'a.ts', false],
    [String.raw`\#notes`, '#notes', false],
    ['a***b', 'ab', false],
  ])('%s and %s: %s', (pattern, path, expected) => {
    expect(fits(pattern, path)).toBe(expected);
  });

  test('that is made to be slow is not', () => {
    const pattern = `${'*a'.repeat(400)}*b`;
    const path = Array.from({ length: 50 }, () => 'a'.repeat(80)).join('/');
    expect(fits(pattern, path)).toBe(false);
    expect(fits(`${'**/a/'.repeat(150)}b`, Array.from({ length: 500 }, () => 'a').join('/'))).toBe(false);
  });

  test('of any characters is read or left out, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.string({ maxLength: 60 }), (line, path) => {
        expect(Array.isArray(owners(line, path))).toBe(true);
      }),
    );
  });
});

describe('a line of CODEOWNERS', () => {
  test.each([
    ['users, teams and addresses', '* @ada @acme/cart ops@acme.example', ['ada', 'acme/cart', 'ops@acme.example']],
    ['a remark on a line of its own', '# * @ada', []],
    ['a remark behind the owners', '* @ada #@ben is away', ['ada']],
    ['a remark behind the owners, apart', '* @ada # @ben', ['ada']],
    ['blanks and tabs around', '  *\t@ada   @ben  ', ['ada', 'ben']],
    ['the line ends of Windows', '* @ada\r\n/x @ben\r\n', ['ada']],
    ['a mark at the beginning of the file', '\uFEFF* @ada', ['ada']],
    ['an empty line', '\n\n* @ada\n\n', ['ada']],
    ['what is no owner makes the line none', '* @ada ben', []],
    ['a broadcast is a name like any other', '* @channel', ['channel']],
    ['a mention of Slack is no owner', '* <!channel>', []],
    ['an address in brackets is no owner', '* <ops@acme.example>', []],
  ])('%s', (_name, text, expected) => {
    expect(owners(text, 'a.ts')).toEqual(expected);
  });

  test('that fits last decides, also where it names nobody', () => {
    const text = '* @everyone-else\n/apps/ @octocat\n/apps/github\n/apps/github/secret @doctocat';

    expect(owners(text, 'README.md')).toEqual(['everyone-else']);
    expect(owners(text, 'apps/web/a.ts')).toEqual(['octocat']);
    expect(owners(text, 'apps/github/a.ts')).toEqual([]);
    expect(owners(text, 'apps/github/secret/a.ts')).toEqual(['doctocat']);
  });

  test('that cannot be read leaves the one before it in force', () => {
    expect(owners('* @ada\n* not-an-owner\n[a-z] @ben', 'a.ts')).toEqual(['ada']);
  });
});

describe('the owners of a change', () => {
  test('come once each, those of most files first', () => {
    const rules = readCodeOwners('*.ts @ada\n*.md @docs @Ada\n/bin/ ops@acme.example');

    const found = ownersOf(rules, ['one.md', 'two.md', 'a.ts', 'bin/x', 'a.ts', 'LICENSE']);

    expect(found.map(ownerName)).toEqual(['Ada', 'docs', 'ops@acme.example']);
  });

  test('of a file with too many lines are nobody', () => {
    const text = '* @ada\n'.repeat(CODE_OWNERS_LIMITS.lines + 1);
    expect(readCodeOwners(text)).toEqual([]);
  });

  test('are found in time in the largest file there can be', () => {
    const line = `*a*a*a*b @ada\n`;
    const rules = readCodeOwners(line.repeat(CODE_OWNERS_LIMITS.lines - 1));
    const paths = Array.from({ length: 300 }, (_, at) => `src/${'a'.repeat(40)}/${at}.ts`);
    const began = performance.now();
    expect(ownersOf(rules, paths)).toEqual([]);
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});
