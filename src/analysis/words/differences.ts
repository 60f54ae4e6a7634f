import type { Facts, LogLine } from '../../domain/diagnosis.ts';
import { shortPath } from '../paths.ts';
import type { Words } from './known-cause.ts';
import { circumstance, commandOf } from './place.ts';
import { clip, count, listNames } from './text.ts';

const HEAD = /^diff --git a\/(?<file>\S{1,240}) b\//u;
const NEW_FILE = /^\+{3} (?:b\/)?(?<file>[^\s]{1,240})/u;
const HUNK = /^@@ .{1,60} @@|^[+-](?![+-])\S/u;
const FEW_HUNKS = 3;

/** What to say where a check prints the difference between what is committed and what its tools make; null where none does. */
export function differenceWords(excerpt: readonly LogLine[], facts: Facts): Words | null {
  const hunks = excerpt.filter(({ text }) => HUNK.test(text)).length;
  const files = filesIn(excerpt, HEAD) ?? filesIn(excerpt, NEW_FILE) ?? [];
  const hasPlaces = excerpt.some(({ text }) => text.startsWith('@@ '));
  const isCertain = hasPlaces && excerpt.some(({ text }) => HEAD.test(text));
  if (!isCertain && (hunks < FEW_HUNKS || (files.length === 0 && !hasPlaces))) return null;
  const lead = `The check prints differences in ${files.length === 1 ? '' : `${count(files.length, 'file')}: `}`;
  const command = commandOf(facts);
  return {
    headline:
      files.length === 0
        ? 'The check prints differences between files'
        : `${lead}${listNames(files, 120 - lead.length)}`,
    cause: [
      'The files that are committed are not what the tools of the job make of them, or expect.',
      circumstance(facts),
    ]
      .filter((part) => part !== null)
      .join(' '),
    nextStep: `Make the same change to the files (lines with + and - show it) and commit it${command === null ? '.' : `. Check locally: ${clip(command, 120)}`}`,
  };
}

function filesIn(lines: readonly LogLine[], form: RegExp): string[] | null {
  const files = lines
    .map(({ text }) => form.exec(text)?.groups?.['file'] ?? '')
    .filter((file) => !/^$|^\/dev\/null$/u.test(file));
  return files.length === 0 ? null : [...new Set(files.map(shortPath))];
}
