import type {
  FailureId,
  GitHubAccountId,
  InstallationId,
  RepositoryName,
  RunId,
  WorkflowJobId,
  WorkspaceId,
} from './ids.ts';

/** GitHub's conclusions of a run or job: docs.github.com, REST "workflow runs". */
export const CONCLUSIONS = [
  'success',
  'failure',
  'timed_out',
  'cancelled',
  'skipped',
  'neutral',
  'action_required',
  'startup_failure',
  'stale',
] as const;
export type Conclusion = (typeof CONCLUSIONS)[number];

/** Conclusions that mean: something broke, and somebody should know why. */
export const FAILING_CONCLUSIONS = ['failure', 'timed_out', 'startup_failure'] as const satisfies readonly Conclusion[];
const FAILING: ReadonlySet<string> = new Set(FAILING_CONCLUSIONS);

export function isFailing(conclusion: Conclusion | null): boolean {
  return conclusion !== null && FAILING.has(conclusion);
}

/** How an attempt stands, as far as a channel may hear of it: what is still under way is no news. */
export const RUN_STATES = ['failed', 'ended', 'waiting', 'under-way'] as const;
export type RunState = (typeof RUN_STATES)[number];

export function stateOf({ status, conclusion }: Pick<Run, 'status' | 'conclusion'>): RunState {
  if (status === 'completed') return isFailing(conclusion) ? 'failed' : 'ended';
  return conclusion === 'action_required' ? 'waiting' : 'under-way';
}

/** What GitHub says an account is. A name proves nothing: only an app's account can end in `[bot]`, but not every one does. */
export const ACTOR_TYPES = ['user', 'bot'] as const;
export type ActorType = (typeof ACTOR_TYPES)[number];

/** One attempt of a run. A re-run keeps the id and counts the attempt up. */
export interface RunRef {
  repository: RepositoryName;
  runId: RunId;
  attempt: number;
}

/** What is known of a run only once somebody asked GitHub for it, which is done where a rule wants to know. */
export interface RunTraits {
  /** Of its pull request. */
  labels: readonly string[];
  /** Of the files that its pull request changes, or else its commit. */
  paths: readonly string[];
}

export interface Run extends RunRef {
  /** Counts up per workflow; tells which of two runs of one workflow came later. */
  number: number;
  workflow: string;
  branch: string;
  defaultBranch: string;
  /** What started it: `push`, `pull_request`, `schedule`, … */
  event: string;
  headSha: string;
  /** A run that waits for an approval is `waiting`, with the conclusion `action_required`: it goes on in the same attempt. */
  status: RunStatus;
  conclusion: Conclusion | null;
  url: string;
  actor: string;
  /** Null where it is not known; so it is below. */
  actorId: GitHubAccountId | null;
  actorType: ActorType | null;
  /** First line of the commit message, or the pull request's title. */
  title: string;
  pullRequest: number | null;
  startedAt: Date;
  updatedAt: Date;
  /** Absent where nobody has asked. */
  traits?: RunTraits;
  /** To which it deploys, in any of its attempts; absent as long as no deployment has told. */
  environments?: readonly string[];
}

/** In the order in which a run passes through them. */
export const RUN_STATUSES = ['requested', 'queued', 'pending', 'waiting', 'in_progress', 'completed'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export interface WorkflowStep {
  number: number;
  name: string;
  conclusion: Conclusion | null;
  startedAt: Date | null;
  completedAt: Date | null;
}

/** GitHub's "job". */
export interface WorkflowJob {
  id: WorkflowJobId;
  name: string;
  conclusion: Conclusion | null;
  url: string;
  runner: string | null;
  startedAt: Date | null;
  completedAt: Date | null;
  steps: readonly WorkflowStep[];
}

/** A workflow job as its log knows it: in a run's archive jobs have names, and neither ids nor pages. */
export type LoggedJob = Omit<WorkflowJob, 'id' | 'url'> & { id: WorkflowJobId | null; url: string | null };

/** What a webhook means to us; `topics` are the repository's, where the delivery names them. */
export type RunEvent =
  | { kind: 'run-failed'; installationId: InstallationId; run: Run; topics?: readonly string[] }
  | { kind: 'run-passed'; installationId: InstallationId; run: Run; topics?: readonly string[] }
  | { kind: 'run-changed'; installationId: InstallationId; run: Run; topics?: readonly string[] }
  /** By another CI system, to the one workspace that it belongs to; `jobs` are those that failed. */
  | { kind: 'reported'; workspaceId: WorkspaceId; run: Run; jobs: readonly WorkflowJob[] }
  | RepositoryNews
  | { kind: 'ignored'; reason: string };

/** The same, whoever told it. */
export type RunTold = {
  [Kind in 'run-failed' | 'run-passed' | 'run-changed']: { kind: Kind; run: Run; topics?: readonly string[] };
}['run-failed' | 'run-passed' | 'run-changed'];

/** What a webhook says that is about no run. */
export type RepositoryNews =
  | { kind: 'topics-told'; installationId: InstallationId; repository: RepositoryName; topics: readonly string[] }
  /** The file of rules may be another one on the default branch. */
  | { kind: 'rules-pushed'; installationId: InstallationId; repository: RepositoryName }
  /** Somebody who may write there clicked on the button of our check about a failure. */
  | {
      kind: 'look-wanted';
      installationId: InstallationId;
      repository: RepositoryName;
      failureId: FailureId;
      /** The number is null where no account of ours can have it. */
      by: { id: GitHubAccountId | null; login: string };
    }
  /** What the installation may see has changed. */
  | { kind: 'sight-changed'; installationId: InstallationId };
