/** What the local GitHub knows, as plain values. Payload builders turn them into GitHub's field names. */

export type Status = 'queued' | 'in_progress' | 'completed';

export type Conclusion =
  | 'success'
  | 'failure'
  | 'timed_out'
  | 'cancelled'
  | 'skipped'
  | 'neutral'
  | 'action_required'
  | 'startup_failure'
  | 'stale';

export interface Account {
  id: number;
  login: string;
  type: 'User' | 'Organization' | 'Bot';
  /** The public one; absent where the account shows none. */
  email?: string | null;
}

export interface Installation {
  id: number;
  account: Account;
  permissions: Record<string, 'read' | 'write'>;
  events: string[];
  suspendedAt: Date | null;
  createdAt: Date;
}

export interface Workflow {
  id: number;
  name: string;
  path: string;
  createdAt: Date;
}

/** A file that a commit or a pull request changes. */
export interface FileChange {
  path: string;
  /** Default: `modified`. */
  status?: 'added' | 'modified' | 'removed' | 'renamed';
  /** Where a renamed file was before. */
  previousPath?: string;
  /** A unified diff from its first `@@`; absent for binary and for very large files. */
  patch?: string;
}

export interface Commit {
  sha: string;
  treeSha: string;
  parent: string;
  /** The whole of it; the first line is the title. */
  message: string;
  author: Account;
  /** The address that stands in it; GitHub's stand-in where it is absent. */
  email?: string | undefined;
  /** Whether GitHub vouches for its signature. */
  isVerified?: boolean | undefined;
  at: Date;
  files: readonly FileChange[];
}

export interface PullRequest {
  id: number;
  number: number;
  title: string;
  branch: string;
  sha: string;
  author: Account;
  createdAt: Date;
  labels: readonly string[];
  /** Everything that it changes, in all of its commits. */
  files: readonly FileChange[];
}

export interface Issue {
  id: number;
  number: number;
  title: string;
  body: string | null;
  labels: readonly string[];
  author: Account;
  createdAt: Date;
}

/** A check run that an App made through the API. */
export interface AppCheck {
  id: number;
  name: string;
  sha: string;
  externalId: string;
  appId: number;
  conclusion: string;
  title: string;
  summary: string;
  annotations: ReadonlyArray<{ path: string; line: number; message: string }>;
  /** The names of its buttons. */
  actions: readonly string[];
}

/** On a pull request. */
export interface Comment {
  id: number;
  number: number;
  body: string;
  author: Account;
  /** The App that wrote it; null for a person. */
  appId: number | null;
  createdAt: Date;
}

/** Somewhere to deploy to. */
export interface DeployEnvironment {
  name: string;
  /** Kinds of its protection rules. */
  rules?: ReadonlyArray<'required_reviewers' | 'wait_timer' | 'branch_policy'>;
}

export interface Repository {
  id: number;
  installationId: number;
  owner: Account;
  name: string;
  /** `owner/name` as GitHub spells it. */
  fullName: string;
  private: boolean;
  defaultBranch: string;
  description: string;
  language: string;
  topics: string[];
  createdAt: Date;
  pushedAt: Date;
  workflows: Workflow[];
  commits: Map<string, Commit>;
  pullRequests: Map<number, PullRequest>;
  /** Whether the repository has issues at all. */
  hasIssues: boolean;
  issues: Map<number, Issue>;
  checks: AppCheck[];
  comments: Comment[];
  environments: readonly DeployEnvironment[];
  /** Texts of files by branch and path, as far as somebody put them there. */
  contents: Map<string, Map<string, string>>;
}

/** A team of an organization, with the repositories that it has access to. */
export interface Team {
  id: number;
  organization: string;
  name: string;
  slug: string;
  repositories: Repository[];
}

export interface Step {
  number: number;
  name: string;
  conclusion: Conclusion;
  startedAt: Date;
  completedAt: Date;
  /** The step's part of the job's log: line indexes, end not included. Both 0 for a step that never ran. */
  from: number;
  to: number;
}

/** GitHub's "job": one of a run attempt. */
export interface Job {
  id: number;
  checkRunId: number;
  name: string;
  status: Status;
  conclusion: Conclusion;
  steps: Step[];
  /** Raw log lines with the timestamps of this attempt. */
  log: string[];
  logState: 'available' | 'missing' | 'expired';
  createdAt: Date;
  startedAt: Date;
  completedAt: Date;
}

export interface Attempt {
  number: number;
  status: Status;
  conclusion: Conclusion;
  triggeredBy: Account;
  startedAt: Date;
  completedAt: Date;
  jobs: Job[];
}

export interface Run {
  id: number;
  /** Counts up per workflow. */
  number: number;
  checkSuiteId: number;
  repository: Repository;
  workflow: Workflow;
  branch: string;
  commit: Commit;
  event: string;
  title: string;
  actor: Account;
  pullRequest: PullRequest | null;
  createdAt: Date;
  attempts: Attempt[];
}

export type DeploymentState =
  'queued' | 'pending' | 'waiting' | 'in_progress' | 'success' | 'failure' | 'error' | 'inactive';

export interface DeploymentStatus {
  id: number;
  state: DeploymentState;
  description: string;
  creator: Account;
  at: Date;
}

export interface Deployment {
  id: number;
  repository: Repository;
  environment: string;
  sha: string;
  ref: string;
  creator: Account;
  createdAt: Date;
  /** The run that deploys, where one does. */
  run: Run | null;
}

/** A check run of an app. */
export interface CheckRun {
  id: number;
  suiteId: number;
  repository: Repository;
  /** The app's name in addresses. */
  app: string;
  name: string;
  sha: string;
  /** Null for a commit of a fork. */
  branch: string | null;
  conclusion: Conclusion;
  title: string;
  pullRequest: PullRequest | null;
  startedAt: Date;
  completedAt: Date;
}

export interface CommitStatus {
  id: number;
  repository: Repository;
  commit: Commit;
  context: string;
  state: 'error' | 'failure' | 'pending' | 'success';
  description: string | null;
  /** Every branch that holds the commit, with its newest one. */
  branches: ReadonlyArray<{ name: string; sha: string }>;
  creator: Account;
  at: Date;
}

export interface Release {
  id: number;
  repository: Repository;
  tag: string;
  name: string;
  target: string;
  isPrerelease: boolean;
  author: Account;
  createdAt: Date;
}

/** The attempt a run stands at. */
export function latestAttempt(run: Run): Attempt {
  const attempt = run.attempts.at(-1);
  if (!attempt) throw new Error(`run ${run.id} has no attempt`);
  return attempt;
}

/** GitHub writes times to the second. */
export const iso = (at: Date): string => at.toISOString().replace(/\.\d{3}Z$/u, 'Z');
