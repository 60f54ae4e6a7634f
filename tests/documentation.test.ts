import { expect, test } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json')));

/** `npm run --silent cortex`, `npm test`, `npm start`: the script that is meant. */
const COMMAND =
  /\bnpm (?:--?[\w-]+ )*(?:(?:run|run-script) (?:--?[\w-]+ )*(?<named>[a-z][\w:-]*)|(?<short>test|start)\b)/gu;

test.each(['README.md', ...globSync('docs/**/*.md', { cwd: root })])('%s names only scripts that there are', (file) => {
  const named = Array.from(read(file).matchAll(COMMAND), ({ groups }) => groups?.['named'] ?? groups?.['short'] ?? '');

  expect(named.filter((script) => scripts[script] === undefined)).toEqual([]);
});

test('a script is named somewhere', () => {
  expect(read('docs/operations.md')).toMatch(COMMAND);
});
