import { type Attempt, type PullRequest, type Repository, type Run, type Workflow, iso } from '../state.ts';
import { accountPayload, headCommitPayload } from './account.ts';
import { type Bases, nodeId } from './bases.ts';
import { minimalRepositoryPayload } from './repository.ts';

/** How a run looks at one moment; deliveries carry the state of when they were made, not of when they are read. */
export interface RunView {
  status: 'requested' | 'queued' | 'in_progress' | 'completed';
  updatedAt: Date;
}

/** A run as in webhooks and in REST; `view` is what is known of this attempt at the moment. */
export function workflowRunPayload(
  { run, attempt, view }: { run: Run; attempt: Attempt; view: RunView },
  bases: Bases,
) {
  const { id, repository, workflow, commit, checkSuiteId, pullRequest } = run;
  const repo = `${bases.api}/repos/${repository.fullName}`;
  const url = `${repo}/actions/runs/${id}`;
  return {
    id,
    name: workflow.name,
    node_id: nodeId('WFR', id),
    head_branch: run.branch,
    head_sha: commit.sha,
    path: workflow.path,
    display_title: run.title,
    run_number: run.number,
    event: run.event,
    // A fresh run is announced as `queued`: "requested" is only the action's name.
    status: view.status === 'requested' ? 'queued' : view.status,
    conclusion: view.status === 'completed' ? attempt.conclusion : null,
    workflow_id: workflow.id,
    check_suite_id: checkSuiteId,
    check_suite_node_id: nodeId('CS', checkSuiteId),
    url,
    html_url: `${bases.web}/${repository.fullName}/actions/runs/${id}`,
    pull_requests: pullRequest ? [pullRequestReference(repository, pullRequest, bases)] : [],
    created_at: iso(run.createdAt),
    updated_at: iso(view.updatedAt),
    actor: accountPayload(run.actor, bases),
    run_attempt: attempt.number,
    referenced_workflows: [],
    run_started_at: iso(attempt.startedAt),
    triggering_actor: accountPayload(attempt.triggeredBy, bases),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${repo}/check-suites/${checkSuiteId}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: attempt.number > 1 ? `${url}/attempts/${attempt.number - 1}` : null,
    workflow_url: `${repo}/actions/workflows/${workflow.id}`,
    head_commit: headCommitPayload(commit),
    repository: minimalRepositoryPayload(repository, bases),
    head_repository: minimalRepositoryPayload(repository, bases),
  };
}

/** The `workflow` beside a run, also one entry of the list of workflows. */
export function workflowPayload(repository: Repository, workflow: Workflow, bases: Bases) {
  const { id, name, path, createdAt } = workflow;
  const web = `${bases.web}/${repository.fullName}`;
  return {
    id,
    node_id: nodeId('W', id),
    name,
    path,
    state: 'active',
    created_at: createdAt.toISOString(),
    updated_at: createdAt.toISOString(),
    url: `${bases.api}/repos/${repository.fullName}/actions/workflows/${id}`,
    html_url: `${web}/blob/${repository.defaultBranch}/${path}`,
    badge_url: `${web}/workflows/${encodeURIComponent(name)}/badge.svg`,
  };
}

/** The short form of a pull request inside runs and check suites. */
export function pullRequestReference(repository: Repository, pull: PullRequest, { api }: Bases) {
  const url = `${api}/repos/${repository.fullName}`;
  const repo = { id: repository.id, url, name: repository.name };
  return {
    url: `${url}/pulls/${pull.number}`,
    id: pull.id,
    number: pull.number,
    head: { ref: pull.branch, sha: pull.sha, repo },
    base: { ref: repository.defaultBranch, sha: baseSha(repository), repo },
  };
}

/** The newest known commit of the default branch; only its form matters to readers of payloads. */
export const baseSha = (repository: Repository): string =>
  [...repository.commits.values()].at(-1)?.parent ?? '0'.repeat(40);
