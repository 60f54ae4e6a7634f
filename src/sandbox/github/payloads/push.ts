import { type Commit, type Repository, iso } from '../state.ts';
import { accountPayload, signaturePayload } from './account.ts';
import type { Bases } from './bases.ts';
import { changedFilePayload, countLines, pathsByFate } from './changed-file.ts';
import { repositoryPayload } from './repository.ts';

/** A push of one commit to one branch, without the parts that every delivery has. */
export function pushPayload({ repository, branch, commit }: PushOf, bases: Bases) {
  const web = `${bases.web}/${repository.fullName}`;
  const pushed = commitPayload(repository, commit, bases);
  const full = repositoryPayload(repository, bases);
  return {
    ref: `refs/heads/${branch}`,
    before: commit.parent,
    after: commit.sha,
    // A push's repository has its times as seconds, and a few fields that no other event has.
    repository: {
      ...full,
      owner: { ...signaturePayload(repository.owner), ...accountPayload(repository.owner, bases) },
      url: full.html_url,
      created_at: seconds(repository.createdAt),
      pushed_at: seconds(repository.pushedAt),
      stargazers: 0,
      master_branch: repository.defaultBranch,
      organization: repository.owner.login,
    },
    pusher: signaturePayload(commit.author),
    created: false,
    deleted: false,
    forced: false,
    base_ref: null,
    compare: `${web}/compare/${commit.parent.slice(0, 12)}...${commit.sha.slice(0, 12)}`,
    commits: [pushed],
    head_commit: pushed,
  };
}

interface PushOf {
  repository: Repository;
  branch: string;
  commit: Commit;
}

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);

function commitPayload(repository: Repository, commit: Commit, { web }: Bases) {
  const signature = { ...signaturePayload(commit.author), username: commit.author.login };
  return {
    id: commit.sha,
    tree_id: commit.treeSha,
    distinct: true,
    message: commit.message,
    timestamp: iso(commit.at),
    url: `${web}/${repository.fullName}/commit/${commit.sha}`,
    author: signature,
    committer: signature,
    ...pathsByFate(commit.files),
  };
}

/** A commit as `GET /repos/{owner}/{repo}/commits/{ref}` gives it, with one page of its files. */
export function restCommitPayload(
  repository: Repository,
  { commit, files }: { commit: Commit; files: Commit['files'] },
  bases: Bases,
) {
  const url = `${bases.api}/repos/${repository.fullName}`;
  const web = `${bases.web}/${repository.fullName}/commit`;
  const address = commit.email === undefined ? {} : { email: commit.email };
  const signature = { ...signaturePayload(commit.author), ...address, date: iso(commit.at) };
  const { additions, deletions, changes: total } = countLines(commit.files);
  return {
    sha: commit.sha,
    node_id: `C_${commit.sha.slice(0, 16)}`,
    commit: {
      author: signature,
      committer: signature,
      message: commit.message,
      tree: { sha: commit.treeSha, url: `${url}/git/trees/${commit.treeSha}` },
      url: `${url}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: verificationPayload(commit),
    },
    url: `${url}/commits/${commit.sha}`,
    html_url: `${web}/${commit.sha}`,
    comments_url: `${url}/commits/${commit.sha}/comments`,
    author: accountPayload(commit.author, bases),
    committer: accountPayload(commit.author, bases),
    parents: [{ sha: commit.parent, url: `${url}/commits/${commit.parent}`, html_url: `${web}/${commit.parent}` }],
    stats: { total, additions, deletions },
    files: files.map((file) => changedFilePayload(repository, commit.sha, file, bases)),
  };
}

/** docs.github.com, REST "commits": `valid` is the one reason for which a signature is vouched for. */
function verificationPayload({ isVerified = false, at }: Commit) {
  const signed = { signature: '-----BEGIN SSH SIGNATURE-----', payload: 'tree', verified_at: iso(at) };
  return isVerified
    ? { verified: true, reason: 'valid', ...signed }
    : { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };
}
