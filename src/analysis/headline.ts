import type { Facts, LogLine } from '../domain/diagnosis.ts';
import type { ReasonRequest } from '../domain/ports.ts';
import { withoutLead } from './lead.ts';
import { withoutCheckout } from './paths.ts';
import { scoreText } from './score.ts';

/** Slack's preview and a phone's lock screen show about this much. */
export const HEADLINE_LIMIT = 120;

type Request = Pick<ReasonRequest, 'category' | 'verdict' | 'facts' | 'excerpt' | 'evidence'>;

/** What broke, as concretely as the facts allow, in at most HEADLINE_LIMIT characters. */
export function writeHeadline(request: Request): string {
  const { facts, category, verdict } = request;
  const own = byVerdict(request);
  if (own !== null) return fit(own);
  if (facts.failingTests.length > 0 && (category === 'test' || facts.problems.length === 0))
    return fit(testHeadline(facts));
  if (facts.problems.length > 0) return fit(problemHeadline(facts));
  const said = speakingLine(request);
  if (said !== null) return fit(`${leadIn(request)}${said}`);
  if (verdict.kind === 'timeout') return fit(`${placeOf(facts)} ran out of time`);
  return fit(bareHeadline(facts));
}

function byVerdict({ verdict, facts }: Request): string | null {
  switch (verdict.kind) {
    case 'timeout':
      return `${placeOf(facts)} ran out of time`;
    case 'cancelled':
      return `${placeOf(facts)} was cancelled`;
    case 'superseded':
      return `${placeOf(facts)} was stopped because a newer run took its place`;
    case 'new':
    case 'recurring':
    case 'failing-on-base':
    case 'flaky':
    case 'infrastructure':
    case 'configuration':
      return null;
    default:
      return verdict.kind satisfies never;
  }
}

const ROOM_FOR_A_MESSAGE = 50;

function testHeadline({ failingTests }: Facts): string {
  const [first] = failingTests;
  if (first === undefined) return 'Tests fail';
  const files = [...new Set(failingTests.map(({ file }) => file))];
  const [file] = files;
  const where = files.length === 1 && file !== null && file !== undefined ? ` in ${baseFile(file)}` : '';
  if (failingTests.length === 1) {
    const name = `Test "${shortName(first.name, 60)}" fails`;
    const why = first.message === null ? '' : `: ${oneLine(first.message)}`;
    const wordings = [`${name}${where}${why}`, `${name}${why}`];
    const whole = wordings.find((words) => words.length <= HEADLINE_LIMIT);
    // A long message may be cut, but a few letters of one say nothing.
    const hasRoom = HEADLINE_LIMIT - name.length >= ROOM_FOR_A_MESSAGE;
    return whole ?? (hasRoom ? `${name}${why}` : `${name}${where}`);
  }
  return `${failingTests.length} tests fail${where}: ${failingTests
    .slice(0, 3)
    .map(({ name }) => `"${shortName(name, failingTests.length > 2 ? 36 : 48)}"`)
    .join(', ')}${failingTests.length > 3 ? ', ...' : ''}`;
}

const TOOL_NAMES: Readonly<Record<string, string>> = {
  tsc: 'TypeScript',
  rustc: 'Rust',
  eslint: 'ESLint',
  flake8: 'flake8',
  mypy: 'mypy',
  rubocop: 'RuboCop',
  prettier: 'Prettier',
  kotlinc: 'Kotlin',
  cmake: 'CMake',
  latex: 'LaTeX',
  pytest: 'pytest',
  msbuild: 'Build',
  markdownlint: 'markdownlint',
};

function problemHeadline({ problems, tool }: Facts): string {
  const [first] = problems;
  if (first === undefined) return 'The build fails';
  const name = tool === null ? null : (TOOL_NAMES[tool] ?? null);
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  const place = `${first.file}${first.line === null ? '' : `:${first.line}`}`;
  const lead = `${name === null ? '' : `${name}: `}${clip(place, 60)} `;
  return `${lead}${clip(oneLine(first.message), HEADLINE_LIMIT - lead.length - more.length)}${more}`;
}

/** Steps whose names tell nothing: Travis and GitLab call the job's own work so, and Taskcluster. */
const EVERY_JOB_HAS: ReadonlySet<string> = new Set(['script', 'task']);

/** "What was said" alone can be cryptic; the step says where. */
function leadIn({ facts, category, verdict }: Request): string {
  if (facts.failedStep !== null && facts.failedStep.length <= 40 && !EVERY_JOB_HAS.has(facts.failedStep))
    return `${stepName(facts.failedStep).replace(/^Run /u, '')}: `;
  if (verdict.kind === 'infrastructure') return 'Infrastructure: ';
  if (category === 'dependency') return 'Dependencies: ';
  return '';
}

/** The line of the evidence that speaks best for the whole. */
export function speakingLine({ evidence, excerpt }: Pick<Request, 'evidence' | 'excerpt'>): string | null {
  const lines = evidence.length > 0 ? evidence : excerpt;
  const ranked = lines
    .map((line, index) => {
      const text = plain(line);
      // Of equals the later one: tools print the cause last.
      return { text, worth: worthOf(line.text, text) + (0.8 * index) / lines.length };
    })
    .filter(({ text, worth }) => text.length >= 6 && worth > 1)
    .toSorted((x, y) => y.worth - x.worth);
  return ranked[0]?.text ?? null;
}

const SAYS_NOTHING =
  /^(?:Process completed with exit code|The command .{0,300} exited with|Executing the custom container implementation failed|Done\. Your build exited|Your build has been stopped|npm (?:ERR!|error) (?:code (?:ELIFECYCLE|\d)|errno|A complete log|path|command|syscall)|Error: Process completed|ERROR: Job failed: exit)/u;
const SAYS_LITTLE =
  /^(?:collect2: error|.{0,12}note: collect2|make(?:\[\d\])?: \*\*\*|error: (?:process didn't|could not compile|aborting)|at |Caused by:$|\d{1,6} (?:errors?|problems?|failures?)|exit (?:code|status)|Tests? run|Failures?:|Errors?:|diff --git|@@ |["'][\w-]{1,40}["']: |Starting process |Caused by:|[A-Z][\w ]{2,30}: \S{1,40}$)/iu;

/** What a line weighs by its signatures; a sentence with a reason in it beats a count, a count beats "exit code 1". */
function worthOf(raw: string, text: string): number {
  if (SAYS_NOTHING.test(text)) return 0;
  const { value, matches } = scoreText(raw);
  const role = matches[0]?.signature.role;
  const byRole = role === 'message' || role === 'problem' ? 1.5 : role === 'summary' || role === 'context' ? -2 : 0;
  const byLength = text.length > 20 && text.length < 220 ? 0.5 : 0;
  return value + byRole + byLength - (SAYS_LITTLE.test(text) ? 4 : 0);
}

function plain(line: LogLine): string {
  return withoutCheckout(
    oneLine(
      withoutLead(line.text).replace(
        /^(?:(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: {1,8}-)? {1,8}(?:\[?[A-Z]{4,8}\]?\b(?: -)? {1,8})?(?=\S)|##\[\w{1,10}\]|\[(?:ERROR|error|info|INFO|junit)\] |E {3,12}|(?:error|Error|ERROR): (?=\S{1,60}(?:Error|Exception)))/u,
        '',
      ),
    ),
  );
}

export function oneLine(text: string): string {
  return text.replaceAll(/\s{1,400}/gu, ' ').trim();
}

function bareHeadline(facts: Facts): string {
  const code = facts.exitCode === null ? '' : ` with exit code ${facts.exitCode}`;
  return `${placeOf(facts)} failed${code}`;
}

/** The failed step or command as a subject. */
export function placeOf(facts: Facts): string {
  if (facts.failedStep !== null) return `Step "${clip(stepName(facts.failedStep), 70)}"`;
  if (facts.failedCommand !== null) return `Command "${clip(oneLine(facts.failedCommand), 70)}"`;
  return 'The job';
}

function stepName(step: string): string {
  return oneLine(step);
}

/** The end of a test's name tells most: suites and packages stand before it. */
function shortName(name: string, limit: number): string {
  const bare = name.replace(/ ?\([\w.$]{1,200}\)$/u, '');
  if (bare.length < name.length) return shortName(bare, limit);
  const parts = name.split(/ > | \u203a |(?:::|#|\.)(?=[A-Za-z_]\w)/u);
  for (let from = 0; from < parts.length && name.length > limit; from += 1) {
    const rest = name.slice(name.lastIndexOf(parts.slice(from + 1)[0] ?? name));
    if (from + 1 < parts.length && rest.length <= limit && rest.length >= 4) return rest;
  }
  return clip(name, limit);
}

function baseFile(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}

export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  // Half of a surrogate pair would be no character at all.
  const head = text.slice(0, Math.max(1, limit - 3)).replace(/[\ud800-\udbff]$/u, '');
  return `${head.trimEnd()}...`;
}

function fit(text: string): string {
  return clip(oneLine(text), HEADLINE_LIMIT);
}
