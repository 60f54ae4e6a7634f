import type { Facts, LogLine } from '../../domain/diagnosis.ts';
import type { Words } from './known-cause.ts';
import { circumstance } from './place.ts';
import { clip, count, plain, sentence } from './text.ts';

const FAILING = /^\s{0,4}FAIL\s{1,6}(?:\S{1,40}\s{1,4})?(?<file>[\w@./-]{1,200}\.[cm]?[jt]sx?)(?:\s|$)/u;
const CANNOT_RUN = /Test suite failed to run/u;

/** What to say where Jest could not even load its test files; null where it could. */
export function testFileWords(lines: readonly LogLine[], facts: Facts): Words | null {
  const at = lines.findIndex(({ text }) => CANNOT_RUN.test(text));
  const files = [...new Set(lines.flatMap(({ text }) => FAILING.exec(text)?.groups?.['file'] ?? []))];
  const [first] = files;
  if (at < 0 || first === undefined) return null;
  const said =
    lines
      .slice(at + 1, at + 6)
      .map(({ text }) => plain(text))
      .find((text) => text.length > 8) ?? null;
  const lead =
    files.length === 1
      ? `The test file ${first} cannot run (Jest)`
      : `${count(files.length, 'test file')} cannot run (Jest)`;
  return {
    headline: `${lead}${said === null ? '' : `: ${said}`}`,
    cause: [
      'Jest stopped before it reached a test: the file, or something that it imports, does not load.',
      said !== null && said.length > 60 ? `The log says: ${sentence(clip(said, 200))}` : null,
      circumstance(facts),
    ]
      .filter((part) => part !== null)
      .join(' '),
    nextStep: `${files.length === 1 ? 'Run it locally' : 'Start with the first'}: npx jest ${first}`,
  };
}
