import { expect, test } from '@jest/globals';
import { ecosystemOf, toolOf } from '../../src/analysis/facts/work.ts';
import { digest } from './support.ts';

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
