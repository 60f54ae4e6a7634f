import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import { createExpiringMap } from '../domain/expiring-map.ts';
import type { GitHubAccount, GitHubAccounts, Ports } from '../domain/ports.ts';
import { accountOn, GitHubHost, numberThere, serverOf } from '../domain/servers.ts';
import type { GitHubClient, RepositoryAccess } from './client.ts';
import { callGitHub, unlessRefused } from './errors.ts';
import { Id } from './happening-fields.ts';
import { Line, readType } from './run-fields.ts';

const Account = z
  .object({ id: Id, login: Line, type: z.string().nullish() })
  .transform(({ id, login, type }) => ({ id, login, type: readType(type) }));

const Email = z.email().max(254).nullish().catch(null);

/** docs.github.com, REST "users": `email` is the public one, which can only be one that the account has confirmed. */
const Profile = z.object({ id: Id, email: Email });

const Signatory = z.object({ id: Id }).nullish().catch(null);
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
    async find(workspaceId, typed, signal) {
      const { host, login } = readLogin(typed);
      const access = await client.openAny(workspaceId, host);
      if (access === null) return { kind: 'not-connected' };
      const name = typed.toLowerCase();
      const account = known.get(name) ?? (await fetchAccount(access, login, signal)) ?? 'nobody';
      known.set(name, account);
      return account === 'nobody' ? { kind: 'not-there' } : { kind: 'account', account };
    },
    async addresses(workspaceId, { id, run }, signal) {
      const access = await client.open(workspaceId, run.repository, signal);
      if (serverOf(id) !== access.server.number) return [];
      const number = numberThere(id);
      const shown = await unlessRefused(fetchPublicAddress(access.octokit, number, signal));
      const signed = await unlessRefused(fetchCommit(access, run.headSha, signal));
      const found = [shown, signed && signedBy(signed, number)].filter((email) => typeof email === 'string');
      return [...new Set(found)].filter(isReachable);
    },
  };
}

/** `octocat`, or `ghe.acme.example/octocat` for an account of another server than the one at home. */
function readLogin(typed: string): { host: GitHubHost | null; login: string } {
  const slash = typed.lastIndexOf('/');
  const host = slash === -1 ? null : GitHubHost.parse(typed.slice(0, slash));
  return { host, login: typed.slice(slash + 1) };
}

async function fetchAccount(
  { octokit, server }: Pick<RepositoryAccess, 'octokit' | 'server'>,
  username: string,
  signal: AbortSignal,
): Promise<GitHubAccount | null> {
  const answer = await unlessRefused(
    callGitHub(signal, () => octokit.rest.users.getByUsername({ username, request: { signal } })),
  );
  const account = Account.safeParse(answer?.data).data;
  const id = account && accountOn(server, account.id);
  return account && id ? { ...account, id } : null;
}

async function fetchPublicAddress(octokit: Octokit, id: number, signal: AbortSignal) {
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
function signedBy({ author, committer, commit }: CommitAnswer, id: number): string | null {
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
