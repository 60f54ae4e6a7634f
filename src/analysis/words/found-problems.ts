import type { LogLine, Problem } from '../../domain/diagnosis.ts';
import { shortPath } from '../paths.ts';
import { plain } from './text.ts';

/** Complaints with a place that are not among the facts, and the tool that wrote them where its form gives it away. */
export interface FoundProblems {
  readonly problems: readonly Problem[];
  readonly tool: string | null;
}

/** ESLint names the file once, above its complaints. */
const HEADING =
  /^(?:\.{0,2}\/|[A-Za-z]:\\)?[\w@./\\ -]{1,240}\.(?:[cm]?[jt]sx?|vue|svelte|mdx?|json|astro|s?css|html)$/u;
const BELOW_HEADING =
  /^(?<row>\d{1,6}):\d{1,6}\s{1,4}(?:[✖×x]\s{1,4})?(?<level>error|warning|Error)\b:?\s{1,4}(?<message>\S.{2,300})$/u;
const PLACED =
  /^(?<file>[\w@./\\+-]{1,240}\.[A-Za-z]\w{0,9})[:(](?<row>\d{1,6})(?:[:,]\d{1,6}){0,3}\)?:? {0,3}(?:-{1,2} )?(?:(?<level>error|warning|Error|Warning|E|W)\b(?: (?=[A-Z]{1,6}\d))?:? {0,3})?(?<message>[^\s\d:].{5,300})$/u;
const LEADING_PLACE = /(?:^|\s)\(?at |^\s{0,8}in |^File "/u;

/** Reads complaints from lines as linters and compilers print them; errors only, where there are any. */
export function findProblems({
  evidence,
  excerpt,
}: {
  evidence: readonly LogLine[];
  excerpt: readonly LogLine[];
}): FoundProblems {
  const listed = readListed(excerpt);
  if (listed.length > 0) return { problems: listed, tool: 'eslint' };
  const python = readPython(excerpt);
  return python.length > 0 ? { problems: python, tool: null } : readPlaced(evidence);
}

/** The complaint and its place stand in one line. */
function readPlaced(lines: readonly LogLine[]): FoundProblems {
  const placed: Array<{ problem: Problem; isError: boolean }> = [];
  for (const { text } of lines) {
    if (LEADING_PLACE.test(text)) continue;
    const groups = PLACED.exec(plain(text).slice(0, 600))?.groups;
    if (
      groups === undefined ||
      /^(?:in |from |at |<|\||\S{2,120}\/\d{1,2}$|note: |anonymous fn|node_modules\/|[A-Z]\w{1,40}Warning: )/u.test(
        groups['message'] ?? '',
      )
    )
      continue;
    const isError = (groups['level'] ?? '').toLowerCase().startsWith('e') || text.includes('##[error]');
    placed.push({ problem: toProblem(groups['file'] ?? '', groups), isError });
  }
  const errors = placed.filter(({ isError }) => isError);
  const chosen = errors.length > 0 ? errors : placed;
  return { problems: chosen.map(({ problem }) => problem), tool: null };
}

/** Python names the place first, then shows the line, then says what is wrong with it. */
function readPython(lines: readonly LogLine[]): Problem[] {
  const found: Problem[] = [];
  let place: Readonly<Record<string, string | undefined>> | undefined;
  for (const { text } of lines) {
    place = /^\s{0,8}File "(?<file>[^"]{1,240})", line (?<row>\d{1,6})$/u.exec(text)?.groups ?? place;
    const message = /^(?:E {1,8})?(?<message>(?:SyntaxError|IndentationError|TabError): .{3,200})$/u.exec(text)
      ?.groups?.['message'];
    // Below another root it is the code of others, which no change here can correct.
    if (place === undefined || message === undefined || /^\/|site-packages/u.test(shortPath(place['file'] ?? '')))
      continue;
    found.push(toProblem(place['file'] ?? '', { row: place['row'], message }));
  }
  return found;
}

function readListed(lines: readonly LogLine[]): Problem[] {
  const found: Problem[] = [];
  let file: string | null = null;
  for (const { text } of lines) {
    const said = plain(text);
    if (HEADING.test(said)) file = said;
    const groups = BELOW_HEADING.exec(text.trim())?.groups;
    if (groups === undefined || groups['level'] === 'warning' || file === null) continue;
    found.push(toProblem(file, groups));
  }
  return found;
}

function toProblem(file: string, groups: Readonly<Record<string, string | undefined>>): Problem {
  // ESLint puts the rule behind the message, after a gap.
  const said = groups['message'] ?? '';
  const rule = /\s{2,20}(?<rule>@?[\w/-]{3,80})$/u.exec(said)?.groups?.['rule'] ?? null;
  const message = (rule === null ? said : said.slice(0, -rule.length)).trim();
  return { file: shortPath(file), line: Number.parseInt(groups['row'] ?? '', 10) || null, column: null, message, rule };
}
