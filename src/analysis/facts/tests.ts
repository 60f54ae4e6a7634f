import type { FailingTest } from '../../domain/diagnosis.ts';
import { shortPath } from '../paths.ts';
import { isTestName, trimName } from '../test-names.ts';
import type { FactLine } from './format.ts';
import type { FactMatch, Groups, PlainLine } from './match.ts';
import { messageBelow } from './messages.ts';
import { findOwnFrame, findPlace } from './places.ts';
import { clip, firstByName, toNumber } from './values.ts';

const MAX_TESTS = 50;
const NAME_LENGTH = 300;
/** A stack trace under a test's name is searched this far for a place in its own sources. */
const PLACE_DISTANCE = 40;
/** Mocha writes one line for each suite above the test. */
const NAME_LINES = 6;

/**
 * The failing tests, each once under its longest name, in the order in which they are first named. Of too many, those are
 * kept that come first by name, so that tests that run side by side give the same choice each time.
 */
export function collectTests(
  matches: readonly FactMatch[],
  lines: readonly FactLine[],
  plain: readonly PlainLine[],
): FailingTest[] {
  const named = matches.filter(({ kind }) => kind === 'test');
  const found = new Map<string, FailingTest>();
  named.forEach(({ index, groups }, position) => {
    const bare = nameOf(groups, plain, index);
    if (bare === null) return;
    const end = Math.min(named[position + 1]?.index ?? lines.length, lastWithin(plain, index));
    const frame = findOwnFrame(plain, { from: index + 1, to: end, name: bare });
    const name = frame !== null && /^[\w$]{1,160}(?:[[({].{0,290})?$/u.test(bare) ? `${frame.suite}.${bare}` : bare;
    // pytest writes TestCart.test_total in one place and TestCart::test_total in another.
    const key = name.replaceAll('::', '.');
    const known = found.get(key);
    const place = groups['row'] === undefined ? (frame ?? findPlace(plain, index + 1, end)) : null;
    const file = groups['file'] === undefined ? null : shortPath(groups['file']);
    const line = toNumber(groups['row']) ?? (place !== null && isSameFile(place.file, file) ? place.line : null);
    found.set(key, {
      name: known !== undefined && known.name.length > name.length ? known.name : name,
      file: known?.file ?? file ?? place?.file ?? null,
      line: known?.line ?? line,
      message: known?.message ?? (clip(groups['message']) || messageBelow(lines, index, end)),
    });
  });
  return firstByName(withoutShortForms([...found.values()]), ({ name }) => name, MAX_TESTS);
}

function nameOf(groups: Groups, plain: readonly PlainLine[], index: number): string | null {
  const bare = trimName(joinedName(groups['test'] ?? '', plain, index)).slice(0, NAME_LENGTH);
  if (!isTestName(bare)) return null;
  const suite = groups['suite'];
  if (suite === undefined) return bare;
  return `${suite}${/^[\w$.]{1,200}$/u.test(suite) ? '.' : ' > '}${bare}`;
}

/** "1) cart", "with a discount", "applies it once:" are one name over three lines, each further to the right. */
function joinedName(name: string, plain: readonly PlainLine[], index: number): string {
  const first = plain[index];
  if (first === undefined || name.endsWith(':') || !/^\s{0,16}\d{1,4}\) /u.test(first.text)) return name;
  const parts = [name];
  let indent = indentOf(first.text);
  for (let at = 1; at < NAME_LINES; at += 1) {
    const next = plain[index + at];
    if (next === undefined || next.number !== first.number + at || indentOf(next.text) <= indent) return name;
    parts.push(next.text.trim());
    if (next.text.endsWith(':')) return parts.join(' ');
    indent = indentOf(next.text);
  }
  return name;
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}

function isSameFile(place: string, file: string | null): boolean {
  return file === null || place.endsWith(file) || file.endsWith(place);
}

function lastWithin(plain: readonly PlainLine[], index: number): number {
  const last = (plain[index]?.number ?? 0) + PLACE_DISTANCE;
  const end = plain.findIndex(({ number }, at) => at > index && number > last);
  return end === -1 ? plain.length : end;
}

/** Runners list a test by its own name and again with its suite, and a suite beside its parts: the longest name stays. */
function withoutShortForms(tests: readonly FailingTest[]): FailingTest[] {
  return tests
    .filter(({ name }) => !tests.some((other) => other.name.length > name.length && isShortFor(name, other.name)))
    .map((test) => {
      const short = tests.find((other) => other !== test && isShortFor(other.name, test.name));
      return short === undefined
        ? test
        : {
            name: test.name,
            file: test.file ?? short.file,
            line: test.line ?? (test.file === null || test.file === short.file ? short.line : null),
            message: test.message ?? short.message,
          };
    });
}

const PARAMETERS = /[[{(].{0,290}[\])}]$/u;

function isShortFor(name: string, longer: string): boolean {
  if (longer.startsWith(`${name}/`)) return true;
  return [longer, longer.replace(PARAMETERS, '')].some(
    (form) => form.length > name.length && form.endsWith(name) && /[\s.:#/>\u203a]$/u.test(form.slice(0, -name.length)),
  );
}
