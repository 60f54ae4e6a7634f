import { z } from 'zod';
import { GitHubAccountId, InstallationId, RepositoryName } from './ids.ts';

// GitHub servers beside each other: github.com, and GitHub Enterprise Servers. One is at home: its repositories and numbers are written
// as they are. What belongs to another one carries that server: a repository its host in front (`ghe.acme.example/web/api`), a number
// the server's own number above it. So no two servers can be mistaken for one another, wherever such a name or number is kept.

/** `ghe.acme.example`, with its port where it is not the usual one. A name without a dot or a port could be an owner's. */
export const GitHubHost = z
  .string()
  .max(70)
  .transform((host) => host.toLowerCase())
  .pipe(z.string().regex(/^(?=[^/]*[.:])[a-z\d](?:[a-z\d.-]{0,62}[a-z\d])?(?::\d{1,5})?$/u, 'a host'))
  .brand<'GitHubHost'>();
export type GitHubHost = z.infer<typeof GitHubHost>;

/** A server as everything that is kept refers to it. */
export interface GitHubPlace {
  /** 0 at home. */
  number: number;
  /** Null at home. */
  host: GitHubHost | null;
}

export const HOME: GitHubPlace = { number: 0, host: null };

/** Room for GitHub's own numbers: those of installations and accounts are below a thousandth of it. */
const SPAN = 2 ** 40;
export const MOST_SERVERS = 8_000;

/** Null for a number that no server gives. */
export function installationOn({ number }: GitHubPlace, id: number): InstallationId | null {
  return isGiven(id) ? (InstallationId.safeParse(number * SPAN + id).data ?? null) : null;
}

/** Likewise. */
export function accountOn({ number }: GitHubPlace, id: number): GitHubAccountId | null {
  return isGiven(id) ? (GitHubAccountId.safeParse(number * SPAN + id).data ?? null) : null;
}

function isGiven(id: number): boolean {
  return id > 0 && id < SPAN;
}

/** The number of the server that it belongs to. */
export function serverOf(id: InstallationId | GitHubAccountId): number {
  return Math.floor(id / SPAN);
}

/** As that server itself numbers it. */
export function numberThere(id: InstallationId | GitHubAccountId): number {
  return id % SPAN;
}

/** Names a repository of that server; `name` is `owner/name`, as the server says it. */
export function repositoryOn({ host }: Pick<GitHubPlace, 'host'>, name: RepositoryName): RepositoryName {
  return host === null ? name : RepositoryName.parse(`${host}/${name}`);
}

/** The server that a repository is named on; null at home. */
export function hostOf(repository: RepositoryName): GitHubHost | null {
  const [host, ...path] = repository.split('/');
  return path.length === 2 ? (GitHubHost.safeParse(host).data ?? null) : null;
}

/** Whose it is, with the host in front where it is not at home. */
export function ownerOf(repository: RepositoryName): string {
  return repository.slice(0, repository.lastIndexOf('/'));
}

/** Owner and name, as its own server calls them. */
export function pathOf(repository: RepositoryName): { owner: string; name: string } {
  const [name = '', owner = ''] = repository.split('/').toReversed();
  return { owner, name };
}

/** The page of a repository, from its name and nothing that GitHub says. */
export function pageOf(repository: RepositoryName, { webUrl }: { webUrl: string }): string {
  const { owner, name } = pathOf(repository);
  return `${webUrl.replace(/\/+$/u, '')}/${owner}/${name}`;
}
