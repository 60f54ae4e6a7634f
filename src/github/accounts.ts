import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import { createExpiringMap } from '../domain/expiring-map.ts';
import { GitHubAccountId } from '../domain/ids.ts';
import type { GitHubAccount, GitHubAccounts, Ports } from '../domain/ports.ts';
import type { GitHubClient, RepositoryAccess } from './client.ts';
import { callGitHub, unlessRefused } from './errors.ts';
import { Line, readType } from './run-fields.ts';

const Account = z
  .object({ id: GitHubAccountId, login: Line, type: z.string().nullish() })
  .transform(({ id, login, type }): GitHubAccount => ({ id, login, type: readType(type) }));

const Email = z.email().max(254).nullish().catch(null);

/** docs.github.com, REST "users": `email` is the public one, which can only be one that the account has confirmed. */
const Profile = z.object({ id: GitHubAccountId, email: Email });

const Signatory = z.object({ id: GitHubAccountId }).nullish().catch(null);
const Signature = z.object({ email: Email });
const CommitAnswer = z.object({
  author: Signatory,
  committer: Signatory,
  commit: z.object({
    author: Signature,
    committer: Signature,
    verification: z.object({ verified: z.boolean(), reason: z.string() }).nullish().catch(null),
  }),
});
type CommitAnswer = z.infer<typeof CommitAnswer>;

/** A name that was looked up belongs to the same account for a while; it is asked for again before anybody could have taken it over. */
const REMEMBER_MS = 10 * 60_000;
const REMEMBERED = 2_000;

/** Accounts as GitHub shows them to everybody. */
export function createGitHubAccounts({
  client,
  clock,
}: Pick<Ports, 'clock'> & { client: GitHubClient }): GitHubAccounts {
  const known = createExpiringMap<string, GitHubAccount | 'nobody'>(clock, { ttlMs: REMEMBER_MS, size: REMEMBERED });
  return {
    async find(workspaceId, login, signal) {
      const octokit = await client.openAny(workspaceId);
      if (octokit === null) return { kind: 'not-connected' };
      const name = login.toLowerCase();
      const account = known.get(name) ?? (await fetchAccount(octokit, login, signal)) ?? 'nobody';
      known.set(name, account);
      return account === 'nobody' ? { kind: 'not-there' } : { kind: 'account', account };
    },
    async addresses(workspaceId, { id, run }, signal) {
      const access = await client.open(workspaceId, run.repository, signal);
      const shown = await unlessRefused(fetchPublicAddress(access.octokit, id, signal));
      const signed = await unlessRefused(fetchCommit(access, run.headSha, signal));
      const found = [shown, signed && signedBy(signed, id)].filter((email) => typeof email === 'string');
      return [...new Set(found)].filter(isReachable);
    },
  };
}

async function fetchAccount(octokit: Octokit, username: string, signal: AbortSignal): Promise<GitHubAccount | null> {
  const answer = await unlessRefused(
    callGitHub(signal, () => octokit.rest.users.getByUsername({ username, request: { signal } })),
  );
  return Account.safeParse(answer?.data).data ?? null;
}

async function fetchPublicAddress(octokit: Octokit, id: GitHubAccountId, signal: AbortSignal) {
  const { data } = await callGitHub(signal, () => octokit.rest.users.getById({ account_id: id, request: { signal } }));
  const profile = Profile.safeParse(data).data;
  return profile?.id === id ? profile.email : null;
}

async function fetchCommit({ octokit, owner, repo }: RepositoryAccess, ref: string, signal: AbortSignal) {
  const { data } = await callGitHub(signal, () =>
    octokit.rest.repos.getCommit({ owner, repo, ref, per_page: 1, request: { signal } }),
  );
  return CommitAnswer.safeParse(data).data ?? null;
}

/**
 * GitHub vouches for a signature only where the committer's address is one that the owner of the key has confirmed; the author's it does
 * not look at. So both have to be the same, and the account that is asked about.
 */
function signedBy({ author, committer, commit }: CommitAnswer, id: GitHubAccountId): string | null {
  const { verification } = commit;
  const isVouchedFor = verification?.verified === true && verification.reason === 'valid';
  const isTheirs = author?.id === id && committer?.id === id;
  const email = commit.committer.email ?? null;
  return isVouchedFor && isTheirs && email === commit.author.email ? email : null;
}

/** GitHub's own stand-ins for an address lead to nobody. */
function isReachable(email: string): boolean {
  return !/^noreply@|@(?:[\w-]+\.)*noreply\./iu.test(email);
}
