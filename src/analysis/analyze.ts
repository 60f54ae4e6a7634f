import { createHash } from 'node:crypto';
import type { Diagnosis, Facts, JobFinding, Verdict } from '../domain/diagnosis.ts';
import type { JobDigest } from '../domain/digest.ts';
import type { History } from '../domain/failure.ts';
import type { Origin } from '../domain/origin.ts';
import {
  type Findings,
  NO_CONTEXT,
  type ReasoningSettings,
  type ReusableSummary,
  type RunContext,
  type SpendingLimits,
  USUAL_REASONING,
} from '../domain/reasoning.ts';
import type { Run } from '../domain/run.ts';
import type { WorkflowFinding } from '../domain/workflow-file.ts';
import type { QuestionScope } from './question.ts';
import { digestMissing } from './digest.ts';
import { type Group, choosePrimary, groupByCause } from './group.ts';
import { writeHeadline } from './headline.ts';
import type { Reasoned } from './journey.ts';
import type { Reasoner } from './reason.ts';
import { createRedactor, type Redaction, type Redactor } from './redact.ts';
import type { Wants } from './route.ts';
import { decideVerdict } from './verdict.ts';

export interface AnalyzeDeps {
  /** Finds the words; by rule alone where no model can be asked. */
  reason: Reasoner;
  /** Unpredictable text, new on each call. */
  random: () => string;
  /** The same as for the digests, so that a secret has one mark in the whole diagnosis. */
  redaction: Redaction;
  /** What is known about a fingerprint from before; null where nothing is kept. May throw an AppError, which passes through. */
  history: (fingerprint: string) => Promise<History | null>;
  /** Where the failure began, redacted; null where nobody knows. May throw an AppError, which passes through. */
  origin?: (found: { fingerprint: string; facts: Facts }) => Promise<Origin | null>;
  /** What the file of the workflow says of the job of this log, or why no job began, redacted; null where nobody knows. */
  workflow?: (digest: JobDigest) => Promise<WorkflowFinding | null>;
  /** A summary of this fingerprint that may stand for a new answer. May throw an AppError, which passes through. */
  reusable?: (fingerprint: string) => Promise<ReusableSummary | null>;
}

export interface AnalyzeInput {
  run: Run | null;
  totalJobs: number;
  /** One for each failed job, also for those whose log is missing. */
  digests: readonly JobDigest[];
  signal: AbortSignal;
  /** Over all calls of models together. */
  deadlineMs?: number;
  /** What surrounds the run; foreign text, not redacted yet. */
  context?: RunContext;
  wants?: Wants;
  settings?: ReasoningSettings;
  limits?: SpendingLimits;
  /** Whose analysis it is, where calls are reserved and known again. */
  scope?: Pick<QuestionScope, 'workspaceId' | 'revision'>;
}

/** The diagnosis, and what the caller has to see to: calls to tie to its summary, and notices for admins. */
export interface Analysis extends Pick<Reasoned, 'callIds' | 'notices' | 'settled'> {
  diagnosis: Diagnosis;
}

const DEADLINE_MS = 60_000;
const NO_LIMITS: SpendingLimits = { monthlyBudgetUsd: Number.MAX_SAFE_INTEGER, callsPerHour: Number.MAX_SAFE_INTEGER };

/**
 * Turns what was read into one diagnosis: groups jobs by cause, decides the verdict by rule, and has it explained. Rejects only with
 * the signal's reason, or an error of `history`, `reusable` or the store of calls.
 */
export async function analyze(deps: AnalyzeDeps, input: AnalyzeInput): Promise<Analysis> {
  const redactor = createRedactor(deps.redaction);
  const digests = input.digests.length > 0 ? input.digests : [withoutJobs(input.run, redactor)];
  const chosen = choosePrimary(await groupByCause(digests, deps.history));
  const workflow = (await deps.workflow?.(chosen.digest)) ?? null;
  const primary = withFaults(chosen, workflow);
  const findings = findingsOf(primary, judge(primary, input.run, { redactor, workflow }));
  const logDigest = combine(digests);
  const { fingerprint } = primary;
  const origin = (await deps.origin?.({ fingerprint, facts: primary.digest.facts })) ?? null;
  const reasoned = await deps.reason({
    findings,
    run: input.run,
    context: input.context ?? NO_CONTEXT,
    history: primary.history,
    origin,
    workflow: workflow?.part ?? null,
    settings: input.settings ?? USUAL_REASONING,
    limits: input.limits ?? NO_LIMITS,
    scope: scopeOf(input, primary.fingerprint, logDigest),
    wants: input.wants ?? {},
    reusable: (await deps.reusable?.(primary.fingerprint)) ?? null,
    redactor,
    mark: deps.random(),
    signal: input.signal,
    deadlineMs: input.deadlineMs ?? DEADLINE_MS,
  });
  const { callIds, notices, settled } = reasoned;
  const found = assemble({ input, digests, primary, findings, reasoned, logDigest, redactor });
  const diagnosis = { ...found, ...(origin && { origin }), ...(workflow && { workflowPart: workflow.part }) };
  return { diagnosis, callIds, notices, settled };
}

function scopeOf({ run, scope }: AnalyzeInput, fingerprint: string, logDigest: string): QuestionScope | null {
  if (run === null || scope === undefined) return null;
  const { repository, runId, attempt } = run;
  return { ...scope, repository, runId, attempt, fingerprint, logDigest };
}

function withoutJobs(run: Run | null, redactor: Redactor): JobDigest {
  const digest = digestMissing(null, { reason: 'GitHub names no failed job for this run', redactor });
  return run?.conclusion === 'startup_failure' ? { ...digest, category: 'configuration' } : digest;
}

/** What is wrong with a workflow's file is why none of its jobs began; GitHub's word for such a run may be `failure`, too. */
function withFaults(group: Group, workflow: WorkflowFinding | null): Group {
  if (workflow === null || workflow.problems.length === 0) return group;
  const { digest } = group;
  const facts = { ...digest.facts, problems: workflow.problems };
  return { ...group, digest: { ...digest, category: 'configuration', facts } };
}

function judge(
  { digest, history }: Group,
  run: Run | null,
  { redactor, workflow }: { redactor: Redactor; workflow: WorkflowFinding | null },
): Verdict {
  const { category, facts, signals, missing, job } = digest;
  const [fault] = workflow?.problems ?? [];
  const conclusion = fault === undefined ? (job?.conclusion ?? run?.conclusion ?? null) : 'startup_failure';
  const verdict = decideVerdict({ run, category, facts, signals, history, conclusion });
  const told = fault === undefined ? [] : [`Line ${fault.line ?? 1} of ${fault.file}: ${fault.message}`];
  const lost = missing === null || fault !== undefined ? [] : [`The log could not be read: ${missing}`];
  return { kind: verdict.kind, reasons: [...verdict.reasons, ...told, ...lost].map(redactor.text) };
}

function findingsOf({ digest }: Group, verdict: Verdict): Findings {
  const { category, facts, excerpt, evidence } = digest;
  return { category, verdict, facts, excerpt, evidence };
}

function assemble({
  input,
  digests,
  primary,
  findings,
  reasoned: { explanation, confidence, authorship },
  logDigest,
  redactor,
}: {
  input: AnalyzeInput;
  digests: readonly JobDigest[];
  primary: Group;
  findings: Findings;
  reasoned: Reasoned;
  logDigest: string;
  redactor: Redactor;
}): Diagnosis {
  const { category, verdict, facts, excerpt } = findings;
  return {
    headline: explanation.headline,
    cause: explanation.cause,
    nextStep: explanation.nextStep,
    category,
    verdict,
    confidence,
    fingerprint: primary.fingerprint,
    evidence: explanation.evidence.flatMap((index) => excerpt[index] ?? []),
    excerpt: [...excerpt],
    facts,
    jobs: digests.filter(({ job }) => job !== null).map((digest) => findingOf(digest, redactor)),
    totalJobs: Math.max(input.totalJobs, input.digests.length),
    logDigest,
    authorship,
  };
}

function findingOf(digest: JobDigest, redactor: Redactor): JobFinding {
  const { job, facts, category, signals, excerpt, evidence, fingerprint } = digest;
  const conclusion = job?.conclusion ?? null;
  const verdict = decideVerdict({ run: null, category, facts, signals, history: null, conclusion });
  return {
    jobId: job?.id ?? null,
    name: redactor.text(job?.name ?? ''),
    conclusion: conclusion ?? 'failure',
    url: job?.url ?? null,
    failedStep: facts.failedStep,
    fingerprint,
    headline: writeHeadline({ category, verdict, facts, excerpt, evidence }),
  };
}

/** One log keeps its own digest; several get the digest of theirs, in job order. */
function combine(digests: readonly JobDigest[]): string {
  const read = digests.map(({ sha256 }) => sha256).filter((sha256) => sha256 !== '');
  if (read.length <= 1) return read[0] ?? '';
  return createHash('sha256').update(read.join('\n')).digest('hex');
}
