import { type CheckRun, type Commit, type CommitStatus, iso } from '../state.ts';
import { accountPayload, signaturePayload } from './account.ts';
import { type Bases, nodeId } from './bases.ts';
import { appOfChecks } from './check-suite.ts';
import { pullRequestReference } from './workflow-run.ts';

/** A check run of any app, at the moment when it has this status. */
export function checkRunPayload(check: CheckRun, status: 'in_progress' | 'completed', bases: Bases) {
  const { id, suiteId, repository, sha, branch, app, name, pullRequest } = check;
  const repo = `${bases.api}/repos/${repository.fullName}`;
  const page = `${bases.web}/${repository.fullName}/runs/${id}`;
  const isOver = status === 'completed';
  const pulls = pullRequest ? [pullRequestReference(repository, pullRequest, bases)] : [];
  const suite = `${repo}/check-suites/${suiteId}`;
  return {
    id,
    name,
    node_id: nodeId('CR', id),
    head_sha: sha,
    external_id: '',
    url: `${repo}/check-runs/${id}`,
    html_url: page,
    details_url: `${bases.web}/apps/${app}`,
    status,
    conclusion: isOver ? check.conclusion : null,
    started_at: iso(check.startedAt),
    completed_at: isOver ? iso(check.completedAt) : null,
    output: {
      title: isOver ? check.title : null,
      summary: isOver ? check.title : null,
      text: null,
      annotations_count: 0,
      annotations_url: `${repo}/check-runs/${id}/annotations`,
    },
    check_suite: {
      id: suiteId,
      node_id: nodeId('CS', suiteId),
      head_branch: branch,
      head_sha: sha,
      status,
      conclusion: isOver ? check.conclusion : null,
      url: suite,
      before: sha,
      after: sha,
      pull_requests: pulls,
      app: appOfChecks(app, bases),
      created_at: iso(check.startedAt),
      updated_at: iso(isOver ? check.completedAt : check.startedAt),
    },
    app: appOfChecks(app, bases),
    pull_requests: pulls,
  };
}

/** A commit status, without the parts that every delivery has. */
export function statusPayload({ id, repository, commit, branches, ...status }: CommitStatus, bases: Bases) {
  const repo = `${bases.api}/repos/${repository.fullName}`;
  return {
    id,
    sha: commit.sha,
    name: repository.fullName,
    avatar_url: null,
    target_url: null,
    context: status.context,
    description: status.description,
    state: status.state,
    commit: commitOf(repo, commit, bases),
    branches: branches.map(({ name, sha }) => ({
      name,
      commit: { sha, url: `${repo}/commits/${sha}` },
      protected: false,
    })),
    created_at: status.at.toISOString().replace(/\.\d{3}Z$/u, '+00:00'),
    updated_at: status.at.toISOString().replace(/\.\d{3}Z$/u, '+00:00'),
  };
}

function commitOf(repo: string, commit: Commit, bases: Bases) {
  const signature = { ...signaturePayload(commit.author), date: iso(commit.at) };
  const { sha, treeSha, parent } = commit;
  const account = accountPayload(commit.author, bases);
  return {
    sha,
    node_id: `C_${sha.slice(0, 16)}`,
    commit: {
      author: signature,
      committer: signature,
      message: commit.message,
      tree: { sha: treeSha, url: `${repo}/git/trees/${treeSha}` },
      url: `${repo}/git/commits/${sha}`,
      comment_count: 0,
      verification: { verified: false, reason: 'unsigned', signature: null, payload: null },
    },
    url: `${repo}/commits/${sha}`,
    html_url: `${repo}/commit/${sha}`,
    comments_url: `${repo}/commits/${sha}/comments`,
    author: account,
    committer: account,
    parents: [{ sha: parent, url: `${repo}/commits/${parent}`, html_url: `${repo}/commit/${parent}` }],
  };
}
