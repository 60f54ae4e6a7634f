import { setTimeout as sleep } from 'node:timers/promises';
import type { JobId } from '../domain/ids.ts';
import {
  type ClaimedJob,
  type ClaimOutcome,
  JOB_PAYLOADS,
  type JobKind,
  type JobPayload,
  type NewJob,
} from '../domain/jobs.ts';
import type { Log, Ports } from '../domain/ports.ts';
import { AppError, errorId, GitHubLimitedError, LeaseLostError } from '../errors.ts';
import type { JobContext, JobHandler, JobTable } from './job.ts';
import { keepLease } from './lease.ts';
import { retryDelayMs } from './retry.ts';

const LIMITED = new GitHubLimitedError('GitHub limits our requests').code;

/** How often an outcome is told to a database that does not answer, and the first pause between, in ms. */
const SETTLE_TRIES = 3;
const SETTLE_PAUSE_MS = 200;

export interface WorkerOptions {
  table: JobTable;
  /** Jobs at once. */
  concurrency: number;
  leaseMs: number;
  /** Tries of a job that fails for a reason of ours, or that a person waits for. */
  maxAttempts: number;
  /** Tries of a job that fails because another system is away, which can take hours. Not fewer than `maxAttempts`. */
  maxOutageAttempts?: number;
  /** How many workers a job may bring down before it is parked. */
  maxCrashes: number;
  random?: () => number;
}

/** The reason of the signals that fire when a worker stops. */
export class WorkerStopped extends Error {
  override readonly message = 'The worker stopped before the job was done';
}

export interface TimedWakes {
  /** Wakes `ids` when `delayMs` are over, if that is soon; nothing where there is no delay. */
  wakeIn(delayMs: number, ids: readonly JobId[]): void;
  stop(): void;
}

export interface Scope {
  ports: Ports;
  options: WorkerOptions;
  stopping: AbortSignal;
  wakes: TimedWakes;
}

/** Claims who is next and runs it. Never rejects: what cannot be said to the database is found by the sweep when the lease has run out. */
export async function runJob(scope: Scope, handed: JobId): Promise<void> {
  const { ports, options } = scope;
  await leaveToSweep(ports, { handed }, async () => {
    const outcome = await ports.jobs.claimNext(handed, { ...options, maxAttempts: outageAttempts(options) });
    if (outcome.kind === 'buried') reportBuried(ports, outcome);
    if (outcome.kind !== 'claimed') return;
    const { job } = outcome;
    await leaveToSweep(ports, { jobId: job.lease.jobId }, () => runClaimed(scope, job));
  });
}

async function leaveToSweep({ log }: Pick<Ports, 'log'>, fields: object, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    const sentence =
      error instanceof LeaseLostError
        ? "Lease lost, the job is its new holder's"
        : 'Job left to the sweep, the database failed';
    log.warn({ ...fields, error }, sentence);
  }
}

async function runClaimed(scope: Scope, job: ClaimedJob): Promise<void> {
  const { ports, options, stopping } = scope;
  const { lease, attempt, kind } = job;
  const log = ports.log.child({ jobId: lease.jobId, kind, attempt });
  const lost = new AbortController();
  const stopKeeping = keepLease({
    renew: () => ports.jobs.renew(lease, options.leaseMs),
    leaseMs: options.leaseMs,
    onLost: () => lost.abort(new LeaseLostError('The lease ran out while the job was running')),
    log,
  });
  const signal = AbortSignal.any([lost.signal, stopping]);
  const startedAt = ports.clock.now().getTime();
  try {
    const wasLimited = isLimit(job.lastError);
    const tries = { isLastAttempt: attempt >= options.maxAttempts, isRepeat: attempt > 1, wasLimited };
    const context = { ...ports, log, lease, signal, ...tries };
    const followUps = await untilAborted(signal, () => runHandler(options.table, job, context));
    await complete(scope, job, log, followUps);
  } catch (error) {
    await fail(scope, job, log, signal.aborted ? signal.reason : error);
  } finally {
    stopKeeping();
    ports.metrics.jobSeconds.observe((ports.clock.now().getTime() - startedAt) / 1_000, { kind: labelOf(kind) });
  }
}

/** Gives a handler up when the signal fires, whether it looks at its signal or not: the job is somebody else's then. */
async function untilAborted<T>(signal: AbortSignal, act: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([act(), aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** A job that this version cannot read: written by another version, or damaged. */
class UnreadableJobError extends AppError {
  readonly code = 'job.unreadable';
  readonly retryable = false;
}

async function runHandler(table: JobTable, { kind, payload }: ClaimedJob, context: JobContext) {
  if (!isKnown(kind)) throw new UnreadableJobError(`This version knows no job of the kind "${kind}"`);
  return await runKnown(table, kind, payload, context);
}

type Schemas = { [K in JobKind]: { safeParse(payload: unknown): Parsed<JobPayload<K>> } };
type Parsed<T> = { success: true; data: T } | { success: false; error: { issues: readonly { path: PropertyKey[] }[] } };
const SCHEMAS: Schemas = JOB_PAYLOADS;

type Handlers<K extends JobKind> = { [P in K]: JobHandler<P> };

async function runKnown<K extends JobKind>(table: Handlers<K>, kind: K, payload: unknown, context: JobContext) {
  const parsed = SCHEMAS[kind].safeParse(payload);
  if (parsed.success) return await table[kind](context, parsed.data);
  const fields = parsed.error.issues.map(({ path }) => path.join('.') || 'the whole');
  throw new UnreadableJobError(`The payload does not fit this version, see: ${fields.join(', ')}`);
}

async function complete({ ports, wakes }: Scope, { lease, kind }: ClaimedJob, log: Log, followUps: readonly NewJob[]) {
  const ids = await settle(() => ports.jobs.complete(lease, followUps));
  ports.metrics.jobsFinished.add(1, { kind: labelOf(kind), outcome: 'done' });
  log.info({ followUps: ids.length }, 'Job done');
  await ports.queue.wake(ids);
  // Which id belongs to which delay is not said, so all are woken at each; a job that is not due stays where it is.
  for (const delayMs of new Set(followUps.map((job) => job.delayMs ?? 0))) wakes.wakeIn(delayMs, ids);
}

async function fail(scope: Scope, job: ClaimedJob, log: Log, error: unknown): Promise<void> {
  const { ports, options, wakes } = scope;
  const { lease, attempt } = job;
  if (error instanceof LeaseLostError) throw error;
  if (error instanceof WorkerStopped) {
    await settle(() => ports.jobs.retry(lease, { delayMs: 0, error: error.message, isUncounted: true }));
    return log.info({}, 'Job given back');
  }
  const isHopeless = error instanceof AppError && !error.retryable;
  if (isHopeless || (attempt >= maxAttemptsOf(job, error, options) && !isTurnedAway(error)))
    return await bury(scope, job, log, error);

  const code = codeOf(error);
  const delayMs = retryDelayMs(attempt, error, options.random ?? Math.random);
  log.warn({ code, retryInMs: delayMs, error }, 'Job failed, will retry');
  const isUncounted = isTurnedAway(error);
  await settle(() => ports.jobs.retry(lease, { delayMs, error: sentenceOf(error), isUncounted }));
  ports.metrics.jobsRetried.add(1, { kind: labelOf(job.kind), code });
  wakes.wakeIn(delayMs, [lease.jobId]);
}

/** We were told when to come back, or it is not our turn yet: on a busy day that happens more often than a job has tries. */
function isTurnedAway(error: unknown): boolean {
  return error instanceof AppError && error.retryable && error.retryAfterMs !== undefined;
}

/** An outage of Slack or GitHub is to delay a message, not to lose it; a person who waits is told sooner. */
function maxAttemptsOf({ payload }: ClaimedJob, error: unknown, options: WorkerOptions): number {
  const hasAsker =
    typeof payload === 'object' && payload !== null && ('responseUrl' in payload || 'askedBy' in payload);
  return error instanceof AppError && !hasAsker ? outageAttempts(options) : options.maxAttempts;
}

function outageAttempts({ maxAttempts, maxOutageAttempts = maxAttempts }: WorkerOptions): number {
  return maxOutageAttempts;
}

async function bury({ ports }: Scope, { lease, kind }: ClaimedJob, log: Log, error: unknown): Promise<void> {
  await settle(() => ports.jobs.bury(lease, sentenceOf(error)));
  log.error({ errorId: error instanceof AppError ? error.id : errorId(), code: codeOf(error), error }, 'Job parked');
  ports.metrics.jobsFinished.add(1, { kind: labelOf(kind), outcome: 'parked' });
}

function reportBuried(ports: Ports, { jobId, jobKind, reason }: Extract<ClaimOutcome, { kind: 'buried' }>): void {
  ports.log.error({ errorId: errorId(), jobId, kind: jobKind, reason }, 'Job parked');
  ports.metrics.jobsFinished.add(1, { kind: labelOf(jobKind), outcome: 'parked' });
}

/** Says an outcome to the database, again when it does not answer: an outcome that is lost costs the job a crash. */
async function settle<T>(tell: () => Promise<T>, tries = SETTLE_TRIES): Promise<T> {
  try {
    return await tell();
  } catch (error) {
    if (error instanceof LeaseLostError || tries <= 1) throw error;
    await sleep(SETTLE_PAUSE_MS * 2 ** (SETTLE_TRIES - tries));
    return await settle(tell, tries - 1);
  }
}

function isKnown(kind: string): kind is JobKind {
  return Object.hasOwn(JOB_PAYLOADS, kind);
}

/** Metrics keep one series per label, so a kind from elsewhere has none of its own. */
const labelOf = (kind: string): string => (isKnown(kind) ? kind : 'unknown');

const codeOf = (error: unknown): string => (error instanceof AppError ? error.code : 'unknown');

/** By what `sentenceOf` made of it. */
const isLimit = (lastError: string | null): boolean => lastError?.startsWith(`${LIMITED}: `) ?? false;

const sentenceOf = (error: unknown): string =>
  `${codeOf(error)}: ${error instanceof Error ? error.message : String(error)}`;
