import type {
  ChannelId,
  FailureId,
  HappeningId,
  HappeningListId,
  InstallationId,
  JobId,
  MessageTs,
  RepositoryName,
  SubscriptionId,
  SummaryId,
  ThreadId,
  WorkspaceId,
} from './ids.ts';
import type { Asker, MemberRole } from './member.ts';
import type { Diagnosis, Finding, Summary } from './diagnosis.ts';
import type { Failure, History, SimilarFailure, Successor, Thread } from './failure.ts';
import type { Advance, Happening, HappeningList, KeptHappening } from './happening.ts';
import type { Lease, NewJob } from './jobs.ts';
import type { Beginning } from './origin.ts';
import type { Called } from './people.ts';
import type { HoldOccasion, Room } from './roundup.ts';
import type { Rule, RuleTarget } from './rules/rule.ts';
import type { Run, RunRef, RunState, RunTraits } from './run.ts';
import type { Subscription } from './subscription.ts';

// What we keep. Each method takes the workspace first, and sees that workspace's rows only; the one exception says why.

/** A Slack install: `installation` is Bolt's own object and holds tokens. */
export interface SlackInstall {
  name: string | null;
  installation: Record<string, unknown>;
}

export interface WorkspaceStore {
  /** Keeps what Slack gave us for this workspace; tokens are encrypted at rest. Wakes a revoked workspace up. */
  saveInstall(workspaceId: WorkspaceId, install: SlackInstall): Promise<void>;
  findInstall(workspaceId: WorkspaceId): Promise<SlackInstall | null>;
  removeInstall(workspaceId: WorkspaceId): Promise<void>;
  /** Marks the app as not usable in this workspace, and pauses its subscriptions, until it is installed again. */
  markRevoked(workspaceId: WorkspaceId, reason: string): Promise<void>;
  isActive(workspaceId: WorkspaceId): Promise<boolean>;
}

/** Which workspace may see what a GitHub installation sees. */
export interface InstallationStore {
  /** By the operator's word. */
  link(workspaceId: WorkspaceId, installationId: InstallationId): Promise<void>;
  /** By the word of a person who has proven that they see it; one transaction with the audit entry and the jobs that follow. */
  connect(
    asker: Asker,
    link: { installationId: InstallationId; account: string; at: Date; jobs: readonly NewJob[] },
  ): Promise<{ kind: 'linked'; jobIds: JobId[] } | { kind: 'known' }>;
  /** Ends the link, with an audit entry; false where there was none. */
  disconnect(asker: Asker, installationId: InstallationId, at: Date): Promise<boolean>;
  isLinked(workspaceId: WorkspaceId, installationId: InstallationId): Promise<boolean>;
  /** Those of a workspace, the oldest first. */
  ofWorkspace(workspaceId: WorkspaceId): Promise<InstallationId[]>;
  /** The one question across workspaces: whom does a delivery concern? */
  workspacesOf(installationId: InstallationId): Promise<WorkspaceId[]>;
}

export interface RepositoryStatus {
  repository: RepositoryName;
  /** The latest completed run on the default branch; null when none was seen. */
  latest: Run | null;
  openFailures: number;
}

/** `finding` is null where nobody has looked at the run. */
export interface SeenRun {
  run: Run;
  finding: Finding | null;
}

export interface RunStore {
  /** Remembers the repository and the run's state, if it is later than what is known. */
  record(workspaceId: WorkspaceId, run: Run): Promise<'applied' | 'late'>;
  find(workspaceId: WorkspaceId, ref: RunRef): Promise<Run | null>;
  /** Keeps what GitHub was asked for, with every attempt of the run that is known. */
  saveTraits(workspaceId: WorkspaceId, run: Omit<RunRef, 'attempt'>, traits: RunTraits): Promise<void>;
  /** Remembers that a run, which may not be known yet, deploys to an environment; false where that is known already. */
  addEnvironment(workspaceId: WorkspaceId, run: Omit<RunRef, 'attempt'>, environment: string): Promise<boolean>;
  /** The newest attempt of a run. */
  findNewest(workspaceId: WorkspaceId, run: Omit<RunRef, 'attempt'>): Promise<Run | null>;
  /** The most active first; of these repositories only, where some are named. */
  statuses(workspaceId: WorkspaceId, limit: number, of?: readonly RepositoryName[]): Promise<RepositoryStatus[]>;
  /** Attempts that ended after `since`, or wait for an approval since then, the newest first, with what the newest look at each found. */
  recent(
    workspaceId: WorkspaceId,
    target: RuleTarget,
    which: { since: Date; limit: number; states: readonly RunState[] },
  ): Promise<SeenRun[]>;
}

/** Deployments and whatever else happens beside workflow runs. */
export interface HappeningStore {
  /** Keeps what `advance` makes of it, and says what that is; `story` is the one that is told last from now on. */
  record(workspaceId: WorkspaceId, happening: Happening): Promise<Advance & { story: KeptHappening }>;
  find(workspaceId: WorkspaceId, id: HappeningId): Promise<KeptHappening | null>;
  /** The open pull requests whose head this commit is. */
  openPulls(workspaceId: WorkspaceId, at: { repository: RepositoryName; sha: string }): Promise<KeptHappening[]>;
  /** Keeps it until the channel wants to hear of it; what a message lists already stays there. */
  hold(
    workspaceId: WorkspaceId,
    channelId: ChannelId,
    held: { happeningId: HappeningId; occasion: HoldOccasion; dueAt: Date | null },
  ): Promise<void>;
  /** What a channel may hear of by then, the oldest first. */
  due(
    workspaceId: WorkspaceId,
    channelId: ChannelId,
    which: { at: Date; limit: number },
  ): Promise<Array<KeptHappening & { occasion: HoldOccasion }>>;
  letGo(workspaceId: WorkspaceId, channelId: ChannelId, ids: readonly HappeningId[]): Promise<void>;
  /** One transaction: has these listed in one message from now on, and stores the job that posts it. Throws LeaseLostError. */
  list(
    workspaceId: WorkspaceId,
    lease: Lease,
    request: { channelId: ChannelId; ids: readonly HappeningId[] },
  ): Promise<JobId[]>;
  /** What a message lists, and why; null where there is no such list. */
  findList(workspaceId: WorkspaceId, id: HappeningListId): Promise<HappeningList | null>;
  /** The messages that list it. */
  listsOf(workspaceId: WorkspaceId, id: HappeningId): Promise<Array<{ channelId: ChannelId; listId: HappeningListId }>>;
  /** Those that this one has made up for: what went wrong before in the same place, since the last time that it went well. */
  madeUpBy(workspaceId: WorkspaceId, happening: Happening): Promise<KeptHappening[]>;
  /** Deletes what nothing was heard of for so many days, less open pull requests; how many that were. */
  prune(days: number): Promise<number>;
}

export interface SummaryStore {
  find(workspaceId: WorkspaceId, id: SummaryId): Promise<Summary | null>;
  findByRun(workspaceId: WorkspaceId, run: RunRef, revision: number): Promise<Summary | null>;
  /** The newest revision for this attempt. */
  findLatest(workspaceId: WorkspaceId, run: RunRef): Promise<Summary | null>;
  recent(workspaceId: WorkspaceId, limit: number): Promise<Array<{ summary: Summary; failure: Failure; run: Run }>>;
  /**
   * One transaction: opens the failure or counts one more occurrence, stores the summary. A second save for the same run,
   * attempt and revision returns the first. Throws LeaseLostError.
   */
  save(
    workspaceId: WorkspaceId,
    lease: Lease,
    entry: { run: Run; revision: number; diagnosis: Diagnosis },
  ): Promise<Summary>;
}

export interface FailureStore {
  find(workspaceId: WorkspaceId, id: FailureId): Promise<Failure | null>;
  history(workspaceId: WorkspaceId, run: Run, fingerprint: string): Promise<History>;
  /** Where a cause began on the branch of a run, and where else it is open. */
  beginning(workspaceId: WorkspaceId, run: Run, fingerprint: string): Promise<Beginning>;
  /**
   * At most three failures of the repository that ended before: of the same cause, on any branch, then of another one in this
   * job and step among the 50 that ended last. The ones that ended last come first.
   */
  similar(
    workspaceId: WorkspaceId,
    failure: Failure,
    place: { job: string; step: string | null } | null,
  ): Promise<SimilarFailure[]>;
  /** What the branch fails for by now, where that is another cause; null where it is not, and where the failure is not open. */
  successor(workspaceId: WorkspaceId, failure: Failure): Promise<Successor | null>;
  /** What a branch failed for, what is open first, then what was met last; nothing that was merged into another. */
  ofBranch(workspaceId: WorkspaceId, where: Pick<Failure, 'repository' | 'branch'>, limit: number): Promise<Failure[]>;
  /** The threads of those whose successor this attempt made. */
  succeeded(workspaceId: WorkspaceId, run: Run, by: FailureId): Promise<Thread[]>;
  /**
   * One transaction: resolves every open failure of this run's repository, branch and workflow that was last seen in this
   * run or an earlier one, and stores the jobs that `followUps` makes of them. Throws LeaseLostError.
   */
  resolve(
    workspaceId: WorkspaceId,
    lease: Lease,
    run: Run,
    followUps: (resolved: Array<{ failure: Failure; threads: Thread[] }>) => NewJob[],
  ): Promise<JobId[]>;
}

export type SubscribeResult = { kind: 'created' | 'existing'; subscription: Subscription };

/** A subscription, and the channel it has to be of. */
export interface SubscriptionPlace {
  channelId: ChannelId;
  id: SubscriptionId;
}

export interface SubscriptionStore {
  /** One of a rule in a channel; a paused one is woken up, and counts as created. */
  create(asker: Asker, channelId: ChannelId, rule: Rule): Promise<SubscribeResult>;
  /** Gives a subscription another rule, and wakes it up. */
  change(asker: Asker, place: SubscriptionPlace, rule: Rule): Promise<'changed' | 'gone' | 'taken'>;
  remove(workspaceId: WorkspaceId, place: SubscriptionPlace): Promise<boolean>;
  /** In the order of their rules, those from files last. What a later version wrote, and this one cannot read, is left out; so it is below. */
  inChannel(workspaceId: WorkspaceId, channelId: ChannelId): Promise<Subscription[]>;
  /** Those whose rule is about this repository: by its name, its owner, or a topic or team that it is known to belong to. */
  ofRepository(workspaceId: WorkspaceId, repository: RepositoryName): Promise<Subscription[]>;
  /** Pauses what is active, and stores what follows from it in one transaction; where nothing was active, nothing follows. */
  pause(
    workspaceId: WorkspaceId,
    channelId: ChannelId,
    request: { reason: string; followUps: readonly NewJob[] },
  ): Promise<{ paused: SubscriptionId[]; jobIds: JobId[] }>;
}

/**
 * How a message we want to post stands: `new` (reserved by this call), `resumed` (this same job reserved it before and did
 * not finish, or the job that did is parked: it may stand in Slack already), `busy` (another live job is posting it),
 * `posted`.
 */
export type Reservation = 'new' | 'resumed' | 'busy' | 'posted';

export interface ThreadStore {
  /** The thread of this failure in this channel, made on first call. Throws LeaseLostError. */
  reserve(
    workspaceId: WorkspaceId,
    lease: Lease,
    channelId: ChannelId,
    failureId: FailureId,
  ): Promise<{ thread: Thread; state: Reservation }>;
  /**
   * The same, where the channel has room for another message or this failure has one already; null where it has not, and where the
   * failure is listed in a roundup. Throws LeaseLostError.
   */
  reserveIfRoom(
    workspaceId: WorkspaceId,
    lease: Lease,
    request: { channelId: ChannelId; failureId: FailureId; room: Room },
  ): Promise<{ thread: Thread; state: Reservation } | null>;
  find(workspaceId: WorkspaceId, channelId: ChannelId, failureId: FailureId): Promise<Thread | null>;
  /** The thread that hangs below this message; null where the message is none of ours about a failure. */
  findByMessage(workspaceId: WorkspaceId, channelId: ChannelId, ts: MessageTs): Promise<Thread | null>;
  /** Throws LeaseLostError. */
  setTs(workspaceId: WorkspaceId, lease: Lease, id: ThreadId, ts: MessageTs): Promise<void>;
  /** Remembers what stands there, so that nobody has to say it again. Throws LeaseLostError. */
  setShown(workspaceId: WorkspaceId, lease: Lease, id: ThreadId, shown: string | null): Promise<void>;
  /** Decides whom the message calls, before it is posted. Throws LeaseLostError. */
  setCalled(workspaceId: WorkspaceId, lease: Lease, id: ThreadId, called: Called): Promise<void>;
  /** Reserves the reply `key` of this thread; `ts` is set once it was posted. */
  reserveReply(workspaceId: WorkspaceId, lease: Lease, id: ThreadId, key: string): Promise<Reservation>;
  setReplyTs(workspaceId: WorkspaceId, lease: Lease, id: ThreadId, key: string, ts: MessageTs): Promise<void>;
}

/** Messages that stand in a channel once, by a key of ours, and belong to no failure. */
export interface PostStore {
  /** Throws LeaseLostError. */
  reserve(
    workspaceId: WorkspaceId,
    lease: Lease,
    post: PostPlace,
  ): Promise<{ ts: MessageTs | null; shown: string | null; state: Reservation }>;
  setTs(
    workspaceId: WorkspaceId,
    lease: Lease,
    post: PostPlace & { ts: MessageTs; shown: string | null },
  ): Promise<void>;
  /** Remembers what stands there, so that nobody has to say it again. Throws LeaseLostError. */
  setShown(workspaceId: WorkspaceId, lease: Lease, post: PostPlace & { shown: string | null }): Promise<void>;
  /** The channels in which a message with this key stands, or is being posted. */
  channelsOf(workspaceId: WorkspaceId, key: string): Promise<ChannelId[]>;
}

/** A channel, and the key of a message there. */
export interface PostPlace {
  channelId: ChannelId;
  key: string;
}

/** Roles, as Slack told them last. */
export interface UserStore {
  findRole(asker: Asker): Promise<{ role: MemberRole; checkedAt: Date } | null>;
  saveRole(asker: Asker, role: MemberRole, checkedAt: Date): Promise<void>;
  forgetRole(asker: Asker): Promise<void>;
}
