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

/** The attempt a run stands at. */
export function latestAttempt(run: Run): Attempt {
  const attempt = run.attempts.at(-1);
  if (!attempt) throw new Error(`run ${run.id} has no attempt`);
  return attempt;
}

/** GitHub writes times to the second. */
export const iso = (at: Date): string => at.toISOString().replace(/\.\d{3}Z$/u, 'Z');
