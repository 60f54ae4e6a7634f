import { withoutLead } from '../lead.ts';
import { hitsOf } from '../parse.ts';
import { buildPrefilter } from '../prefilter.ts';
import type { FactFormat, FactLine, Neighbour } from './format.ts';
import { FUNCTIONAL_FORMATS } from './formats-functional.ts';
import { JAVASCRIPT_FORMATS } from './formats-javascript.ts';
import { JVM_FORMATS } from './formats-jvm.ts';
import { NATIVE_FORMATS } from './formats-native.ts';
import { PYTHON_FORMATS } from './formats-python.ts';
import { SCRIPTING_FORMATS } from './formats-scripting.ts';
import { SHARED_FORMATS } from './formats-shared.ts';
import { TOOL_FORMATS } from './formats-tools.ts';

/** Every format that facts are read from; of several that match a line, the first counts. */
export const FORMATS: readonly FactFormat[] = [
  ...JAVASCRIPT_FORMATS,
  ...PYTHON_FORMATS,
  ...JVM_FORMATS,
  ...FUNCTIONAL_FORMATS,
  ...SCRIPTING_FORMATS,
  ...NATIVE_FORMATS,
  ...TOOL_FORMATS,
  ...SHARED_FORMATS,
];
const FORMAT_PREFILTER = buildPrefilter(FORMATS.map(({ literals }) => literals));

export type Groups = Readonly<Record<string, string | undefined>>;

/** What one line tells, together with its neighbours. */
export interface FactMatch {
  /** Index into the lines. */
  readonly index: number;
  readonly kind: FactFormat['kind'];
  readonly groups: Groups;
}

/** A line's text without what CI systems and wrappers put before it. */
export interface PlainLine {
  readonly number: number;
  readonly text: string;
}

const WRAPPER =
  /^(?:##\[(?:error|warning|debug)\](?:Error: )?|\s{0,12}\[(?:junit|exec|java|testng)\] ?|(?:#\d{1,4} )?\d{1,6}\.\d{3} (?=\S)|[a-z][\w-]{0,60} {0,20}> (?=\s{4}|\S{1,250}\.l?hsc?:\d)|\[[\w -]{1,30}\] {0,4}\[(?=(?:ERROR|error)\])|[\w@./-]{1,60}:(?:test|lint|build|check|typecheck|types|compile)[\w:-]{0,30}: )/u;

/** Takes off prefixes that would hide a format. */
export function plainLines(lines: readonly FactLine[]): PlainLine[] {
  return lines.map(({ line }) => {
    const stripped = withoutLead(line.text).replace(WRAPPER, '');
    // A pattern of one wrapper keeps the bracket that the level begins with.
    return { number: line.line, text: /^(?:ERROR|error)\]/u.test(stripped) ? `[${stripped}` : stripped };
  });
}

const RUNNER =
  /\b\d{1,6} (?:tests? |specs? |examples?, )?(?:failing|failed|fail(?:ures?)?)\b|\bTests?:? {1,12}\d{1,6} failed|\b(?:Failures?|FAILURES|Failed tests):|There (?:was|were) \d{1,6} (?:failure|error)|FAILURES!|TEST RUN FAILED|FAILED TESTS|failures?=\d|ℹ fail [1-9]/u;

/** Finds what is told in known formats, in log order. */
export function matchFacts(lines: readonly PlainLine[]): FactMatch[] {
  const hasRunner = lines.some(({ text }) => RUNNER.test(text));
  return lines.flatMap((line, index) => {
    const hits = hitsOf(FORMAT_PREFILTER, Buffer.from(line.text)).toSorted((a, b) => a - b);
    for (const hit of hits) {
      const format = FORMATS[hit];
      if (format === undefined || (format.needsRunner === true && !hasRunner)) continue;
      const groups = groupsOf(format, lines, index);
      if (groups !== null) return [{ index, kind: format.kind, groups }];
    }
    return [];
  });
}

function groupsOf(format: FactFormat, lines: readonly PlainLine[], index: number): Groups | null {
  const own = format.pattern.exec(lines[index]?.text ?? '');
  if (own === null) return null;
  const above = format.above === undefined ? {} : neighbour(lines, index, { ...format.above, step: -1 });
  const below = format.below === undefined ? {} : neighbour(lines, index, { ...format.below, step: 1 });
  if (above === null || below === null) return null;
  return { ...defined(above), ...defined(below), ...defined(own.groups ?? {}) };
}

/** The nearest line that fits; null where one is needed and none does. */
function neighbour(
  lines: readonly PlainLine[],
  index: number,
  { pattern, within, isNeeded, step }: Neighbour & { step: 1 | -1 },
): Groups | null {
  const own = lines[index]?.number ?? 0;
  for (let at = index + step; ; at += step) {
    const line = lines[at];
    if (line === undefined || Math.abs(line.number - own) > within) return isNeeded === true ? null : {};
    const match = pattern.exec(line.text);
    if (match !== null) return match.groups ?? {};
  }
}

function defined(groups: Groups): Groups {
  return Object.fromEntries(Object.entries(groups).filter(([, value]) => value !== undefined && value !== ''));
}
