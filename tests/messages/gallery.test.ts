import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { galleryStates } from '../../scripts/gallery/states.ts';
import { refuseMessage, refuseView } from '../../src/sandbox/slack/validation/validate.ts';
import { faultsIn } from '../support/hostile.ts';

const root = path.resolve(import.meta.dirname, '../..');
const states = galleryStates();

describe('the gallery', () => {
  test.each(states.map((state) => [state.name, state] as const))('%s is what Slack takes', (_name, state) => {
    const refusal = state.kind === 'message' ? refuseMessage(state.shown) : refuseView(state.shown, state.kind);

    expect(refusal).toBeNull();
    expect(faultsIn(state.shown, state.kind === 'message' ? 50 : 100)).toEqual([]);
  });

  test('has a name of its own for each picture', () => {
    expect(states.map(({ name }) => name).filter((name) => !/^[\w-]{1,120}$/u.test(name))).toEqual([]);
    expect(new Set(states.map(({ name }) => name)).size).toBe(states.length);
  });

  test('shows everything that can be said', () => {
    const said = filesIn('src/messages').flatMap((text) =>
      [
        ...text.matchAll(
          /export function (\w+)\((?:(?!\n\}\n)[\s\S])*?\): (?:Message|HomeTab|Modal)(?:\[\]| \| null)? \{/gu,
        ),
      ].flatMap(([, name]) => name ?? []),
    );
    const drawn = filesIn('scripts/gallery').join('\n');

    expect(said.length).toBeGreaterThan(30);
    expect(said.filter((name) => !BUILDERS.includes(name) && !drawn.includes(`${name}(`))).toEqual([]);
  });
});

/** What messages are made with. */
const BUILDERS = ['message', 'sentence', 'withLead'];

function filesIn(folder: string): string[] {
  const whole = path.join(root, folder);
  return readdirSync(whole)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(path.join(whole, name), 'utf8'));
}
