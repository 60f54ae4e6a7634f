import type { Readable } from 'node:stream';
import type { JobId, RepositoryName, RunId, WorkflowJobId, WorkspaceId } from './ids.ts';
import type { Directory } from './directory.ts';
import type { JobDigest } from './digest.ts';
import type { GitHubSignIn, SpentTokenStore } from './connecting.ts';
import type { ActionPorts } from './action-ports.ts';
import type { CiPorts } from './ci.ts';
import type { GitHubAppSource, VitalStore } from './health.ts';
import type { GitHubAnswerer, GitHubAnswerStore } from './github-answers.ts';
import type { GitHubAppStore, GitHubServerList } from './github-apps.ts';
import type { GroupSource, GroupStore } from './groups.ts';
import type { EventStore, Intake, StoredEvent } from './intake-ports.ts';
import type { ClaimOutcome, Lease, NewJob } from './jobs.ts';
import type { HappeningEvent } from './happening.ts';
import type { Messenger } from './messenger.ts';
import type { FeedbackStore, ModelCallStore, Models, RunContextSource, SettingStore } from './model-ports.ts';
import type { ChangeSource } from './origin.ts';
import type { OverviewStore, RunFilter } from './overview.ts';
import type { PeoplePorts } from './people.ts';
import type { DeliverySources, EndedRunSource, GapStore } from './reconciling.ts';
import type { RoundupStore } from './roundup.ts';
import type { RuleFileSource, RuleFileStore } from './rule-files.ts';
import type { LoggedJob, Run, RunEvent, RunRef, RunTraits, WorkflowJob } from './run.ts';
import type { GitHubPlace } from './servers.ts';
import type { SightStore } from './sight.ts';
import type { WorkflowFileSource } from './workflow-file.ts';
import type {
  WorkspaceStore,
  InstallationStore,
  RunStore,
  HappeningStore,
  SummaryStore,
  FailureStore,
  SubscriptionStore,
  ThreadStore,
  PostStore,
  UserStore,
} from './stores.ts';

// Every interface between the core and the outside; those to what we keep for a workspace stand in stores.ts and are named
// here. Each method may throw an AppError; what a user can cause is a returned `kind` or null.
export type * from './action-ports.ts';
export type { CiReportStore, CiSourceStore, LinkedLogSource } from './ci.ts';
export type * from './connecting.ts';
export type * from './directory.ts';
export type * from './github-apps.ts';
export type * from './health.ts';
export type { GitHubAnswerer, GitHubAnswerStore } from './github-answers.ts';
export type { GroupSource, GroupStore } from './groups.ts';
export type * from './intake-ports.ts';
export type * from './messenger.ts';
export type * from './model-ports.ts';
export type * from './stores.ts';
export type { ChangeSource } from './origin.ts';
export type * from './overview.ts';
export type * from './people.ts';
export type { DeliverySources, EndedRunSource, GapStore } from './reconciling.ts';
export type { RuleFileSource, RuleFileStore } from './rule-files.ts';
export type { RoundupStore } from './roundup.ts';
export type { SightStore } from './sight.ts';
export type { WorkflowFileSource } from './workflow-file.ts';

export interface Clock {
  now(): Date;
}

/** A structured log. The sentence is fixed, everything that varies is a field. */
export interface Log {
  debug(fields: object, sentence: string): void;
  info(fields: object, sentence: string): void;
  warn(fields: object, sentence: string): void;
  error(fields: object, sentence: string): void;
  child(fields: object): Log;
}

export interface Counter {
  add(amount: number, labels?: Record<string, string>): void;
}
export interface Histogram {
  observe(value: number, labels?: Record<string, string>): void;
}

export interface Metrics {
  deliveries: Counter;
  jobsFinished: Counter;
  jobsRetried: Counter;
  jobSeconds: Histogram;
  logSeconds: Histogram;
  logBytes: Counter;
  comparisons: Counter;
  analyses: Counter;
  limitedAnalyses: Counter;
  modelCalls: Counter;
  modelSeconds: Histogram;
  modelCost: Counter;
  modelTokens: Counter;
  messages: Counter;
  swept: Counter;
  reconciled: Counter;
  githubRequests: Counter;
}

export interface JobLimits {
  leaseMs: number;
  maxAttempts: number;
  maxCrashes: number;
}

/** What is to be done, with attempts and leases, by the database's clock. Jobs carry their workspace in the payload. */
export interface JobStore {
  /** Stores what is not known yet by its dedupe key; returns the ids of the new ones. */
  enqueue(jobs: readonly NewJob[]): Promise<JobId[]>;
  /**
   * Leases a due job and counts the attempt. A claim that finds an expired lease also counts a crash: the last holder ended
   * without a word. A job out of attempts or crashes is parked instead.
   */
  claim(id: JobId, limits: JobLimits): Promise<ClaimOutcome>;
  /**
   * The same for whoever is next: a due job that is prompt, or else the one that was handed out, or else the one that is due for longest.
   * So every id that is handed out has one job done, whichever it is.
   */
  claimNext(handed: JobId, limits: JobLimits): Promise<ClaimOutcome>;
  /** False when the lease is lost: stop working. */
  renew(lease: Lease, leaseMs: number): Promise<boolean>;
  /** Marks done and stores what follows in one transaction. Throws LeaseLostError. */
  complete(lease: Lease, followUps: readonly NewJob[]): Promise<JobId[]>;
  /** Puts it off; with `isUncounted` as if this try had not been, for a day after it was enqueued. Throws LeaseLostError. */
  retry(lease: Lease, again: { delayMs: number; error: string; isUncounted?: boolean }): Promise<void>;
  /** Parks for good. Throws LeaseLostError. */
  bury(lease: Lease, reason: string): Promise<void>;
  /** Ids of jobs that are due and unleased and were not handed out by a sweep in the last 10 s; safe to call from many processes. */
  takeDue(limit: number): Promise<JobId[]>;
  counts(): Promise<{ queued: number; leased: number; dead: number }>;
  /** Deletes finished jobs older than `days`; returns how many. */
  prune(days: number): Promise<number>;
}

/** Carries wake-ups. It may lose them; the sweep finds what was lost. */
export interface JobQueue {
  /** What is behind it, for one log line. */
  readonly description: string;
  /** Never rejects and never takes longer than about 2 s. */
  wake(ids: readonly JobId[]): Promise<void>;
  /** Starts handing ids to `handle`, at most `concurrency` at once. The same id can come twice. */
  work(handle: (id: JobId) => Promise<void>, concurrency: number): Promise<void>;
  isHealthy(): Promise<boolean>;
  /** Stops taking new ids and waits for those in hand, at most `timeoutMs`. */
  close(timeoutMs: number): Promise<void>;
}

/** Remembers what was handled already, for minutes. It may forget; effects are idempotent by their own keys. */
export interface Receipts {
  /** True for the first caller with this key within `ttlMs`. */
  isFirst(key: string, ttlMs: number): Promise<boolean>;
}

export interface RateLimits {
  /** Takes one of `points` per `perMs` under `key`; returns 0, or the wait in ms until one is free. */
  take(key: string, limit: { points: number; perMs: number }): Promise<number>;
}

/** One request's signature check, over the bytes as they arrive. */
export interface SignatureCheck {
  update(chunk: Uint8Array): void;
  /**
   * Compares in constant time with `X-Hub-Signature-256`, and says whose secret it was; null for nobody's. Where two servers share one,
   * the host that GitHub names decides. Call once, after the last byte.
   */
  signedBy(header: string | undefined, host?: string): GitHubPlace | null;
}

export interface WebhookVerifier {
  open(): SignatureCheck;
}

/** Turns a stored delivery into what it means to us. Unknown and unreadable ones are `ignored`, with the reason. */
export interface EventReader {
  read(event: StoredEvent): Promise<RunEvent | HappeningEvent>;
}

/** Throws GitHubNotFoundError where the workspace may not see it, exactly as where it does not exist. */
export interface RunSource {
  canSee(workspaceId: WorkspaceId, repository: RepositoryName): Promise<boolean>;
  find(
    workspaceId: WorkspaceId,
    ref: { repository: RepositoryName; runId: RunId; attempt: number | null },
    signal: AbortSignal,
  ): Promise<Run>;
  latestFailing(
    workspaceId: WorkspaceId,
    where: { repository: RepositoryName } & RunFilter,
    signal: AbortSignal,
  ): Promise<Run | null>;
  /** The last failing run of the commit at the head of a pull request. Throws GitHubNotFoundError where there is no such pull request. */
  failingOfPullRequest(
    workspaceId: WorkspaceId,
    pull: { repository: RepositoryName; number: number },
    signal: AbortSignal,
  ): Promise<Run | null>;
  /** The last run of the same workflow that passed, on the same branch or else on the default one; null where none is in sight. */
  lastPassing(workspaceId: WorkspaceId, run: Run, signal: AbortSignal): Promise<RunRef | null>;
  /** All workflow jobs of one attempt. */
  jobs(workspaceId: WorkspaceId, run: RunRef, signal: AbortSignal): Promise<WorkflowJob[]>;
}

export interface RunTraitSource {
  /** Bounded; what the App may not see, or what is not there, is left out. Throws GitHubUnavailableError. */
  traits(workspaceId: WorkspaceId, run: Run, signal: AbortSignal): Promise<RunTraits>;
}

export interface LogSource {
  /** The raw log of one workflow job, as it comes. Throws LogUnavailableError. */
  open(
    workspaceId: WorkspaceId,
    job: { repository: RepositoryName; jobId: WorkflowJobId },
    signal: AbortSignal,
  ): Promise<Readable>;
  /** What GitHub shows of the job beside its log: the errors that were marked there, and what ended it from outside. One text each. */
  remarks(
    workspaceId: WorkspaceId,
    job: { repository: RepositoryName; jobId: WorkflowJobId },
    signal: AbortSignal,
  ): Promise<string[]>;
}

export interface LogRequest {
  job: LoggedJob | null;
  signal: AbortSignal;
  /** A log of the same job in which all went well, to compare with. What comes of it that is no log is done without. */
  passing?: Promise<Readable | null>;
}

/** Reads logs where it holds up nobody, however long they are. */
export interface LogReader {
  /**
   * What the log of `job` comes down to. Takes `source` over, and destroys it whatever happens. Rejects with what the source rejects
   * with, at once with the signal's reason, or with LogReaderFailedError.
   */
  digest(source: Readable, request: LogRequest): Promise<JobDigest>;
}

/** Everything at once; a function picks what it needs. */
export interface Ports extends ActionPorts, PeoplePorts, CiPorts {
  clock: Clock;
  log: Log;
  metrics: Metrics;
  intake: Intake;
  events: EventStore;
  jobs: JobStore;
  queue: JobQueue;
  receipts: Receipts;
  rateLimits: RateLimits;
  workspaces: WorkspaceStore;
  installations: InstallationStore;
  spentTokens: SpentTokenStore;
  sights: SightStore;
  vitals: VitalStore;
  runs: RunStore;
  happenings: HappeningStore;
  summaries: SummaryStore;
  failures: FailureStore;
  subscriptions: SubscriptionStore;
  threads: ThreadStore;
  posts: PostStore;
  overview: OverviewStore;
  roundups: RoundupStore;
  users: UserStore;
  modelCalls: ModelCallStore;
  feedback: FeedbackStore;
  settings: SettingStore;
  verifier: WebhookVerifier;
  eventReader: EventReader;
  deliverySources: DeliverySources;
  endedRuns: EndedRunSource;
  gaps: GapStore;
  githubApps: GitHubAppStore;
  githubServers: GitHubServerList;
  githubApp: GitHubAppSource;
  githubSignIn: GitHubSignIn;
  runSource: RunSource;
  logs: LogSource;
  runContext: RunContextSource;
  runTraits: RunTraitSource;
  runChanges: ChangeSource;
  workflowFiles: WorkflowFileSource;
  githubAnswers: GitHubAnswerStore;
  githubAnswerer: GitHubAnswerer;
  groups: GroupStore;
  groupSource: GroupSource;
  ruleFiles: RuleFileStore;
  ruleFileSource: RuleFileSource;
  logReader: LogReader;
  models: Models;
  messenger: Messenger;
  directory: Directory;
}
