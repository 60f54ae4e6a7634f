import { createHash } from 'node:crypto';
import type { Account, Commit, Installation, Issue, PullRequest, Repository, Run, Team, Workflow } from './state.ts';

/** What `addRepository` may be told; the owner and name come from `fullName`. */
export interface RepositoryOptions {
  defaultBranch?: string;
  private?: boolean;
  installationId?: number;
  description?: string;
  language?: string;
  topics?: readonly string[];
  /** Files of the default branch: path to text. */
  files?: Readonly<Record<string, string>>;
}

/** All state of one local GitHub. Ids count up from numbers as large as GitHub's. */
export interface World {
  readonly installations: Map<number, Installation>;
  readonly runs: Map<number, Run>;
  readonly teams: Team[];
  nextId(kind: keyof typeof FIRST_ID): number;
  account(login: string, type?: Account['type']): Account;
  accounts(): Account[];
  addInstallation(id: number, login: string): Installation;
  addRepository(fullName: string, options?: RepositoryOptions): Repository;
  /** GitHub compares without case. */
  repository(fullName: string): Repository | undefined;
  /** Gives it another name; GitHub leads from the old one to it until somebody else takes that. */
  renameRepository(repository: Repository, name: string): void;
  /** The same for an account, and so for everything that it owns. */
  renameAccount(account: Account, login: string): void;
  repositories(installationId: number): Repository[];
  workflow(repository: Repository, name: string): Workflow;
  commit(repository: Repository, commit: Omit<Commit, 'treeSha' | 'parent'>): Commit;
  pullRequest(repository: Repository, wanted: Omit<PullRequest, 'id' | 'createdAt'> & { at: Date }): PullRequest;
  /** Issues and pull requests share their numbers. */
  addIssue(repository: Repository, wanted: Omit<Issue, 'id' | 'number'>): Issue;
  /** Newest first, as GitHub lists them. */
  runsOf(repository: Repository): Run[];
}

const FIRST_ID = {
  team: 9_204_118,
  repository: 871_204_310,
  workflow: 118_402_551,
  run: 19_538_204_417,
  suite: 49_217_530_881,
  job: 55_948_217_302,
  pull: 2_951_077_312,
  issue: 3_420_118_904,
  deployment: 2_190_557_731,
  deploymentStatus: 3_604_912_118,
  status: 34_217_904_551,
  release: 214_820_377,
} as const;

const PERMISSIONS = {
  actions: 'write',
  checks: 'read',
  contents: 'read',
  deployments: 'read',
  issues: 'write',
  members: 'read',
  metadata: 'read',
  pull_requests: 'read',
  statuses: 'read',
} as const;

const EVENTS = [
  'check_run',
  'check_suite',
  'deployment',
  'deployment_status',
  'pull_request',
  'push',
  'release',
  'repository',
  'status',
  'workflow_job',
  'workflow_run',
];

/** An empty GitHub. */
export function createWorld(): World {
  const counters: Record<keyof typeof FIRST_ID, number> = { ...FIRST_ID };
  const accounts = new Map<string, Account>();
  const repositories = new Map<string, Repository>();
  const world: World = {
    installations: new Map(),
    runs: new Map(),
    teams: [],
    nextId: (kind) => (counters[kind] += 17),
    account(login, type = login.endsWith('[bot]') ? 'Bot' : 'User') {
      const known = accounts.get(login) ?? { id: accountId(login), login, type };
      accounts.set(login, known);
      return known;
    },
    accounts: () => [...accounts.values()],
    addInstallation(id, login) {
      const account = world.account(login, 'Organization');
      const permissions: Installation['permissions'] = { ...PERMISSIONS };
      const installation = { id, account, permissions, events: [...EVENTS], suspendedAt: null, createdAt: new Date() };
      world.installations.set(id, installation);
      return installation;
    },
    addRepository(fullName, options = {}) {
      const repository = newRepository(world, fullName, options);
      repositories.set(fullName.toLowerCase(), repository);
      return repository;
    },
    repository: (fullName) => repositories.get(fullName.toLowerCase()),
    renameRepository(repository, name) {
      Object.assign(repository, { name, fullName: `${repository.owner.login}/${name}` });
      repositories.set(repository.fullName.toLowerCase(), repository);
    },
    renameAccount(account, login) {
      accounts.delete(account.login);
      accounts.set(login, Object.assign(account, { login }));
      for (const repository of new Set(repositories.values())) {
        if (repository.owner === account) world.renameRepository(repository, repository.name);
      }
    },
    repositories: (id) => [...new Set(repositories.values())].filter(({ installationId }) => installationId === id),
    workflow: (repository, name) => findWorkflow(world, repository, name),
    commit: addCommit,
    pullRequest: (repository, wanted) => upsertPullRequest(world, repository, wanted),
    addIssue(repository, wanted) {
      const number = Math.max(0, ...repository.pullRequests.keys(), ...repository.issues.keys()) + 1;
      const issue = { ...wanted, id: world.nextId('issue'), number };
      repository.issues.set(number, issue);
      return issue;
    },
    runsOf: (repository) => [...world.runs.values()].filter((run) => run.repository === repository).toReversed(),
  };
  return world;
}

function newRepository(world: World, fullName: string, options: RepositoryOptions): Repository {
  const [owner = '', name = ''] = fullName.split('/');
  const installationId = options.installationId ?? [...world.installations.keys()][0];
  if (installationId === undefined) throw new Error('Add an installation before a repository.');
  const at = new Date();
  const defaultBranch = options.defaultBranch ?? 'main';
  return {
    id: world.nextId('repository'),
    installationId,
    owner: world.account(owner, 'Organization'),
    name,
    fullName,
    private: options.private ?? true,
    defaultBranch,
    description: options.description ?? '',
    language: options.language ?? 'TypeScript',
    topics: [...(options.topics ?? [])],
    createdAt: at,
    pushedAt: at,
    workflows: [],
    commits: new Map(),
    pullRequests: new Map(),
    hasIssues: true,
    issues: new Map(),
    checks: [],
    comments: [],
    environments: [],
    contents: new Map([[defaultBranch, new Map(Object.entries(options.files ?? {}))]]),
  };
}

function findWorkflow(world: World, repository: Repository, name: string): Workflow {
  const known = repository.workflows.find((workflow) => workflow.name === name);
  if (known) return known;
  const file = name.toLowerCase().replaceAll(/[^a-z0-9]+/gu, '-');
  const workflow = {
    id: world.nextId('workflow'),
    name,
    path: `.github/workflows/${file}.yml`,
    createdAt: repository.createdAt,
  };
  repository.workflows.push(workflow);
  return workflow;
}

function addCommit(repository: Repository, wanted: Omit<Commit, 'treeSha' | 'parent'>): Commit {
  const known = repository.commits.get(wanted.sha);
  if (known) return known;
  const parent = [...repository.commits.keys()].at(-1) ?? sha1(`parent of ${wanted.sha}`);
  const commit = { ...wanted, treeSha: sha1(`tree of ${wanted.sha}`), parent };
  repository.commits.set(wanted.sha, commit);
  repository.pushedAt = wanted.at;
  return commit;
}

function upsertPullRequest(
  world: World,
  repository: Repository,
  { at, ...wanted }: Omit<PullRequest, 'id' | 'createdAt'> & { at: Date },
): PullRequest {
  const known = repository.pullRequests.get(wanted.number);
  const files = new Map([...(known?.files ?? []), ...wanted.files].map((file) => [file.path, file]));
  const pull = {
    ...wanted,
    files: [...files.values()],
    id: known?.id ?? world.nextId('pull'),
    createdAt: known?.createdAt ?? at,
  };
  repository.pullRequests.set(wanted.number, pull);
  return pull;
}

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');

function accountId(login: string): number {
  return 1_000_000 + createHash('sha1').update(login).digest().readUIntBE(0, 3);
}

export function knownRepository(world: World, fullName: string): Repository {
  const repository = world.repository(fullName);
  if (!repository) throw new Error(`${fullName} was not added to the local GitHub`);
  return repository;
}
