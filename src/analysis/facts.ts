import type { FailingTest, Facts, LogLine, Problem } from '../domain/diagnosis.ts';
import type { LoggedJob } from '../domain/run.ts';
import type { Candidate, Segment } from './reduction.ts';
import type { Signature } from './signatures/index.ts';
import { shortPath } from './paths.ts';
import { isTestName, trimName } from './test-names.ts';
import type { StepPlace } from './steps.ts';

/** A kept line, redacted, with what the reducer knew of it. */
export interface FactLine {
  readonly line: LogLine;
  readonly candidate: Candidate;
}

const MAX_TESTS = 50;
const MAX_PROBLEMS = 50;
const MESSAGE_LENGTH = 300;
const NAME_LENGTH = 300;
/** A failing test's message stands within this many lines of its name. */
const MESSAGE_DISTANCE = 15;

/** Reads facts from redacted lines only, so they are redacted themselves. */
export function collectFacts(
  lines: readonly FactLine[],
  context: {
    job: LoggedJob | null;
    places: readonly StepPlace[];
    segments: readonly Segment[];
    /** The failed step as the log itself tells it, where nobody else does. */
    stepInLog: string | null;
    redact: (text: string) => string;
  },
): Facts {
  const { job, places, segments, stepInLog, redact } = context;
  const failing = segments.findLast(({ hasFailed, isPostJob }) => hasFailed === true && !isPostJob)?.title ?? null;
  const step =
    places.find(({ hasFailed }) => hasFailed)?.name ??
    job?.steps.find(({ conclusion }) => conclusion === 'failure' || conclusion === 'timed_out')?.name;
  const tool = leadingTool(lines);
  return {
    failingTests: failingTests(lines),
    problems: problems(lines),
    exitCode: exitCode(lines),
    failedStep: redactName(step ?? failing ?? phaseOfCommand(lines) ?? stepInLog, redact),
    failedCommand: failedCommand(lines, failing, redact),
    tool: tool?.tool ?? null,
    ecosystem: tool?.ecosystem ?? null,
  };
}

function redactName(name: string | null, redact: (text: string) => string): string | null {
  return name === null ? null : redact(name);
}

/** Travis names the phase in which a command failed that was not the script. */
function phaseOfCommand(lines: readonly FactLine[]): string | null {
  const said = lines.findLast(({ line }) => line.text.startsWith('The command '))?.line.text ?? '';
  return /^The command .{1,300} failed and exited with \d{1,3} during (\w{1,40})/u.exec(said)?.[1] ?? null;
}

function capture(signature: Signature, text: string): Record<string, string | undefined> | null {
  return signature.pattern.exec(text)?.groups ?? null;
}

/** The strongest name wins; the same test named again by a summary adds only what was missing. */
function failingTests(lines: readonly FactLine[]): FailingTest[] {
  const found = new Map<string, FailingTest>();
  lines.forEach(({ line, candidate }, index) => {
    const match = candidate.own < 4 ? undefined : candidate.matches.find(({ signature }) => signature.role === 'test');
    const groups = match === undefined ? null : capture(match.signature, line.text);
    const name = groups === null ? '' : trimName(groups['test'] ?? '').slice(0, NAME_LENGTH);
    if (groups === null || !isTestName(name)) return;
    const known = found.get(name);
    found.set(name, {
      name,
      file: known?.file ?? (groups['file'] === undefined ? fileAbove(lines, index) : shortPath(groups['file'])),
      line: known?.line ?? toNumber(groups['row']),
      message: known?.message ?? (clip(groups['message']) || messageBelow(lines, index)),
    });
  });
  return withoutShortForms([...found.values()]).slice(0, MAX_TESTS);
}

/** JavaScript's runners name the file once, above the tests that fail in it: `FAIL test/cart.test.js`. */
const FAILING_FILE = /^\s{0,8}FAIL\s{1,4}(?:\S{1,60}\s)?(\S{1,200}\.[cm]?[jt]sx?)(?:\s|$)/u;
const FILE_DISTANCE = 60;

function fileAbove(lines: readonly FactLine[], index: number): string | null {
  const own = lines[index]?.line.line ?? 0;
  for (let above = index - 1; above >= 0; above -= 1) {
    const line = lines[above]?.line;
    if (line === undefined || own - line.line > FILE_DISTANCE) return null;
    const file = FAILING_FILE.exec(line.text)?.[1];
    if (file !== undefined) return shortPath(file);
  }
  return null;
}

/** Runners list a test by its own name and again with its suite: the longer name stays. */
function withoutShortForms(tests: readonly FailingTest[]): FailingTest[] {
  return tests.filter(
    ({ name }) => !tests.some((other) => other.name.length > name.length && isShortFor(name, other.name)),
  );
}

function isShortFor(name: string, longer: string): boolean {
  return longer.endsWith(name) && /[\s.:#/>\u203a]$/u.test(longer.slice(0, -name.length));
}

/** What the runner says below a test's name: the error, and what was expected instead of what came. */
function messageBelow(lines: readonly FactLine[], index: number): string | null {
  const block = blockBelow(lines, index);
  const at = block.findIndex(({ saysMessage }) => saysMessage);
  const texts = block.map(({ text }) => text);
  const first = texts[at] ?? '';
  // "panicked at src/lib.rs:6:" announces what stands on the next line.
  const said = first.endsWith(':') ? `${first} ${texts[at + 1] ?? ''}`.trim() : first;
  const contrast = contrastIn(texts);
  // Jest's hint only names the matcher; with the two values at hand it says nothing more.
  if (contrast !== null && /^expect\(.{0,80}\)\./u.test(said)) return clip(contrast) || null;
  return clip([said, contrast ?? ''].filter((part) => part !== '').join('; ')) || null;
}

function blockBelow(lines: readonly FactLine[], index: number): Array<{ text: string; saysMessage: boolean }> {
  const last = (lines[index]?.line.line ?? 0) + MESSAGE_DISTANCE;
  const block: Array<{ text: string; saysMessage: boolean }> = [];
  for (const { line, candidate } of lines.slice(index + 1, index + 1 + MESSAGE_DISTANCE)) {
    const roles = new Set(candidate.matches.map(({ signature }) => signature.role));
    if (line.line > last || roles.has('test')) break;
    const text = line.text.replace(/^(?:E {3,12}|\s{0,12}\[junit\]\s)/u, '').trim();
    block.push({ text, saysMessage: roles.has('message') && candidate.own >= 5 });
  }
  return block;
}

/** "expected 90, got 81", where the block says it in two lines. */
function contrastIn(block: readonly string[]): string | null {
  const find = (names: RegExp): string | undefined =>
    block.map((text) => names.exec(text)?.[1]).find((value) => value !== undefined);
  const expected = find(/^(?:#\s{1,6})?(?:Expected|expected|right|want)(?: value)?:\s{1,8}(\S.{0,60})$/u);
  const actual = find(
    /^(?:#\s{1,6})?(?:Received|received|Actual|actual|But was|left|got)(?: value)?:\s{1,8}(\S.{0,60})$/u,
  );
  if (expected === undefined || actual === undefined) return null;
  const trim = (value: string): string => value.replace(/,$/u, '');
  return `expected ${trim(expected)}, got ${trim(actual)}`;
}

function problems(lines: readonly FactLine[]): Problem[] {
  const found = new Map<string, Problem>();
  for (const [index, { line, candidate }] of lines.entries()) {
    const match =
      candidate.own < 4 ? undefined : candidate.matches.find(({ signature }) => signature.role === 'problem');
    const groups = match === undefined ? placedBelow(lines, index) : capture(match.signature, line.text);
    const file = groups?.['file'];
    if (groups === null || file === undefined) continue;
    const code = groups['code'] === undefined ? '' : `${groups['code']}: `;
    const message = clip(`${code}${groups['message'] ?? ''}`) || textBelow(lines, index) || clip(line.text);
    const problem = { file: shortPath(file), line: toNumber(groups['row'] ?? groups['line']), message };
    found.set(`${problem.file}:${problem.line}:${message}`, problem);
  }
  return [...found.values()].slice(0, MAX_PROBLEMS);
}

/** Rust says what first, and where on the next line: `--> src/cart.rs:12:3`. */
const PLACE = /^\s{0,8}--> (?<file>[\w./\\-]{1,250}):(?<row>\d{1,6}):\d{1,6}$/u;

function placedBelow(lines: readonly FactLine[], index: number): Record<string, string | undefined> | null {
  const said = lines[index];
  const match = said?.candidate.matches.find(
    ({ signature: { role, ecosystem } }) => role === 'message' && ecosystem === 'rust',
  );
  const message = said === undefined || match === undefined ? null : capture(match.signature, said.line.text);
  const place = message === null ? undefined : PLACE.exec(textBelow(lines, index))?.groups;
  return place === undefined ? null : { ...message, ...place };
}

/** Some say where first, and what on the next line. */
function textBelow(lines: readonly FactLine[], index: number): string {
  const next = lines[index + 1]?.line;
  return next !== undefined && next.line === (lines[index]?.line.line ?? 0) + 1 ? clip(next.text) : '';
}

/** The last word of the CI system counts; what a tool said of its children is second. */
function exitCode(lines: readonly FactLine[]): number | null {
  for (const role of ['end', 'summary'] as const) {
    for (const { line, candidate } of lines.toReversed()) {
      const match = candidate.matches.find(
        ({ signature }) => signature.role === role && signature.pattern.source.includes('<code>'),
      );
      const code = match === undefined ? null : toNumber(capture(match.signature, line.text)?.['code']);
      if (code !== null) return code;
    }
  }
  return null;
}

function failedCommand(
  lines: readonly FactLine[],
  title: string | null,
  redact: (text: string) => string,
): string | null {
  if (title !== null && title.startsWith('Run ')) return redact(title.slice('Run '.length));
  for (const { line } of lines.toReversed()) {
    const command = /^The command "?(.{1,300}?)"? (?:exited with|failed)/u.exec(line.text)?.[1];
    if (command !== undefined) return command;
  }
  return null;
}

/** The tool whose words weigh most. */
function leadingTool(lines: readonly FactLine[]): Pick<Signature, 'tool' | 'ecosystem'> | null {
  const votes = new Map<string, { weight: number; signature: Signature }>();
  for (const { candidate } of lines) {
    const match = candidate.matches.find(
      ({ signature }) => signature.tool !== undefined || signature.ecosystem !== undefined,
    );
    if (match === undefined) continue;
    const key = match.signature.tool ?? match.signature.ecosystem ?? '';
    const known = votes.get(key);
    const weight = Math.min(candidate.own, match.signature.weight) ** 2;
    votes.set(key, { weight: (known?.weight ?? 0) + weight, signature: known?.signature ?? match.signature });
  }
  const [best] = [...votes.values()].toSorted((a, b) => b.weight - a.weight);
  return best?.signature ?? null;
}

function toNumber(digits: string | undefined): number | null {
  const value = digits === undefined ? Number.NaN : Number.parseInt(digits, 10);
  return Number.isSafeInteger(value) ? value : null;
}

function clip(text: string | undefined): string {
  return (text ?? '').trim().slice(0, MESSAGE_LENGTH);
}
