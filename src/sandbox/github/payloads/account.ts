import type { Account, Commit } from '../state.ts';
import { type Bases, nodeId } from './bases.ts';

/** A user, organization or bot, as GitHub writes it everywhere ("simple user"). */
export function accountPayload({ id, login, type }: Account, { web, api }: Bases) {
  const url = `${api}/users/${login}`;
  return {
    login,
    id,
    node_id: nodeId(type === 'Organization' ? 'O' : 'U', id),
    avatar_url: `${web}/avatars/u/${id}?v=4`,
    gravatar_id: '',
    url,
    html_url: `${web}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: 'public',
    site_admin: false,
  };
}

/** The `organization` of a webhook. */
export function organizationPayload({ id, login }: Account, { web, api }: Bases) {
  const url = `${api}/orgs/${login}`;
  return {
    login,
    id,
    node_id: nodeId('O', id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${web}/avatars/u/${id}?v=4`,
    description: '',
  };
}

/** Name and address as they stand in a commit. */
export function signaturePayload({ id, login }: Account) {
  return { name: login, email: `${id}+${login}@users.noreply.example.com` };
}

/** The commit that heads a run or check suite. */
export function headCommitPayload({ sha, treeSha, message, at, author }: Commit) {
  return {
    id: sha,
    tree_id: treeSha,
    message,
    timestamp: at.toISOString().replace(/\.\d{3}Z$/u, 'Z'),
    author: signaturePayload(author),
    committer: { name: 'GitHub', email: 'noreply@example.com' },
  };
}
