import { randomBytes } from 'node:crypto';
import { type Analysis, analyze } from '../analysis/analyze.ts';
import { describeAsker } from '../analysis/another-look.ts';
import type { Flights } from '../analysis/question.ts';
import { digestMissing } from '../analysis/digest.ts';
import { PROMPT_VERSION } from '../analysis/prompt.ts';
import { createReasoner } from '../analysis/reason.ts';
import { createRedactor, type Redaction, type Redactor } from '../analysis/redact.ts';
import { limitsOf, planRoute, type Wants } from '../analysis/route.ts';
import { isReported } from '../domain/ci.ts';
import type { Diagnosis, Summary } from '../domain/diagnosis.ts';
import type { JobDigest } from '../domain/digest.ts';
import type { UserId, WorkspaceId } from '../domain/ids.ts';
import type { AnalysisWants, AnswerStage } from '../domain/jobs.ts';
import { NO_CONTEXT, type ReasoningSettings, type ReusableSummary, type RunContext } from '../domain/reasoning.ts';
import { isFailing, type Run, type WorkflowJob } from '../domain/run.ts';
import { GitHubNotFoundError } from '../errors.ts';
import type { JobContext } from './job.ts';
import { tellAdmins } from './notices.ts';
import { findOrigin } from './origin.ts';
import { openPassing } from './passing.ts';
import { digestUnread, judgeUnread } from './unread.ts';
import { findSurroundings } from './surroundings.ts';
import { findWorkflow } from './workflow-file.ts';

/** What is analysed. `goOnWithoutLog`: a log that is not there is waited for no more. */
export interface DiagnoseRequest {
  workspaceId: WorkspaceId;
  run: Run;
  revision: number;
  goOnWithoutLog: boolean;
  /** A limit of GitHub's put it off. */
  wasLimited?: boolean;
  settings: AnalysisSettings;
  /** What a person wants of this look. */
  wants?: AnalysisWants;
  /** Who asked for it. */
  person?: UserId;
  /** Told how far it has come, where a person waits. */
  onStage?: (stage: AnswerStage) => void;
}

export interface AnalysisSettings {
  /** For the part of models; after that the offline analyser's sentences stand. */
  deadlineMs: number;
  /** The salt is the same for the life of the process, and known to nobody. */
  redaction: Redaction;
  /** Questions to models that are under way in this process. */
  flights?: Flights;
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
  const known = await context.summaries.findByRun(workspaceId, run, revision);
  if (known !== null) return { kind: 'diagnosed', summary: known };
  const jobs = await listJobs(context, request);
  const reasoning = await context.settings.reasoning(workspaceId);
  const asks = asksModels(context, request, reasoning);
  const surroundings = asks ? findSurroundings(context, request) : NO_CONTEXT;
  const digests = await digestJobs(context, request, jobs);
  if (digests === null) return { kind: 'log-missing' };
  const input = { digests, totalJobs: jobs.length, asks, reasoning, surroundings: await surroundings };
  const { diagnosis: found, callIds, notices, settled } = await explain(context, request, input);
  const diagnosis = { ...found, ...(await describeAsking(request)), ...describeLimit(request) };
  context.metrics.analyses.add(1, labelsOf(diagnosis));
  if (diagnosis.wasLimited) context.metrics.limitedAnalyses.add(1);
  await tellAdmins(context, workspaceId, { notices, author: diagnosis.authorship });
  const summary = await context.summaries.save(workspaceId, context.lease, { run, revision, diagnosis });
  await settled;
  await attach(context, { workspaceId, callIds, summary });
  return { kind: 'diagnosed', summary };
}

async function describeAsking({ person, wants = {}, settings }: DiagnoseRequest): Promise<Pick<Diagnosis, 'asked'>> {
  return person === undefined ? {} : { asked: await describeAsker({ person, wants }, settings.redaction) };
}

function describeLimit({ wasLimited = false }: DiagnoseRequest): Pick<Diagnosis, 'wasLimited'> {
  return wasLimited ? { wasLimited } : {};
}

function asksModels({ models }: JobContext, { wants = {} }: DiagnoseRequest, settings: ReasoningSettings): boolean {
  const limits = limitsOf(settings, models);
  return planRoute({ settings, limits, wants: presentOf(wants) }, models).candidates.length > 0;
}

interface Explained {
  digests: readonly JobDigest[];
  totalJobs: number;
  /** Whether a model may be asked. */
  asks: boolean;
  reasoning: ReasoningSettings;
  surroundings: RunContext;
}

function explain(
  context: JobContext,
  { workspaceId, run, revision, settings: { deadlineMs, redaction, flights }, wants = {}, onStage }: DiagnoseRequest,
  { digests, totalJobs, asks, reasoning, surroundings }: Explained,
): Promise<Analysis> {
  const { models, modelCalls, clock, log, metrics, failures, signal } = context;
  const shared = flights === undefined ? {} : { flights };
  const hours = revision === 0 ? reasoning.reuseHours : 0;
  const reason = createReasoner({ models, calls: modelCalls, clock, log, metrics, ...shared });
  onStage?.('matching');
  return analyze(
    {
      reason: (question) => {
        if (asks) onStage?.('asking');
        return reason(question);
      },
      random: () => randomBytes(16).toString('hex'),
      redaction,
      history: (fingerprint) => failures.history(workspaceId, run, fingerprint),
      origin: (found) => findOrigin(context, { workspaceId, run, ...found, redactor: createRedactor(redaction) }),
      workflow: (digest) => findWorkflow(context, { workspaceId, run, digest, redactor: createRedactor(redaction) }),
      reusable: (fingerprint) => findReusable(context, { workspaceId, run, fingerprint, hours }),
    },
    {
      run,
      totalJobs,
      digests,
      deadlineMs,
      signal,
      context: surroundings,
      wants: presentOf(wants),
      settings: reasoning,
      limits: limitsOf(reasoning, models),
      scope: { workspaceId, revision },
    },
  );
}

/** A person who asks for another look wants a new one. */
async function findReusable(
  { modelCalls }: JobContext,
  { workspaceId, run, fingerprint, hours }: { workspaceId: WorkspaceId; run: Run; fingerprint: string; hours: number },
): Promise<ReusableSummary | null> {
  if (hours === 0) return null;
  const { repository } = run;
  return modelCalls.findReusable(workspaceId, { repository, fingerprint, promptVersion: PROMPT_VERSION, hours });
}

function presentOf({ tier, choice, note }: AnalysisWants): Wants {
  return {
    ...(tier === undefined ? {} : { tier }),
    ...(choice === undefined ? {} : { choice }),
    ...(note === undefined ? {} : { note }),
  };
}

/** The summary is stored and worth telling, whether its calls can be tied to it or not. */
async function attach(
  { modelCalls, log }: JobContext,
  { workspaceId, callIds, summary }: { workspaceId: WorkspaceId; callIds: Analysis['callIds']; summary: Summary },
): Promise<void> {
  if (callIds.length === 0) return;
  try {
    await modelCalls.attach(workspaceId, callIds, summary.id);
  } catch (error) {
    log.warn({ error, workspaceId, summaryId: summary.id }, 'Calls to models were not tied to their summary');
  }
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
  allJobs: readonly WorkflowJob[],
): Promise<JobDigest[] | null> {
  const redactor = createRedactor(request.settings.redaction);
  const jobs = failedJobs(allJobs);
  if (jobs.length === 0) return digestWithoutFailed(request, allJobs, redactor);
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

/** GitHub lists a job at times as running whose run has ended; null where that is worth waiting for. */
function digestWithoutFailed(
  { run, goOnWithoutLog }: DiagnoseRequest,
  jobs: readonly WorkflowJob[],
  redactor: Redactor,
): JobDigest[] | null {
  const running = jobs.filter(({ conclusion }) => conclusion === null);
  if (running.length === 0) return [digestWithoutJobs(run, redactor)];
  const reason = `${holderOf(run)} says that the job still runs, so its log is not complete`;
  return goOnWithoutLog ? running.map((job) => digestMissing(job, { reason, redactor })) : null;
}

/** A run without jobs has no log at all; why GitHub did not start any is in the workflow's file. */
function digestWithoutJobs(run: Run, redactor: Redactor): JobDigest {
  const digest = digestMissing(null, { reason: `${holderOf(run)} names no failed job for this run`, redactor });
  return run.conclusion === 'startup_failure' ? { ...digest, category: 'configuration' } : digest;
}

async function digestJob(
  context: JobContext,
  { workspaceId, run, goOnWithoutLog }: DiagnoseRequest,
  { job, redactor, isFirst }: { job: WorkflowJob; redactor: Redactor; isFirst: boolean },
): Promise<JobDigest | null> {
  const { logs, logReader, signal } = context;
  try {
    const log = await logs.open(workspaceId, { repository: run.repository, jobId: job.id }, signal);
    // One comparison for a run: a matrix fails for one cause, and GitHub counts our questions.
    const comparison = isFirst ? { passing: openPassing(context, { workspaceId, run, job }) } : {};
    return await logReader.digest(log, { job, signal, ...comparison });
  } catch (error) {
    const unread = judgeUnread(context, error, { goOnWithoutLog, holder: holderOf(run) });
    if (unread.kind === 'later') return null;
    if (unread.kind === 'failed') throw error;
    return await digestUnread(context, { workspaceId, run, job }, { reason: unread.reason, redactor });
  }
}

function holderOf({ repository }: Run): string {
  return isReported(repository) ? 'the CI system' : 'GitHub';
}

function labelsOf({ authorship, verdict, category }: Diagnosis): Record<string, string> {
  return { provider: authorship.provider, verdict: verdict.kind, category };
}
