import { createHash } from 'node:crypto';
import type { Authorship, Diagnosis, JobFinding, Verdict } from '../domain/diagnosis.ts';
import type { JobDigest } from '../domain/digest.ts';
import type { History } from '../domain/failure.ts';
import type { Clock, Provider, ReasonRequest } from '../domain/ports.ts';
import type { Run } from '../domain/run.ts';
import { digestMissing } from './digest.ts';
import { type Group, choosePrimary, groupByCause } from './group.ts';
import { writeHeadline } from './headline.ts';
import { writePrompt } from './prompt.ts';
import { reasonWithFallback } from './reason.ts';
import { createRedactor, type Redaction, type Redactor } from './redact.ts';
import { decideVerdict } from './verdict.ts';

export interface AnalyzeDeps {
  provider: Provider;
  /** Answers when `provider` cannot. */
  offline: Provider;
  clock: Clock;
  /** Unpredictable text, new on each call. */
  random: () => string;
  /** The same as for the digests, so that a secret has one mark in the whole diagnosis. */
  redaction: Redaction;
  /** What is known about a fingerprint from before; null where nothing is kept. May throw an AppError, which passes through. */
  history: (fingerprint: string) => Promise<History | null>;
}

export interface AnalyzeInput {
  run: Run | null;
  totalJobs: number;
  /** One for each failed job, also for those whose log is missing. */
  digests: readonly JobDigest[];
  /** Over all calls of the provider together. */
  deadlineMs?: number;
  signal: AbortSignal;
}

const DEADLINE_MS = 60_000;
const MAX_OUTPUT_TOKENS = 1024;

/**
 * Turns what was read into one diagnosis: groups jobs by cause, decides the verdict by rule, asks the provider, checks its
 * answer, and falls back to the offline analysis with the reason. Rejects only with the signal's reason or an error of `history`.
 */
export async function analyze(deps: AnalyzeDeps, input: AnalyzeInput): Promise<Diagnosis> {
  const redactor = createRedactor(deps.redaction);
  const digests = input.digests.length > 0 ? input.digests : [withoutJobs(input.run, redactor)];
  const groups = await groupByCause(digests, deps.history);
  const primary = choosePrimary(groups);
  const verdict = judge(primary, input.run, redactor);
  const request = writeRequest(primary, verdict, { run: input.run, mark: deps.random(), redactor });
  const started = deps.clock.now().getTime();
  const reasoned = await reasonWithFallback(deps, request, {
    deadlineMs: input.deadlineMs ?? DEADLINE_MS,
    signal: input.signal,
    redactor,
  });
  const authorship: Authorship = {
    ...reasoned.answer.author,
    latencyMs: Math.max(0, deps.clock.now().getTime() - started),
    fallbackReason: reasoned.fallbackReason,
  };
  return assemble({ input, digests, primary, verdict, request, reasoned, authorship, redactor });
}

function withoutJobs(run: Run | null, redactor: Redactor): JobDigest {
  const digest = digestMissing(null, { reason: 'GitHub names no failed job for this run', redactor });
  return run?.conclusion === 'startup_failure' ? { ...digest, category: 'configuration' } : digest;
}

function judge({ digest, history }: Group, run: Run | null, redactor: Redactor): Verdict {
  const { category, facts, signals, missing, job } = digest;
  const conclusion = job?.conclusion ?? run?.conclusion ?? null;
  const verdict = decideVerdict({ run, category, facts, signals, history, conclusion });
  const lost = missing === null ? [] : [`The log could not be read: ${missing}`];
  return { kind: verdict.kind, reasons: [...verdict.reasons, ...lost].map(redactor.text) };
}

function writeRequest(
  { digest }: Group,
  verdict: Verdict,
  { run, mark, redactor }: { run: Run | null; mark: string; redactor: Redactor },
): ReasonRequest {
  const { category, facts, excerpt, evidence } = digest;
  const request = { category, verdict, facts, excerpt, evidence };
  const redacted =
    run === null
      ? null
      : {
          ...run,
          title: redactor.text(run.title),
          branch: redactor.text(run.branch),
          workflow: redactor.text(run.workflow),
        };
  return { ...request, prompt: writePrompt({ request, run: redacted, mark }), maxOutputTokens: MAX_OUTPUT_TOKENS };
}

function assemble({
  input,
  digests,
  primary,
  verdict,
  request,
  reasoned,
  authorship,
  redactor,
}: {
  input: AnalyzeInput;
  digests: readonly JobDigest[];
  primary: Group;
  verdict: Verdict;
  request: ReasonRequest;
  reasoned: Awaited<ReturnType<typeof reasonWithFallback>>;
  authorship: Authorship;
  redactor: Redactor;
}): Diagnosis {
  const { answer, confidence } = reasoned;
  return {
    headline: answer.headline,
    cause: answer.cause,
    nextStep: answer.nextStep,
    category: request.category,
    verdict,
    confidence,
    fingerprint: primary.fingerprint,
    evidence: answer.evidence.flatMap((index) => request.excerpt[index] ?? []),
    excerpt: [...request.excerpt],
    facts: request.facts,
    jobs: digests.filter(({ job }) => job !== null).map((digest) => findingOf(digest, redactor)),
    totalJobs: Math.max(input.totalJobs, input.digests.length),
    logDigest: combine(digests),
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
