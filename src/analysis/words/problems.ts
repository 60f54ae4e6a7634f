import type { Category, Facts, Problem } from '../../domain/diagnosis.ts';
import { type Checker, checkerOf } from './checkers.ts';
import type { Words } from './known-cause.ts';
import { circumstance, commandOf, isHarmful } from './place.ts';
import { clip, count, oneLine, plain, sentence } from './text.ts';

const HEADLINE_ROOM = 120;
const LONGEST_PLACE = 60;

/** What to say where a compiler or a linter complains about places in the code; null where none does. */
export function problemWords(
  all: readonly Problem[],
  { facts, category, tool }: { facts: Facts; category: Category; tool: string | null },
): Words | null {
  const problems = all.filter((problem) => !isFrame(problem));
  const [first] = problems;
  if (first === undefined) return null;
  const found = checkerOf(first, tool === null ? facts : { ...facts, tool });
  const isCompiler = found === null ? category === 'compile' : found.kind === 'compiler' && category !== 'lint';
  return {
    headline: headlineOf(problems, first, { checker: found, isCompiler }),
    cause: causeOf(problems, first, { checker: found, facts }),
    nextStep: nextStep(problems, first, { checker: found, isCompiler, facts }),
  };
}

/** Frames of a stack and the ends of commands have places, too. */
function isFrame({ file, message }: Problem): boolean {
  return (
    /^in (?:function|method|upvalue|local|main chunk|field)\b|^exit status \d/u.test(message) ||
    /^\w{1,20} \S{1,200}$/u.test(file)
  );
}

function headlineOf(
  problems: readonly Problem[],
  first: Problem,
  { checker, isCompiler }: { checker: Checker | null; isCompiler: boolean },
): string {
  const files = new Set(problems.map(({ file }) => file));
  const place = placeOf(first);
  if (problems.length === 1) {
    const lead = leadOf(place, { checker, isCompiler });
    return `${lead}${fit(first, Math.max(20, HEADLINE_ROOM - lead.length))}`;
  }
  const noun = isCompiler ? 'error' : 'problem';
  const total = problems.length >= 50 ? `50 or more ${noun}s` : count(problems.length, noun);
  const where = files.size === 1 ? ` in ${shortFile(first.file)}` : ` in ${files.size} files`;
  const name =
    checker === null || (checker.kind === 'compiler' && !isCompiler)
      ? ''
      : isCompiler
        ? `${checker.name}: `
        : `${checker.name} finds `;
  const at = files.size === 1 ? '' : `, first ${place}`;
  const lead = `${name}${total}${where}${at}: `;
  const short = lead.length > 90 ? `${name}${total}${where}: ` : lead;
  return `${short}${fit(first, Math.max(20, HEADLINE_ROOM - short.length))}`;
}

function leadOf(place: string, { checker, isCompiler }: { checker: Checker | null; isCompiler: boolean }): string {
  if (checker?.name === 'CMake') return `CMake stops at ${place}: `;
  if (isCompiler) return `${place} does not compile: `;
  return checker === null || checker.kind === 'compiler'
    ? `${place}: `
    : `${checker.name} finds a problem at ${place}: `;
}

/** The message with its code behind it: `Property 'x' does not exist (TS2339)`. */
function saidBy({ message, rule }: Problem): string {
  const said = bareMessage({ message, rule });
  if (rule === null || said.includes(rule)) return said;
  return `${said.replace(/[.\s]{1,4}$/u, '')} (${rule})`;
}

function bareMessage({ message, rule }: Pick<Problem, 'message' | 'rule'>): string {
  return withoutRule(
    plain(oneLine(message)).replace(/\s\((?:\d{1,6}:\d{1,6}|see https?:\/\/[^\s()]{1,150})\)$/u, ''),
    rule,
  );
}

/** The message matters more than its code. */
function fit(problem: Problem, room: number): string {
  const said = saidBy(problem);
  return said.length <= room ? said : clip(bareMessage(problem), room);
}

function withoutRule(said: string, rule: string | null): string {
  const lead = `${rule ?? ''}: `;
  return rule !== null && said.startsWith(lead) && said.length > lead.length ? said.slice(lead.length) : said;
}

function placeOf({ file, line }: Problem): string {
  return `${shortFile(file)}${line === null ? '' : `:${line}`}`;
}

/** The end of a path tells most. */
function shortFile(file: string): string {
  if (file.length <= LONGEST_PLACE) return file;
  const parts = file.split(/[\\/]/u);
  for (let from = 1; from < parts.length; from += 1) {
    const rest = parts.slice(from).join('/');
    if (rest.length <= LONGEST_PLACE - 2) return `…/${rest}`;
  }
  return clip(parts.at(-1) ?? file, LONGEST_PLACE);
}

function causeOf(
  problems: readonly Problem[],
  first: Problem,
  { checker, facts }: { checker: Checker | null; facts: Facts },
): string {
  const files = new Set(problems.map(({ file }) => file)).size;
  const who =
    checker === null
      ? 'The tool'
      : checker.kind === 'compiler' && checker.name !== 'CMake'
        ? `The ${checker.name} compiler`
        : checker.name;
  const where = `${first.file}${first.line === null ? '' : `, line ${first.line}`}`;
  const other = problems.find(({ message }) => message !== first.message);
  const next =
    other === undefined
      ? ''
      : ` ${sentence(`The next one, at ${other.file}${other.line === null ? '' : `:${other.line}`}, is: ${clip(saidBy(other), 140)}`)}`;
  const many = `${who} reports ${count(problems.length, 'problem')} in ${count(files, 'file')}, the first in ${where}.${next}`;
  const one = `${who} refuses ${where}; it reports nothing else.`;
  return [problems.length === 1 ? one : many, circumstance(facts)].filter((part) => part !== null).join(' ');
}

function nextStep(
  problems: readonly Problem[],
  first: Problem,
  { checker, isCompiler, facts }: { checker: Checker | null; isCompiler: boolean; facts: Facts },
): string {
  const where = `${first.file}${first.line === null ? '' : `, line ${first.line}`}`;
  // What lies in the system is not to be corrected there.
  if (checker?.name === 'CMake' && first.file.startsWith('/'))
    return 'Install what it looks for on the runner, or tell CMake where it is.';
  const own = commandOf(facts);
  const command = checker?.command ?? (own === null || isHarmful(own) ? null : own);
  const check = command === null ? '' : ` Check locally: ${command}`;
  if (checker?.repair !== undefined) {
    return `Correct ${problems.length === 1 ? where : 'them'}; this corrects by itself what can be: ${checker.repair}`;
  }
  if (problems.length === 1) return `Correct ${where}.${check}`;
  const rest = isCompiler
    ? 'the others may follow from it'
    : `then the ${problems.length === 2 ? 'other one' : `other ${problems.length - 1}`}`;
  return `Correct ${where} first; ${rest}.${check}`;
}
