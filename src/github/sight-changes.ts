import type { Webhooks } from '@octokit/webhooks';
import { z } from 'zod';
import { RepositoryPath } from '../domain/ids.ts';
import { type GitHubPlace, repositoryOn } from '../domain/servers.ts';
import { SightChange } from '../domain/sight.ts';

/** What became of an installation or a repository, in the words of its own server. */
export type SightFacts = SightChange;

const Login = z.string().regex(/^[\w-]{1,39}$/u);
const Installed = z.object({ installation: z.object({ account: z.object({ login: Login }) }) });
const Named = z.object({ full_name: RepositoryPath });
const About = z.object({ repository: Named });
/** An installation can see thousands; of more than these, the hourly look at topics, teams and files finds out. */
const Listed = z
  .array(Named)
  .min(1)
  .transform((all) => all.slice(0, 1_000).map((each) => each.full_name));

const Renamed = About.extend({ changes: z.object({ repository: z.object({ name: z.object({ from: z.string() }) }) }) });
const Owner = z.object({ login: Login }).nullish();
const Transferred = About.extend({
  changes: z.object({ owner: z.object({ from: z.object({ user: Owner, organization: Owner }) }) }),
});
/** docs.github.com, webhook "installation_target": it is told of people, organizations, and enterprises, which have no login. */
const AccountRenamed = z.object({
  account: z.object({ login: Login }),
  changes: z.object({ login: z.object({ from: Login }) }),
});
const DefaultBranch = About.extend({
  repository: Named.extend({ default_branch: z.string().max(250) }),
  changes: z.object({ default_branch: z.object({ from: z.string().max(250) }) }),
});

export function isAboutDefaultBranch(payload: unknown): boolean {
  return DefaultBranch.safeParse(payload).success;
}

/** Hands over what deliveries say of that; null where only what can be seen has changed. Those that cannot be read say nothing. */
export function onSightChanges(webhooks: Webhooks, tell: (payload: object, change: SightFacts | null) => void): void {
  onInstallations(webhooks, tell);
  webhooks.on('repository.edited', ({ payload }) => {
    const told = DefaultBranch.safeParse(payload).data;
    if (told === undefined) return;
    const { full_name: repository, default_branch: to } = told.repository;
    tell(payload, { kind: 'default-branch', repository, from: told.changes.default_branch.from, to });
  });
  webhooks.on('repository.renamed', ({ payload }) => {
    const told = Renamed.safeParse(payload).data;
    const owner = told?.repository.full_name.split('/', 1)[0] ?? '';
    const from = RepositoryPath.safeParse(`${owner}/${told?.changes.repository.name.from ?? ''}`).data;
    if (told !== undefined && from) tell(payload, { kind: 'renamed', from, repository: told.repository.full_name });
  });
  // It comes to the account that has the repository now. Where the one before is linked, too, its rules go along.
  webhooks.on('repository.transferred', ({ payload }) => {
    const told = Transferred.safeParse(payload).data;
    const { user, organization } = told?.changes.owner.from ?? {};
    const name = told?.repository.full_name.split('/', 2)[1] ?? '';
    const from = RepositoryPath.safeParse(`${(user ?? organization)?.login ?? ''}/${name}`).data;
    if (told !== undefined && from) tell(payload, { kind: 'renamed', from, repository: told.repository.full_name });
  });
  for (const kind of ['deleted', 'archived', 'unarchived', 'privatized', 'publicized'] as const) {
    webhooks.on(`repository.${kind}`, ({ payload }) => {
      const told = About.safeParse(payload).data;
      if (told !== undefined) tell(payload, { kind, repository: told.repository.full_name });
    });
  }
}

function onInstallations(webhooks: Webhooks, tell: (payload: object, change: SightFacts | null) => void): void {
  const account = (payload: unknown) => Installed.safeParse(payload).data?.installation.account.login.toLowerCase();
  webhooks.on(['installation.created', 'installation.new_permissions_accepted'], ({ payload }) => tell(payload, null));
  webhooks.on('installation.suspend', ({ payload }) => {
    const login = account(payload);
    tell(payload, login === undefined ? null : { kind: 'suspended', account: login });
  });
  webhooks.on('installation.unsuspend', ({ payload }) => {
    const login = account(payload);
    tell(payload, login === undefined ? null : { kind: 'unsuspended', account: login });
  });
  webhooks.on('installation.deleted', ({ payload }) => {
    const login = account(payload);
    tell(payload, login === undefined ? null : { kind: 'uninstalled', account: login });
  });
  webhooks.on('installation_target.renamed', ({ payload }) => {
    const told = AccountRenamed.safeParse(payload).data;
    const [from, to] = [told?.changes.login.from.toLowerCase(), told?.account.login.toLowerCase()];
    if (from !== undefined && to !== undefined && from !== to)
      tell(payload, { kind: 'account-renamed', from, account: to });
  });
  webhooks.on('installation_repositories.removed', ({ payload }) => {
    const repositories = Listed.safeParse(payload.repositories_removed).data;
    tell(payload, repositories === undefined ? null : { kind: 'out-of-sight', repositories });
  });
  webhooks.on('installation_repositories.added', ({ payload }) => {
    const repositories = Listed.safeParse(payload.repositories_added).data;
    tell(payload, repositories === undefined ? null : { kind: 'in-sight', repositories });
  });
}

/** The same, named as it is kept. */
export function toSightChange(facts: SightFacts, server: GitHubPlace): SightChange {
  const accountOn = (account: string): string => (server.host === null ? account : `${server.host}/${account}`);
  if (facts.kind === 'account-renamed') {
    return { ...facts, from: accountOn(facts.from), account: accountOn(facts.account) };
  }
  if ('account' in facts) return { ...facts, account: accountOn(facts.account) };
  if ('repositories' in facts) {
    return { ...facts, repositories: facts.repositories.map((each) => repositoryOn(server, each)) };
  }
  const repository = repositoryOn(server, facts.repository);
  return 'from' in facts && facts.kind === 'renamed'
    ? { ...facts, repository, from: repositoryOn(server, facts.from) }
    : { ...facts, repository };
}
