import { randomBytes } from 'node:crypto';
import { analyze } from '../analysis/analyze.ts';
import { digestMissing } from '../analysis/digest.ts';
import { offlineProvider } from '../analysis/offline.ts';
import { createRedactor, type Redaction, type Redactor } from '../analysis/redact.ts';
import type { Diagnosis, Summary } from '../domain/diagnosis.ts';
import type { JobDigest } from '../domain/digest.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import { isFailing, type Run, type WorkflowJob } from '../domain/run.ts';
import { GitHubNotFoundError, GitHubUnavailableError, LogReaderFailedError, LogUnavailableError } from '../errors.ts';
import type { JobContext } from './job.ts';
import { openPassing } from './passing.ts';

/** What is analysed. `goOnWithoutLog`: a log that is not there is waited for no more. */
export interface DiagnoseRequest {
  workspaceId: WorkspaceId;
  run: Run;
  revision: number;
  goOnWithoutLog: boolean;
  settings: AnalysisSettings;
}

export interface AnalysisSettings {
  /** For the model's part; after that the offline analyser's sentences stand. */
  deadlineMs: number;
  /** The salt is the same for the life of the process, and known to nobody. */
  redaction: Redaction;
}

export type DiagnoseOutcome = { kind: 'diagnosed'; summary: Summary } | { kind: 'log-missing' };

/** A matrix can fail in hundreds of jobs for one cause: this many logs are read, the other jobs are only named. */
const MAX_LOGS = 20;

/**
 * The one way to a Summary: gives the stored one where there is one, else fetches, analyses and stores. Two that run at once
 * end with the same Summary. Throws what the ports throw, LeaseLostError included.
 */
export async function diagnose(context: JobContext, request: DiagnoseRequest): Promise<DiagnoseOutcome> {
  const { workspaceId, run, revision } = request;
  const { deadlineMs, redaction } = request.settings;
  const known = await context.summaries.findByRun(workspaceId, run, revision);
  if (known !== null) return { kind: 'diagnosed', summary: known };
  const jobs = await listJobs(context, request);
  const digests = await digestJobs(context, request, failedJobs(jobs));
  if (digests === null) return { kind: 'log-missing' };
  const diagnosis = await analyze(
    {
      provider: context.provider,
      offline: offlineProvider,
      clock: context.clock,
      random: () => randomBytes(16).toString('hex'),
      redaction,
      history: (fingerprint) => context.failures.history(workspaceId, run, fingerprint),
    },
    { run, totalJobs: jobs.length, digests, deadlineMs, signal: context.signal },
  );
  count(context, diagnosis);
  const summary = await context.summaries.save(workspaceId, context.lease, { run, revision, diagnosis });
  return { kind: 'diagnosed', summary };
}

async function listJobs(
  { runSource, signal }: JobContext,
  { workspaceId, run }: DiagnoseRequest,
): Promise<readonly WorkflowJob[]> {
  try {
    return await runSource.jobs(workspaceId, run, signal);
  } catch (error) {
    // A workflow file that GitHub cannot read starts no jobs.
    if (run.conclusion === 'startup_failure' && error instanceof GitHubNotFoundError) return [];
    throw error;
  }
}

/** A run that ran out of time can end with jobs that were cancelled and none that failed. */
function failedJobs(jobs: readonly WorkflowJob[]): readonly WorkflowJob[] {
  const failing = jobs.filter(({ conclusion }) => isFailing(conclusion));
  return failing.length > 0 ? failing : jobs.filter(({ conclusion }) => conclusion === 'cancelled');
}

/** Null when a log is not there and is worth waiting for. */
async function digestJobs(
  context: JobContext,
  request: DiagnoseRequest,
  jobs: readonly WorkflowJob[],
): Promise<JobDigest[] | null> {
  const redactor = createRedactor(request.settings.redaction);
  if (jobs.length === 0) return [digestWithoutJobs(request.run, redactor)];
  const digests: JobDigest[] = [];
  for (const [index, job] of jobs.entries()) {
    if (index >= MAX_LOGS) {
      digests.push(digestMissing(job, { reason: `only the first ${MAX_LOGS} logs are read`, redactor }));
      continue;
    }
    const digest = await digestJob(context, request, { job, redactor, isFirst: index === 0 });
    if (digest === null) return null;
    digests.push(digest);
  }
  return digests;
}

/** A run without jobs has no log at all; why GitHub did not start any is in the workflow's file. */
function digestWithoutJobs(run: Run, redactor: Redactor): JobDigest {
  const digest = digestMissing(null, { reason: 'GitHub names no failed job for this run', redactor });
  return run.conclusion === 'startup_failure' ? { ...digest, category: 'configuration' } : digest;
}

async function digestJob(
  context: JobContext,
  { workspaceId, run, goOnWithoutLog }: DiagnoseRequest,
  { job, redactor, isFirst }: { job: WorkflowJob; redactor: Redactor; isFirst: boolean },
): Promise<JobDigest | null> {
  const { logs, logReader, signal, isLastAttempt } = context;
  try {
    const log = await logs.open(workspaceId, { repository: run.repository, jobId: job.id }, signal);
    // One comparison for a run: a matrix fails for one cause, and GitHub counts our questions.
    const comparison = isFirst ? { passing: openPassing(context, { workspaceId, run, job }) } : {};
    return await logReader.digest(log, { job, signal, ...comparison });
  } catch (error) {
    // Better a failure told without its log than not at all.
    if (error instanceof GitHubUnavailableError && isLastAttempt)
      return digestMissing(job, { reason: 'GitHub could not deliver it', redactor });
    if (error instanceof LogReaderFailedError && isLastAttempt)
      return digestMissing(job, { reason: 'reading it failed', redactor });
    if (!(error instanceof LogUnavailableError)) throw error;
    return goOnWithoutLog ? digestMissing(job, { reason: 'GitHub does not have it', redactor }) : null;
  }
}

function count({ metrics }: JobContext, { authorship, verdict, category }: Diagnosis): void {
  const { provider, inputTokens, outputTokens } = authorship;
  const model = authorship.model ?? 'none';
  metrics.analyses.add(1, { provider, verdict: verdict.kind, category });
  if (inputTokens > 0) metrics.modelTokens.add(inputTokens, { provider, model, direction: 'input' });
  if (outputTokens > 0) metrics.modelTokens.add(outputTokens, { provider, model, direction: 'output' });
}
