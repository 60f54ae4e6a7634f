import { expect, test } from '@jest/globals';
import { ecosystemOf, toolOf } from '../../src/analysis/facts/work.ts';
import { digest } from './support.ts';
import { step } from './words/support.ts';

test.each([
  ['npm test', 'npm'],
  ['CI=1 npx jest --ci', 'jest'],
  ['./gradlew build', 'gradle'],
  ['travis_retry bundle exec rake spec', 'rake'],
  ['sudo -E ./my-own-script.sh', null],
  ['bash build.sh', null],
])('the tool of "%s" is %s', (command, tool) => {
  expect(toolOf(command)).toBe(tool);
});

test('the language is told by the file, where no tool tells it', async () => {
  expect(ecosystemOf('src/cart.kt')).toBe('java');
  expect(ecosystemOf('Dockerfile')).toBeNull();
  expect((await digest('src/Cart.swift:3:7: error: cannot find tax in scope')).facts.ecosystem).toBe('swift');
});

test.each([
  [
    'a linter whose lines look like those of the compiler',
    'ruff check .',
    'F401 unused import\n --> src/cart.py:3:8',
    'ruff',
    'python',
  ],
  ['a cluster that says "error: "', 'kubectl rollout status deploy/cart', 'error: timed out waiting', 'kubectl', null],
  ['an archive that says "error: "', './archive.sh', 'error: no certificate fits', null, null],
  [
    'tsc, which writes like MSBuild',
    'make',
    "src/pay.ts(3,15): error TS2304: Cannot find name 'rate'.",
    'tsc',
    'javascript',
  ],
  ['Cargo, where no file is named', 'cargo audit', 'error: 1 vulnerability found!', 'cargo', 'rust'],
])('who speaks is told by the command: %s', async (_, command, output, tool, ecosystem) => {
  expect((await digest(step(command, output))).facts).toMatchObject({ tool, ecosystem });
});

test('what the CI system says of a step is no message of a test', async () => {
  const { facts } = await digest(step('bazel test //...', '//cart:tax_test           FAILED in 0.4s', 3));

  expect(facts.failingTests).toEqual([{ name: '//cart:tax_test', file: null, line: null, message: null }]);
});
