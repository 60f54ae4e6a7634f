import { type Attempt, type Run, iso } from '../state.ts';
import { accountPayload, headCommitPayload } from './account.ts';
import { type Bases, nodeId } from './bases.ts';
import { pullRequestReference } from './workflow-run.ts';

/** GitHub Actions' own App, which owns the check suites of workflow runs. */
const ACTIONS_APP_ID = 15_368;

/** A finished check suite. */
export function checkSuitePayload({ run, attempt }: { run: Run; attempt: Attempt }, bases: Bases) {
  const { checkSuiteId: id, repository, commit, pullRequest } = run;
  const url = `${bases.api}/repos/${repository.fullName}/check-suites/${id}`;
  return {
    id,
    node_id: nodeId('CS', id),
    head_branch: run.branch,
    head_sha: commit.sha,
    status: 'completed',
    conclusion: attempt.conclusion,
    url,
    before: commit.parent,
    after: commit.sha,
    pull_requests: pullRequest ? [pullRequestReference(repository, pullRequest, bases)] : [],
    app: actionsAppPayload(bases),
    created_at: iso(run.createdAt),
    updated_at: iso(attempt.completedAt),
    rerequestable: true,
    runs_rerequestable: false,
    latest_check_runs_count: attempt.jobs.length,
    check_runs_url: `${url}/check-runs`,
    head_commit: headCommitPayload(commit),
  };
}

/** An app that checks, by its name in addresses. */
export function appOfChecks(slug: string, bases: Bases) {
  return slug === 'github-actions' ? actionsAppPayload(bases) : otherAppPayload(slug, bases);
}

function otherAppPayload(slug: string, bases: Bases) {
  const id = 20_000 + Buffer.from(slug).reduce((sum, byte) => sum + byte, 0);
  return {
    ...actionsAppPayload(bases),
    id,
    slug,
    node_id: nodeId('A', id),
    owner: accountPayload({ id: id * 7, login: slug, type: 'Organization' }, bases),
    name: slug,
    external_url: `${bases.web}/${slug}`,
    html_url: `${bases.web}/apps/${slug}`,
  };
}

function actionsAppPayload(bases: Bases) {
  return {
    id: ACTIONS_APP_ID,
    slug: 'github-actions',
    node_id: nodeId('A', ACTIONS_APP_ID),
    owner: accountPayload({ id: 9_919, login: 'github', type: 'Organization' }, bases),
    name: 'GitHub Actions',
    description: 'Automate your workflow from idea to production',
    external_url: `${bases.web}/features/actions`,
    html_url: `${bases.web}/apps/github-actions`,
    created_at: '2018-07-30T09:30:17Z',
    updated_at: '2025-03-07T16:35:00Z',
    permissions: { actions: 'write', checks: 'write', contents: 'write', metadata: 'read', statuses: 'write' },
    events: ['check_run', 'check_suite', 'push', 'workflow_dispatch', 'workflow_run'],
  };
}
