import { UNTOUCHED } from '../../src/domain/handling.ts';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { digestLog } from '../../src/analysis/digest.ts';
import type { JobDigest } from '../../src/domain/digest.ts';
import { readLines } from '../../src/analysis/parse.ts';
import { createRedactor } from '../../src/analysis/redact.ts';
import { cleanLine } from '../../src/analysis/clean.ts';
import { type Given, type RawGiven, redactGiven } from '../../src/analysis/given.ts';
import { LOG_PREFILTER } from '../../src/analysis/score.ts';
import { decideVerdict } from '../../src/analysis/verdict.ts';
import { WorkflowJobId, RunId, RepositoryName } from '../../src/domain/ids.ts';
import type { Failure, History } from '../../src/domain/failure.ts';
import { type ChangedFile, type Findings, NO_CONTEXT } from '../../src/domain/reasoning.ts';
import type { Run, WorkflowJob, WorkflowStep } from '../../src/domain/run.ts';

/** A log as a stream, in chunks of `size` bytes. */
export async function* bytes(text: string | Uint8Array, size = 64 * 1024): AsyncGenerator<Uint8Array> {
  const whole = typeof text === 'string' ? Buffer.from(text) : text;
  for (let at = 0; at < whole.length; at += size) yield await Promise.resolve(whole.subarray(at, at + size));
}

export const redaction = { salt: 'a salt for tests' };
export const redactor = createRedactor(redaction);

export function digest(text: string | Uint8Array, job: WorkflowJob | null = null): Promise<JobDigest> {
  return digestLog(bytes(text), { job, redactor, signal: new AbortController().signal });
}

/** A log that a real tool wrote when it really failed. */
export function realLog(name: string): string {
  return readFileSync(path.join(import.meta.dirname, '..', 'fixtures', 'logs', `${name}.log`), 'utf8');
}

/** All lines of a log as the reader cuts and cleans them. */
export async function linesOf(
  source: AsyncIterable<Uint8Array>,
): Promise<Array<{ number: number; text: string; isCut: boolean }>> {
  const lines: Array<{ number: number; text: string; isCut: boolean }> = [];
  await readLines(source, LOG_PREFILTER, {
    onLine: (line) => lines.push({ number: line.number, text: cleanLine(line), isCut: line.isCut }),
  });
  return lines;
}

export function aStep(step: Partial<WorkflowStep> = {}): WorkflowStep {
  return { number: 2, name: 'Test', conclusion: 'success', startedAt: null, completedAt: null, ...step };
}

export function aJob(job: Partial<WorkflowJob> = {}): WorkflowJob {
  return {
    id: WorkflowJobId.parse(77),
    name: 'test (22)',
    conclusion: 'failure',
    url: 'https://github.com/shop/shop/actions/runs/5/job/77',
    runner: 'runner 1',
    startedAt: null,
    completedAt: null,
    steps: [],
    ...job,
  };
}

export function aRun(run: Partial<Run> = {}): Run {
  return {
    repository: RepositoryName.parse('shop/shop'),
    runId: RunId.parse(5),
    attempt: 1,
    number: 41,
    workflow: 'CI',
    branch: 'feature/tax',
    defaultBranch: 'main',
    event: 'push',
    headSha: 'a'.repeat(40),
    status: 'completed',
    conclusion: 'failure',
    url: 'https://github.com/shop/shop/actions/runs/5',
    actor: 'ana',
    actorId: null,
    actorType: 'user',
    title: 'Round the tax',
    pullRequest: null,
    startedAt: new Date('2026-11-22T10:00:00Z'),
    updatedAt: new Date('2026-11-22T10:05:00Z'),
    ...run,
  };
}

export function aHistory(history: Partial<History> = {}): History {
  return {
    openOnBranch: null,
    openOnBase: null,
    flakyWitness: null,
    lastResolved: null,
    sameCommit: null,
    flakyMark: null,
    ...history,
  };
}

export function aFailure(failure: Partial<Failure> = {}): Failure {
  const sighting = {
    runId: RunId.parse(3),
    attempt: 1,
    runNumber: 39,
    headSha: 'b'.repeat(40),
    at: new Date('2026-11-21T08:00:00Z'),
  };
  return {
    id: '0b3f6c1e-9d0a-4f7e-8a51-0f2f5d3f9a11' as Failure['id'],
    repository: RepositoryName.parse('shop/shop'),
    branch: 'feature/tax',
    workflow: 'CI',
    fingerprint: 'v1:00',
    status: 'open',
    occurrences: 3,
    first: sighting,
    last: sighting,
    resolution: null,
    merge: null,
    handling: UNTOUCHED,
    ...failure,
  };
}

/** What an explanation of this log is made of. */
export async function findingsOf(log: string): Promise<Findings> {
  const { category, facts, excerpt, evidence, signals } = await digest(log, aJob());
  const verdict = decideVerdict({ run: aRun(), category, facts, signals, history: aHistory(), conclusion: 'failure' });
  return { category, facts, excerpt, evidence, verdict };
}

/** What a model may be told about it, redacted. */
export async function given(log: string, change: Partial<RawGiven> = {}): Promise<Given> {
  const raw = { findings: await findingsOf(log), run: aRun(), context: NO_CONTEXT, history: null, note: null };
  return redactGiven({ ...raw, ...change }, redactor);
}

export function aChangedFile(file: Partial<ChangedFile> = {}): ChangedFile {
  return { path: 'src/cart.js', status: 'modified', additions: 1, deletions: 1, patch: null, ...file };
}
