import type { KnownBlock } from '@slack/types';
import type { Facts } from '../domain/diagnosis.ts';
import { bold, bullets, mono, plain, text } from './rich-text.ts';
import { count, oneLine } from './text.ts';

/** The failing tests by name, at most `most`, with where they stand and what they say; no block where none is known. */
export function failingTests({ failingTests: tests }: Facts, most: number): KnownBlock[] {
  if (tests.length === 0) return [];
  const items = tests
    .slice(0, most)
    .map(({ name, file, line, message: words }) => [
      bold(oneLine(name, 160)),
      ...(file === null ? [] : [text(' in '), mono(place(file, line), 160)]),
      ...(words === null ? [] : [text('\n'), plain(words, 240)]),
    ]);
  return [bullets([bold(leadOf(tests.length, most, 'failing test'))], items)];
}

/** What a compiler or a linter complains of, likewise. */
export function problems({ problems: found }: Facts, most: number): KnownBlock[] {
  if (found.length === 0) return [];
  const items = found
    .slice(0, most)
    .map(({ file, line, message: words }) => [mono(place(file, line), 160), text(' '), plain(words, 240)]);
  return [bullets([bold(leadOf(found.length, most, 'problem'))], items)];
}

function leadOf(total: number, most: number, noun: string): string {
  return total > most ? `${most} of ${count(total, noun)}` : count(total, noun);
}

function place(file: string, line: number | null): string {
  return line === null ? file : `${file}:${line}`;
}
