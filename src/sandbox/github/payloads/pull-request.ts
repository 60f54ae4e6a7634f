import { type PullRequest, type Repository, iso } from '../state.ts';
import { accountPayload } from './account.ts';
import { type Bases, nodeId } from './bases.ts';
import { countLines } from './changed-file.ts';
import { repositoryPayload } from './repository.ts';
import { baseSha } from './workflow-run.ts';

function labelPayload({ fullName }: Repository, { id, name }: { id: number; name: string }, { api }: Bases) {
  const url = `${api}/repos/${fullName}/labels/${encodeURIComponent(name)}`;
  return { id, node_id: nodeId('LA', id), url, name, description: null, color: 'ededed', default: false };
}

/** A pull request in full, as in its own webhook and in `GET …/pulls/{number}`. */
export function pullRequestPayload(repository: Repository, pull: PullRequest, bases: Bases) {
  const { number } = pull;
  const links = linksOf(repository, pull, bases);
  const user = accountPayload(pull.author, bases);
  const { additions, deletions } = countLines(pull.files);
  return {
    url: links.self.href,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    html_url: links.html.href,
    diff_url: `${links.html.href}.diff`,
    patch_url: `${links.html.href}.patch`,
    issue_url: links.issue.href,
    number,
    state: 'open',
    locked: false,
    title: pull.title,
    user,
    body: null,
    created_at: iso(pull.createdAt),
    updated_at: iso(pull.createdAt),
    closed_at: null,
    merged_at: null,
    merge_commit_sha: null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: pull.labels.map((name, index) => labelPayload(repository, { name, id: pull.id * 100 + index }, bases)),
    milestone: null,
    draft: false,
    commits_url: links.commits.href,
    review_comments_url: links.review_comments.href,
    review_comment_url: links.review_comment.href,
    comments_url: links.comments.href,
    statuses_url: links.statuses.href,
    head: sideOf(repository, { ref: pull.branch, sha: pull.sha }, bases),
    base: sideOf(repository, { ref: repository.defaultBranch, sha: baseSha(repository) }, bases),
    _links: links,
    author_association: 'MEMBER',
    auto_merge: null,
    active_lock_reason: null,
    merged: false,
    mergeable: null,
    rebaseable: null,
    mergeable_state: 'unknown',
    merged_by: null,
    comments: 0,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: 1,
    additions,
    deletions,
    changed_files: pull.files.length,
  };
}

function sideOf(repository: Repository, { ref, sha }: { ref: string; sha: string }, bases: Bases) {
  return {
    label: `${repository.owner.login}:${ref}`,
    ref,
    sha,
    user: accountPayload(repository.owner, bases),
    repo: {
      ...repositoryPayload(repository, bases),
      allow_squash_merge: true,
      allow_merge_commit: true,
      allow_rebase_merge: true,
      allow_auto_merge: false,
      allow_update_branch: false,
      delete_branch_on_merge: true,
      use_squash_pr_title_as_default: false,
      squash_merge_commit_message: 'COMMIT_MESSAGES',
      squash_merge_commit_title: 'COMMIT_OR_PR_TITLE',
      merge_commit_message: 'PR_TITLE',
      merge_commit_title: 'MERGE_MESSAGE',
    },
  };
}

function linksOf(repository: Repository, { number, sha }: PullRequest, { web, api }: Bases) {
  const url = `${api}/repos/${repository.fullName}`;
  return {
    self: { href: `${url}/pulls/${number}` },
    html: { href: `${web}/${repository.fullName}/pull/${number}` },
    issue: { href: `${url}/issues/${number}` },
    comments: { href: `${url}/issues/${number}/comments` },
    review_comments: { href: `${url}/pulls/${number}/comments` },
    review_comment: { href: `${url}/pulls/comments{/number}` },
    commits: { href: `${url}/pulls/${number}/commits` },
    statuses: { href: `${url}/statuses/${sha}` },
  };
}
