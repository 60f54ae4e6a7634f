import type { History, Resolution } from '../domain/failure.ts';
import type { Origin } from '../domain/origin.ts';
import type { ChangedFile, Findings, RunContext } from '../domain/reasoning.ts';
import type { Run } from '../domain/run.ts';
import type { WorkflowPart } from '../domain/workflow-file.ts';
import type { Redactor } from './redact.ts';
import { keyMaterial, keyPlaceholder } from './redaction/private-key-block.ts';

/** Everything that a model may be told about a failure, redacted. Nothing else is made into a prompt, or held an answer against. */
export interface Given {
  findings: Findings;
  run: RunWords | null;
  context: RunContext;
  before: Before | null;
  /** Where it began; it was redacted when it was found. */
  origin: Origin | null;
  /** What the file of the workflow says of what failed; redacted like that. */
  workflow: WorkflowPart | null;
  /** What a person noted when they asked for this look. */
  note: string | null;
}

export type RunWords = Pick<Run, 'workflow' | 'branch' | 'event' | 'title'>;

/** How the same failure ended before. */
export interface Before {
  kind: Resolution['kind'];
  branch: string;
  title: string;
  actor: string;
  runNumber: number;
  occurrences: number;
}

export interface RawGiven {
  findings: Findings;
  run: Run | null;
  context: RunContext;
  history: History | null;
  origin?: Origin | null;
  workflow?: WorkflowPart | null;
  note: string | null;
}

/** Files and lines beyond these are not even read: a change of a thousand files says nothing about one failure. */
const FILES = 300;
const PATCH_LINES = 2_000;
const TEXT_LINES = 400;

/** Takes secrets and personal data out of all of it. Throws what the redactor throws, and then no model may be asked. */
export async function redactGiven(raw: RawGiven, redactor: Redactor): Promise<Given> {
  const { run, history, note } = raw;
  const words = (text: string): string => redactor.text(text);
  return {
    findings: await redactFindings(raw.findings, redactor),
    run: run && {
      workflow: words(run.workflow),
      branch: words(run.branch),
      event: words(run.event),
      title: words(run.title),
    },
    context: await redactContext(raw.context, redactor),
    before: redactBefore(history, words),
    origin: raw.origin ?? null,
    workflow: raw.workflow ?? null,
    note: note === null ? null : await redactText(note, redactor),
  };
}

/** The log was redacted when it was read; names and reasons come from elsewhere. Doing it twice changes nothing more. */
async function redactFindings(findings: Findings, redactor: Redactor): Promise<Findings> {
  const { facts, verdict, excerpt, evidence } = findings;
  const words = (text: string): string => redactor.text(text);
  const orNull = (text: string | null): string | null => text && words(text);
  const texts = await redactor.lines(excerpt.map(({ text }) => text));
  const lines = new Map(excerpt.map((line, index) => [line, { ...line, text: texts[index] ?? '' }]));
  return {
    category: findings.category,
    verdict: { ...verdict, reasons: verdict.reasons.map(words) },
    excerpt: [...lines.values()],
    evidence: evidence.map((line) => lines.get(line) ?? { ...line, text: words(line.text) }),
    facts: {
      ...facts,
      failedStep: orNull(facts.failedStep),
      failedCommand: orNull(facts.failedCommand),
      failingTests: facts.failingTests.map((test) => ({
        ...test,
        name: words(test.name),
        file: orNull(test.file),
        message: orNull(test.message),
      })),
      problems: facts.problems.map((problem) => ({
        ...problem,
        file: words(problem.file),
        message: words(problem.message),
        rule: orNull(problem.rule),
      })),
    },
  };
}

async function redactContext(context: RunContext, redactor: Redactor): Promise<RunContext> {
  const { commitMessage, changedFiles, instructions } = context;
  const files: ChangedFile[] = [];
  for (const file of changedFiles.slice(0, FILES)) {
    const patch = file.patch === null ? null : await redactPatch(file.patch, redactor);
    files.push({ ...file, path: redactor.text(file.path), patch });
  }
  return {
    commitMessage: commitMessage === null ? null : await redactText(commitMessage, redactor),
    changedFiles: files,
    instructions: instructions === null ? null : await redactText(instructions, redactor),
  };
}

/** Takes secrets out of a text of several lines. */
export async function redactText(text: string, redactor: Redactor): Promise<string> {
  return (await redactor.lines(withoutKeys(linesOf(text, TEXT_LINES)))).join('\n');
}

/** What a diff puts before each line would hide that a key goes on in the next one. */
async function redactPatch(patch: string, redactor: Redactor): Promise<string> {
  const lines = linesOf(patch, PATCH_LINES).map((line) => {
    const sign = /^[ +-]/u.exec(line)?.[0] ?? '';
    return { sign, body: line.slice(sign.length) };
  });
  const bodies = await redactor.lines(withoutKeys(lines.map(({ body }) => body)));
  return lines.map(({ sign }, index) => `${sign}${bodies[index] ?? ''}`).join('\n');
}

const KEY_BEGINS = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/u;
const KEY_ENDS = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY/u;
const KEY_LINE = /^[\w+/=:,. -]{1,100}$/u;
const KEY_LINES = 200;

/** The lines of a private key, each under one placeholder that the redactor knows; also where a diff shows only one end of it. */
function withoutKeys(lines: readonly string[]): string[] {
  const result = [...lines];
  lines.forEach((line, index) => {
    const [begins, ends] = [KEY_BEGINS.test(line), KEY_ENDS.test(line)];
    if (begins === ends) return;
    const step = begins ? 1 : -1;
    let last = index;
    while (isOfKey(lines[last + step]) && Math.abs(last - index) < KEY_LINES) last += step;
    const [from, to] = [Math.min(index, last), Math.max(index, last)];
    const placeholder = keyPlaceholder(keyMaterial(lines.slice(from, to + 1).join('\n')));
    result.fill(placeholder, from, to + 1);
  });
  return result;
}

function isOfKey(line: string | undefined): boolean {
  if (line === undefined || KEY_BEGINS.test(line) || KEY_ENDS.test(line)) return false;
  return line.trim() === '' || KEY_LINE.test(line.trim());
}

function linesOf(text: string, most: number): string[] {
  return text.split(/\r\n?|\n/u, most);
}

function redactBefore(history: History | null, words: (text: string) => string): Before | null {
  const failure = history?.lastResolved ?? history?.flakyWitness ?? null;
  if (failure?.resolution == null) return null;
  const { kind, title, actor, runNumber } = failure.resolution;
  return {
    kind,
    runNumber,
    branch: words(failure.branch),
    title: words(title),
    actor: words(actor),
    occurrences: failure.occurrences,
  };
}
