import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Diagnosis, Summary } from '../../src/domain/diagnosis.ts';
import type { Failure } from '../../src/domain/failure.ts';
import {
  ChannelId,
  FailureId,
  InstallationId,
  type JobId,
  MessageTs,
  RepositoryName,
  RunId,
  UserId,
  WorkspaceId,
} from '../../src/domain/ids.ts';
import type { ClaimedJob, Lease, NewJob } from '../../src/domain/jobs.ts';
import type { Delivery, JobLimits } from '../../src/domain/ports.ts';
import type { CallSettlement, ModelReply, NewModelCall, SpendingLimits } from '../../src/domain/reasoning.ts';
import type { Run } from '../../src/domain/run.ts';
import type { Stores } from '../../src/db/database.ts';

// Valid values; a test names only what matters to it. What identifies something is random, so that tests share a database.

const mark = (): string => randomBytes(5).toString('hex').toUpperCase();

export const aWorkspaceId = (): WorkspaceId => WorkspaceId.parse(`T${mark()}`);
export const aChannelId = (): ChannelId => ChannelId.parse(`C${mark()}`);
export const aUserId = (): UserId => UserId.parse(`U${mark()}`);
export const aRepository = (): RepositoryName => RepositoryName.parse(`acme/${mark()}`);
export const anInstallationId = (): InstallationId => InstallationId.parse(randomInt(1, 2 ** 47));
export const aRunId = (): RunId => RunId.parse(Number.MAX_SAFE_INTEGER - randomInt(1, 2 ** 47));
export const aTs = (): MessageTs => MessageTs.parse(`17${randomInt(10_000_000, 99_999_999)}.000100`);

export function aDelivery(changes: Partial<Delivery> = {}): Delivery {
  const body = changes.body ?? Buffer.from(JSON.stringify({ action: 'completed', mark: randomUUID() }));
  return {
    deliveryId: randomUUID(),
    name: 'workflow_run',
    action: 'completed',
    installationId: anInstallationId(),
    repository: aRepository(),
    body,
    bodyHash: createHash('sha256').update(body).digest(),
    ...changes,
  };
}

export function aJob(changes: Partial<Pick<NewJob, 'dedupeKey' | 'delayMs'>> = {}): NewJob {
  return {
    kind: 'deliver-recovery',
    payload: { workspaceId: aWorkspaceId(), channelId: aChannelId(), failureId: aFailureId() },
    dedupeKey: randomUUID(),
    ...changes,
  };
}

export const aFailureId = (): FailureId => FailureId.parse(randomUUID());

export const LIMITS: JobLimits = { leaseMs: 60_000, maxAttempts: 5, maxCrashes: 3 };

export async function claimed(stores: Stores, id: JobId, limits: Partial<JobLimits> = {}): Promise<ClaimedJob> {
  const outcome = await stores.jobs.claim(id, { ...LIMITS, ...limits });
  if (outcome.kind !== 'claimed') throw new Error(`The claim was ${outcome.kind}`);
  return outcome.job;
}

export async function aLease(stores: Stores): Promise<Lease> {
  const [id] = await stores.jobs.enqueue([aJob()]);
  if (id === undefined) throw new Error('The job was not stored');
  return (await claimed(stores, id)).lease;
}

/** Saves a summary for the run under a lease of its own, as its analysis does. */
export async function saved(
  stores: Stores,
  workspaceId: WorkspaceId,
  { run, revision = 0, ...changes }: { run: Run; fingerprint: string; revision?: number } & Partial<Diagnosis>,
): Promise<Summary> {
  const lease = await aLease(stores);
  return await stores.summaries.save(workspaceId, lease, { run, revision, diagnosis: aDiagnosis(changes) });
}

/** The failure that a failing run opens. */
export async function anOpenFailure(stores: Stores, workspaceId: WorkspaceId, run: Run = aRun()): Promise<Failure> {
  const { failureId } = await saved(stores, workspaceId, { run, fingerprint: mark() });
  const failure = await stores.failures.find(workspaceId, failureId);
  if (failure === null) throw new Error('The failure was not stored');
  return failure;
}

export function aRun(changes: Partial<Run> = {}): Run {
  return {
    repository: aRepository(),
    runId: aRunId(),
    attempt: 1,
    number: 1,
    workflow: 'CI',
    branch: 'main',
    defaultBranch: 'main',
    event: 'push',
    headSha: randomBytes(20).toString('hex'),
    status: 'completed',
    conclusion: 'failure',
    url: 'https://github.com/acme/app/actions/runs/1',
    actor: 'octocat',
    actorId: null,
    actorType: 'user',
    title: 'Add the thing',
    pullRequest: null,
    startedAt: new Date('2026-11-22T10:00:00.000Z'),
    updatedAt: new Date('2026-11-22T10:05:00.123Z'),
    ...changes,
  };
}

export function aDiagnosis(changes: Partial<Diagnosis> = {}): Diagnosis {
  const line = { jobId: null, line: 12, step: 3, stepLine: 4, text: 'Error: expected 2 to be 3' };
  return {
    headline: 'adds.test.js fails',
    cause: 'The sum is wrong.',
    nextStep: 'Look at adds.js.',
    category: 'test',
    verdict: { kind: 'new', reasons: ['It was not seen before'] },
    confidence: 'high',
    fingerprint: mark(),
    evidence: [line],
    excerpt: [line],
    facts: {
      failingTests: [],
      problems: [],
      exitCode: 1,
      failedStep: 'test',
      failedCommand: 'npm test',
      tool: 'jest',
      ecosystem: 'javascript',
    },
    jobs: [],
    totalJobs: 1,
    logDigest: '',
    authorship: {
      provider: 'offline',
      model: null,
      promptVersion: '1',
      inputTokens: 0,
      outputTokens: 0,
      latencyMs: 3,
      cachedTokens: 0,
      costMicroUsd: 0,
      firstTokenMs: null,
      reusedFrom: null,
      escalated: false,
      fallbackReason: null,
    },
    ...changes,
  };
}

/** Enough for every test that is not about limits. */
export const PLENTY: SpendingLimits = { monthlyBudgetUsd: 1000, callsPerHour: 10_000 };

export function aCall(changes: Partial<NewModelCall> = {}): NewModelCall {
  return {
    requestKey: randomUUID(),
    repository: aRepository(),
    runId: aRunId(),
    attempt: 1,
    fingerprint: mark(),
    provider: 'claude',
    model: 'claude-haiku-5-5',
    promptVersion: '1',
    estimateMicroUsd: 1000,
    fallbackReason: null,
    expiresInMs: 60_000,
    ...changes,
  };
}

export function aReply(changes: Partial<ModelReply['answer']> = {}): ModelReply {
  return {
    answer: {
      headline: 'adds.test.js fails',
      cause: 'The sum is wrong.',
      nextStep: 'Look at adds.js.',
      evidence: [{ number: 12, text: 'Error: expected 2 to be 3' }],
      ...changes,
    },
    model: 'claude-haiku-5-5-20261001',
    usage: { inputTokens: 3000, outputTokens: 200, cachedTokens: 1000 },
    firstTokenMs: 120.5,
  };
}

export function aSettlement(changes: Partial<CallSettlement> = {}): CallSettlement {
  const { model, usage, firstTokenMs } = aReply();
  return {
    outcome: 'answered',
    usage,
    costMicroUsd: 700,
    firstTokenMs,
    totalMs: 812.4,
    model,
    problem: null,
    reply: aReply(),
    prompt: null,
    ...changes,
  };
}

export const anAsker = (workspaceId = aWorkspaceId()) => ({ workspaceId, userId: aUserId() });
