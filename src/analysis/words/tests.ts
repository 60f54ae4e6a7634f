import type { Facts, LogLine } from '../../domain/diagnosis.ts';
import type { Words } from './known-cause.ts';
import { circumstance } from './place.ts';
import { rerunCommand } from './rerun.ts';
import { runnerOf, totalOf } from './runners.ts';
import { clip, count, listNames, oneLine, plain, sentence } from './text.ts';
import { type NamedTest, nameTests } from './test-name.ts';

const HEADLINE_ROOM = 120;
/** A few letters of a message say nothing. */
const ROOM_FOR_A_MESSAGE = 45;
const LONGEST_NAME = 68;
const LONGEST_NAME_ALONE = 100;

/** What to say where tests fail; null where none is named. */
export function testWords(facts: Facts, lines: readonly LogLine[]): Words | null {
  const tests = nameTests(facts.failingTests);
  const [first] = tests;
  if (first === undefined) return null;
  const isMany = tests.length > 1;
  const headline = isMany ? manyHeadline(tests, facts) : oneHeadline(first);
  const total = totalOf(lines, tests.length);
  return {
    headline,
    cause: isMany ? manyCause(tests, facts, total) : oneCause(first, facts, { total, headline }),
    nextStep: nextStep(first, facts, tests.length),
  };
}

function oneHeadline(named: NamedTest): string {
  const said = messageOf(named);
  const isLong = said === null || nameFor(named, LONGEST_NAME).length > LONGEST_NAME;
  const limit = isLong ? LONGEST_NAME_ALONE : LONGEST_NAME;
  const name = `Test "${clip(nameFor(named, limit), limit).replaceAll('"', "'")}" fails`;
  const file = fileFor(named);
  const why = said === null ? '' : `: ${said}`;
  const wordings = [`${name}${file}${why}`, `${name}${why}`];
  const whole = wordings.find((words) => words.length <= HEADLINE_ROOM);
  if (whole !== undefined) return whole;
  const hasRoom = said !== null && HEADLINE_ROOM - name.length >= ROOM_FOR_A_MESSAGE;
  if (hasRoom) return `${name}${why}`;
  return name.length + file.length <= HEADLINE_ROOM ? `${name}${file}` : name;
}

/** `CartTest` is in `CartTest.java`, as everybody knows. */
function fileFor({ suite, own, test: { file } }: NamedTest): string {
  if (file === null || baseFile(file).split('.')[0] === suite || own.endsWith(baseFile(file))) return '';
  return ` in ${baseFile(file)}`;
}

function nameFor({ full, own }: NamedTest, limit: number): string {
  if (full.length <= limit) return full;
  // The end of a nested name tells most.
  const parts = own.split(/ (?:>|\u203a) /u);
  const tail = parts.findLast((part) => part.length >= 4) ?? own;
  return own.length <= limit ? own : tail;
}

function manyHeadline(tests: readonly NamedTest[], facts: Facts): string {
  const total = facts.failingTests.length >= 50 ? `${tests.length} or more tests` : `${tests.length} tests`;
  const where = commonPlace(tests);
  const runner = runnerOf(facts);
  const by = runner === null ? '' : ` (${runner.name})`;
  const lead = `${total} fail${where}${by}: `;
  const shared = sharedMessage(tests);
  if (shared !== null && isTelling(shared)) return `${lead}${shared}`;
  const names = tests.map((named) => quoted(where === '' ? nameFor(named, 48) : shortIn(named)));
  return `${lead}${listNames(names, HEADLINE_ROOM - lead.length)}`;
}

/** A bare exception that several tests share tells less than their names. */
function isTelling(message: string): boolean {
  return (
    message.length >= 14 && message.includes(' ') && !/^[\w.$]{1,100}(?:Exception|Error): \w{1,12}$/u.test(message)
  );
}

function quoted(name: string): string {
  return /[ ,]/u.test(name) ? `"${name.replaceAll('"', "'")}"` : name;
}

function shortIn({ own }: NamedTest): string {
  return own.split(/ (?:>|\u203a) /u).at(-1) ?? own;
}

function commonPlace(tests: readonly NamedTest[]): string {
  const suites = new Set(tests.map(({ suite }) => suite));
  const [suite] = suites;
  if (suites.size === 1 && suite !== null && suite !== undefined && suite.length <= 50) return ` in ${suite}`;
  const files = new Set(tests.map(({ test }) => test.file));
  const [file] = files;
  return files.size === 1 && file !== null && file !== undefined ? ` in ${baseFile(file)}` : '';
}

function sharedMessage(tests: readonly NamedTest[]): string | null {
  const messages = new Set(tests.map(messageOf));
  const [only] = messages;
  return messages.size === 1 && only !== null && only !== undefined ? only : null;
}

function oneCause(
  named: NamedTest,
  facts: Facts,
  { total, headline }: { total: number | null; headline: string },
): string {
  const { file, line } = named.test;
  const place = file === null ? '' : ` in ${file}${line === null ? '' : `, line ${line}`}`;
  const said = messageOf(named);
  const of = total === null ? 'one failing test' : `one failing test of ${total}`;
  const isSaid = said === null || headline.includes(said);
  const why = isSaid ? '' : ` ${sentence(`It says: ${clip(said, 220)}`)}`;
  const unknown = said === null ? ' The log shows no message of its own for it.' : '';
  return [`${subjectOf(facts)} reports ${of}${place}.${why}${unknown}`, circumstance(facts)]
    .filter((part) => part !== null)
    .join(' ');
}

function manyCause(tests: readonly NamedTest[], facts: Facts, total: number | null): string {
  const shared = sharedMessage(tests);
  const of = total === null ? '' : ` of ${total}`;
  const subject = `${subjectOf(facts)} reports ${count(tests.length, 'failing test')}${of}`;
  if (shared !== null)
    return [`${subject}, all with the same message, so they most likely share one cause.`, circumstance(facts)]
      .filter((part) => part !== null)
      .join(' ');
  const speaking = tests.find((named) => messageOf(named) !== null);
  const said = speaking === undefined ? null : messageOf(speaking);
  const why =
    said === null || speaking === undefined
      ? ''
      : ` ${sentence(`${quoted(clip(speaking.full, 90))} says: ${clip(said, 200)}`)}`;
  return [`${subject}.${why}`, circumstance(facts)].filter((part) => part !== null).join(' ');
}

function subjectOf(facts: Facts): string {
  return runnerOf(facts)?.name ?? 'The test run';
}

function nextStep(named: NamedTest, facts: Facts, names: number): string {
  const command = rerunCommand(named, facts, names);
  const which = names > 1 ? 'Start with the first' : 'Run it locally';
  if (command !== null) return `${which}: ${command}`;
  const { file, line } = named.test;
  const place = file === null ? '' : ` (${file}${line === null ? '' : `, line ${line}`})`;
  const name = `${quoted(clip(named.full, 120))}${place}`;
  return `${names > 1 ? `Start with ${name}` : `Run ${name} locally`}, and compare what it expects with what the code does now.`;
}

const NO_MESSAGE =
  /^(?:(?:> )?Task :|[=_-]{3,}|\d{1,7} (?:tests? completed|failing|passing|pending|FAILED TESTS)|(?:FAILURE: )?Build failed|"[^"]{1,60}" exited|error$|Assertion with \S{1,4} failed$|\[ {1,2}FAILED|(?:java\.lang\.)?AssertionError:?$|SKIP |FAIL |\*{3} \d{1,6} TESTS? FAILED|make(?:\[\d\])?: \*\*\*|Process completed|test failed, to rerun|\d{1,3}> Testing|Failed$|(?:Error: )?(?:Test failures|testthat unit tests failed)$|.{0,12}\.\.\.$)/u;
const MESSAGE_PREFIXES =
  /^(?:thread '[^']{0,200}' (?:\(\d{1,9}\) )?panicked at (?:[\w./\\-]{1,200}:\d{1,6}:\d{1,6}:? ?)?|[\w./-]{1,120}:\d{1,6}: |Reason: |\d{3}[+-] (?:ERROR: )?|Failure\/Error: |Assertion with \S{1,4} failed; |Expected: \S{1,60}; (?=expected )|Error: (?=\S)|Caused by: |(?:\w{1,60}\\){2,10}(?=\w{2,80}(?:Exception|Error)\b)|[A-Z]\w{2,60}(?:Exception|Error): (?=(?:[a-z]\w{0,40}\.){1,8}[A-Z]\w{2,60}(?:Exception|Error)\b)|(?:[a-z][\w$]{0,60}\.){1,8}(?=[A-Z]\w{2,80}(?:Error|Exception|Failure)\b)|AssertionFailedError: (?:==> )?|(?:Uncaught )?AssertionError(?: \[\w{1,40}\])?: (?=\S)|\*\* \([\w.]{1,80}\) )/u;

/** What the test said, without the names of exceptions that all failing tests share, or null. */
function messageOf({ test: { message } }: NamedTest): string | null {
  if (message === null) return null;
  let said = plain(message);
  if (NO_MESSAGE.test(said)) return null;
  for (let rounds = 0; rounds < 4; rounds += 1) said = said.replace(MESSAGE_PREFIXES, '');
  said = said
    .replace(/ \/\/ Object\.is equality$/u, '')
    .replace(/ at \w{1,80}\.(?:java|kt|scala|groovy):\d{1,6}$/u, '');
  said = oneLine(said.replace(/^'(?<text>[^']{3,300})', [\w./\\-]{1,200}:\d{1,6}:\d{1,6}$/u, '$<text>')).replace(
    /[\s;:]{1,10}$/u,
    '',
  );
  return said.length < 4 || said === 'AssertionError' ? null : said;
}

function baseFile(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}
