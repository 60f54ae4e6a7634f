import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { fakeLog } from './fake-log.ts';
import { fakeMetrics } from './fake-metrics.ts';
import { anInProcessLogReader } from './in-process-log-reader.ts';
import { NO_MODELS } from '../../src/analysis/route.ts';
import type { Summary } from '../../src/domain/diagnosis.ts';
import type { Failure, Thread } from '../../src/domain/failure.ts';
import {
  ChannelId,
  JobId,
  type RepositoryName,
  SubscriptionId,
  UserId,
  WorkflowJobId,
  type WorkspaceId,
} from '../../src/domain/ids.ts';
import type { NewJob } from '../../src/domain/jobs.ts';
import type { Message } from '../../src/domain/message.ts';
import type {
  AcceptOutcome,
  Delivery,
  FailureStore,
  Intake,
  JobQueue,
  LogSource,
  Messenger,
  RunSource,
  RunStore,
  SubscriptionStore,
  SummaryStore,
  WorkspaceStore,
} from '../../src/domain/ports.ts';
import { NO_CONTEXT } from '../../src/domain/reasoning.ts';
import { usualRule } from '../../src/domain/rules/rule.ts';
import { isFailing, type Run, type RunRef, type WorkflowJob } from '../../src/domain/run.ts';
import { advance } from '../../src/domain/run-state.ts';
import type { Subscription } from '../../src/domain/subscription.ts';
import { GitHubNotFoundError } from '../../src/errors.ts';
import type { JobContext } from '../../src/pipeline/job.ts';
import { memoryHappenings } from './memory-happenings.ts';
import { memoryPosts, memoryReceipts } from './memory-stores.ts';
import { aCallStore, someSettings } from './models.ts';
import { aFailure, aSummary, MOMENT } from './report-builders.ts';

/** Knows a delivery again by its id and its body, as the real one does. */
export function anIntake(): Intake & { stored: Delivery[] } {
  const known = new Set<string>();
  const stored: Delivery[] = [];
  return {
    stored,
    async accept(delivery): Promise<AcceptOutcome> {
      const key = `${delivery.deliveryId} ${delivery.bodyHash.toString('hex')}`;
      if (known.has(key)) return { kind: 'repeated' };
      known.add(key);
      stored.push(delivery);
      return { kind: 'stored', jobId: JobId.parse(randomUUID()) };
    },
  };
}

/** Takes wake-ups and does nothing with them. */
export function aQueue(): JobQueue & { woken: JobId[] } {
  const woken: JobId[] = [];
  return {
    description: 'a list in a test',
    woken,
    async wake(ids) {
      woken.push(...ids);
    },
    async work() {},
    isHealthy: async () => true,
    async close() {},
  };
}

export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** Runs as the database keeps them: one row per attempt, which only moves forward, and none for an attempt heard of too late. */
export function someRuns(...known: Run[]): RunStore & { rows: Run[] } {
  const rows = [...known];
  const isSame = (a: Omit<RunRef, 'attempt'>, b: Omit<RunRef, 'attempt'>) =>
    a.repository === b.repository && a.runId === b.runId;
  return {
    rows,
    async record(_workspaceId, run) {
      const attempts = rows.filter((row) => isSame(row, run));
      const row = attempts.find(({ attempt }) => attempt === run.attempt);
      if (attempts.some((known) => advance(known, run) !== 'applied')) return 'late';
      if (row) rows.splice(rows.indexOf(row), 1);
      rows.push(run);
      return 'applied';
    },
    find: async (_workspaceId, ref) => rows.find((row) => isSame(row, ref) && row.attempt === ref.attempt) ?? null,
    statuses: async () => [],
    async saveTraits(_workspaceId, { runId }, traits) {
      rows.splice(0, rows.length, ...rows.map((row) => (row.runId === runId ? { ...row, traits } : row)));
    },
    async addEnvironment(_workspaceId, { runId }, environment) {
      const isNew = rows.some((row) => row.runId === runId && !row.environments?.includes(environment));
      const add = (row: Run): Run => ({ ...row, environments: [...(row.environments ?? []), environment] });
      rows.splice(0, rows.length, ...rows.map((row) => (row.runId === runId && isNew ? add(row) : row)));
      return isNew;
    },
    findNewest: async (_workspaceId, ref) => rows.findLast((row) => isSame(row, ref)) ?? null,
    recent: async () => [],
  };
}

/** Summaries and the failures behind them. */
export function someSummaries(...known: Array<{ summary: Summary; failure: Failure }>) {
  const rows = [...known];
  const ofRun = (ref: RunRef) =>
    rows
      .map(({ summary }) => summary)
      .filter(({ run }) => run.runId === ref.runId && run.attempt === ref.attempt)
      .sort((a, b) => b.revision - a.revision);
  const summaries: SummaryStore = {
    find: async (_workspaceId, id) => rows.find(({ summary }) => summary.id === id)?.summary ?? null,
    findByRun: async (_workspaceId, ref, revision) =>
      ofRun(ref).find((summary) => summary.revision === revision) ?? null,
    findLatest: async (_workspaceId, ref) => ofRun(ref)[0] ?? null,
    recent: async () => [],
    async save(_workspaceId, _lease, { run, revision, diagnosis }) {
      const before = ofRun(run).find((summary) => summary.revision === revision);
      if (before) return before;
      const { repository, runId, attempt } = run;
      const failure = aFailure({ repository, fingerprint: diagnosis.fingerprint });
      const summary = aSummary({ failureId: failure.id, run: { repository, runId, attempt }, revision, diagnosis });
      rows.push({ summary, failure });
      return summary;
    },
  };
  const resolved: Array<{ failure: Failure; threads: Thread[] }> = [];
  const failures: FailureStore & { stored: NewJob[]; resolved: typeof resolved } = {
    stored: [],
    resolved,
    find: async (_workspaceId, id) => rows.find(({ failure }) => failure.id === id)?.failure ?? null,
    similar: async () => [],
    successor: async () => null,
    beginning: async (_workspaceId, run) => ({ firstBad: run, lastGood: null, otherBranches: [] }),
    ofBranch: async () => [],
    succeeded: async () => [],
    history: async () => ({
      openOnBranch: null,
      openOnBase: null,
      flakyWitness: null,
      lastResolved: null,
      sameCommit: null,
      flakyMark: null,
    }),
    async resolve(_workspaceId, _lease, _run, followUps) {
      const jobs = followUps(resolved.splice(0));
      this.stored.push(...jobs);
      return jobs.map(() => JobId.parse(randomUUID()));
    },
  };
  return { rows, summaries, failures };
}

/** Subscriptions of channels to the one repository that a test speaks of. */
export function someSubscriptions(
  repository: RepositoryName,
  channels: Record<string, string | null>,
  rule = usualRule(repository),
): SubscriptionStore {
  const all = Object.entries(channels).map(([channelId, pausedReason]): Subscription => ({
    id: SubscriptionId.parse(randomUUID()),
    channelId: ChannelId.parse(channelId),
    rule,
    createdBy: UserId.parse('U0ADA'),
    createdAt: new Date('2026-11-01T12:00:00Z'),
    pausedReason,
  }));
  return {
    create: () => Promise.reject(new Error('Nothing here subscribes')),
    remove: () => Promise.reject(new Error('Nothing here unsubscribes')),
    change: () => Promise.reject(new Error('Nothing here changes a rule')),
    pause: () => Promise.reject(new Error('Nothing here pauses')),
    inChannel: async (_workspaceId, channelId) => all.filter((each) => each.channelId === channelId),
    ofRepository: async (_workspaceId, name) => (name === repository ? all : []),
  };
}

/** A GitHub that knows some runs, their jobs, and a log for each job: text, or what it throws; and a run that passed, if told so. */
export function aGitHub({
  runs = [],
  jobs = [],
  log = 'Error: boom\n##[error]Process completed with exit code 1.\n',
  passed = null,
  remarks = [],
}: {
  runs?: Run[];
  jobs?: WorkflowJob[];
  log?: string | Error;
  passed?: { run: RunRef; job: WorkflowJob; log: string | Error } | null;
  /** What is shown beside the log. */
  remarks?: string[];
}) {
  const asked: WorkflowJobId[] = [];
  const state = { log };
  const runSource: RunSource = {
    canSee: async () => true,
    async find(_workspaceId, { runId, attempt }) {
      const found = runs.find((run) => run.runId === runId && (attempt === null || run.attempt === attempt));
      if (!found) throw new GitHubNotFoundError('No such run');
      return found;
    },
    latestFailing: async (_workspaceId, { branch }) =>
      runs.find((run) => isFailing(run.conclusion) && (branch === undefined || run.branch === branch)) ?? null,
    async failingOfPullRequest(_workspaceId, { number }) {
      const ofPull = runs.filter(({ pullRequest }) => pullRequest === number);
      if (ofPull.length === 0) throw new GitHubNotFoundError('No such pull request');
      return ofPull.find(({ conclusion }) => isFailing(conclusion)) ?? null;
    },
    lastPassing: async () => passed && passed.run,
    jobs: async (_workspaceId, { runId }) => (passed?.run.runId === runId ? [passed.job] : jobs),
  };
  const logs: LogSource = {
    async open(_workspaceId, { jobId }) {
      asked.push(jobId);
      const text = passed?.job.id === jobId ? passed.log : state.log;
      if (text instanceof Error) throw text;
      return Readable.from([Buffer.from(text)], { objectMode: false });
    },
    remarks: async () => [...remarks],
  };
  return { runSource, logs, asked, state };
}

export function aWorkflowJob(changes: Partial<WorkflowJob> = {}): WorkflowJob {
  return {
    id: WorkflowJobId.parse(4242),
    name: 'test',
    conclusion: 'failure',
    url: 'https://github.com/acme/web/actions/runs/1/job/4242',
    runner: null,
    startedAt: null,
    completedAt: null,
    steps: [],
    ...changes,
  };
}

/** Workspaces that are all active, but the revoked ones. */
export function workspacesBut(...revoked: WorkspaceId[]): Pick<WorkspaceStore, 'isActive'> {
  return { isActive: async (id) => !revoked.includes(id) };
}

/** A messenger that keeps its answers. */
export function aMessenger(): {
  messenger: Pick<Messenger, 'respond'>;
  answers: Array<{ url: string; message: Message }>;
} {
  const answers: Array<{ url: string; message: Message }> = [];
  return {
    answers,
    messenger: {
      async respond(url, message) {
        answers.push({ url, message });
      },
    },
  };
}

/** What a handler gets; a port that a test does not give is not there. */
export function aJobContext(given: Record<string, unknown>): JobContext {
  const basis = {
    clock: { now: () => MOMENT },
    log: fakeLog(),
    metrics: fakeMetrics(),
    queue: aQueue(),
    workspaces: workspacesBut(),
    models: NO_MODELS,
    modelCalls: aCallStore(),
    settings: someSettings(),
    posts: memoryPosts(),
    happenings: memoryHappenings(),
    receipts: memoryReceipts({ now: () => MOMENT }),
    runContext: { context: async () => NO_CONTEXT },
    codeOwners: { rules: async () => [] },
    workflowFiles: { find: async () => null },
    logReader: anInProcessLogReader({ salt: 'a salt for tests' }),
    lease: { jobId: JobId.parse(randomUUID()), token: randomUUID() },
    signal: new AbortController().signal,
    isLastAttempt: false,
    isRepeat: false,
    wasLimited: false,
  };
  return Object.assign(Object.create(null), basis, given);
}
