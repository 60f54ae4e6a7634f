import type { Facts, Problem } from '../domain/diagnosis.ts';
import type { LoggedJob } from '../domain/run.ts';
import type { FactLine } from './facts/format.ts';
import { matchFacts, plainLines } from './facts/match.ts';
import { collectProblems } from './facts/problems.ts';
import { collectTests } from './facts/tests.ts';
import { toNumber } from './facts/values.ts';
import { ecosystemOf, ecosystemOfTool, judgeOf, toolOf } from './facts/work.ts';
import type { Segment } from './reduction.ts';
import type { Signature } from './signatures/index.ts';
import type { StepPlace } from './steps.ts';

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
  const plain = plainLines(lines);
  const matches = matchFacts(plain);
  const failingTests = collectTests(matches, lines, plain);
  const problems = collectProblems(matches, plain);
  const command = failedCommand(lines, failing, redact);
  const file = failingTests.find((test) => test.file !== null)?.file ?? problems[0]?.file;
  return {
    failingTests,
    problems,
    exitCode: exitCode(lines),
    failedStep: redactName(step ?? failing ?? phaseOfCommand(lines) ?? stepInLog, redact),
    failedCommand: command,
    ...speaker(lines, { command, problems, file }),
  };
}

/** Who speaks, and of which language: the program of the command where only it can, else the tool whose words weigh most. */
function speaker(
  lines: readonly FactLine[],
  {
    command,
    problems,
    file,
  }: { command: string | null; problems: readonly Problem[]; file: string | null | undefined },
): Pick<Facts, 'tool' | 'ecosystem'> {
  const judge = judgeOf(command);
  if (judge !== null) return { tool: judge.tool, ecosystem: judge.ecosystem ?? ecosystemOf(file) };
  // tsc writes like MSBuild.
  if (/^TS\d/u.test(problems[0]?.rule ?? '')) return { tool: 'tsc', ecosystem: 'javascript' };
  const leading = leadingTool(lines);
  const program = toolOf(command);
  return {
    tool: leading?.tool ?? program,
    ecosystem: leading?.ecosystem ?? ecosystemOf(file) ?? ecosystemOfTool(leading?.tool ?? program),
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
  for (const { line, candidate } of lines) {
    const match = candidate.matches.find(
      ({ signature }) => signature.tool !== undefined || signature.ecosystem !== undefined,
    );
    // Half of all tools write "error: "; in Rust's way only with a code.
    if (match === undefined || (match.signature.tool === undefined && line.text.startsWith('error: '))) continue;
    const key = match.signature.tool ?? match.signature.ecosystem ?? '';
    const known = votes.get(key);
    const weight = Math.min(candidate.own, match.signature.weight) ** 2;
    votes.set(key, { weight: (known?.weight ?? 0) + weight, signature: known?.signature ?? match.signature });
  }
  const [best] = [...votes.values()].toSorted((a, b) => b.weight - a.weight);
  return best?.signature ?? null;
}
