import {
  checkRunDelivery,
  deploymentDelivery,
  deploymentStatusDelivery,
  type PullChange,
  pullChangeDelivery,
  releaseDelivery,
  type Scene,
  statusDelivery,
} from './announce.ts';
import { knownRun } from './play.ts';
import type { CommitStatus, Conclusion, Deployment, DeploymentState, Repository } from './state.ts';
import type { DeliveryRecord, Outgoing, WebhookSender } from './webhook-sender.ts';

/** A deployment to be played. */
export interface DeploymentScript {
  repository: string;
  environment: string;
  sha: string;
  /** Default: `main`. */
  ref?: string;
  creator?: string;
  /** The states that it passes through, one second after the other. */
  states: ReadonlyArray<DeploymentState | { state: DeploymentState; description: string }>;
  /** The run that deploys. */
  runId?: number;
}

/** A check run of an app on a commit. */
export interface CheckScript {
  repository: string;
  app: string;
  name: string;
  sha: string;
  /** Null for a commit of a fork. */
  branch: string | null;
  conclusion: Conclusion;
  title?: string;
  /** The pull request whose head it is. */
  pullRequest?: number;
}

/** A status on a commit. */
export interface StatusScript extends Pick<CommitStatus, 'context' | 'state'> {
  repository: string;
  sha: string;
  description?: string;
  /** Branches that hold the commit; their newest is this one, unless another is named. */
  branches: ReadonlyArray<string | { name: string; sha: string }>;
}

/** A pull request, and what becomes of it. */
export interface PullScript extends Pick<PullChange, 'action' | 'isMerged'> {
  repository: string;
  number: number;
  title: string;
  branch: string;
  sha: string;
  labels?: readonly string[];
  author?: string;
}

export interface ReleaseScript {
  repository: string;
  tag: string;
  name?: string;
  isPrerelease?: boolean;
  author?: string;
  /** What is done to it, one second after the other. */
  actions: ReadonlyArray<'published' | 'released' | 'edited' | 'unpublished' | 'deleted'>;
}

/** What happens beside runs: each gives the deliveries that GitHub would send, for whoever wants them in another order. */
export interface Happenings {
  deployment(script: DeploymentScript): Outgoing[];
  check(script: CheckScript): Outgoing[];
  status(script: StatusScript): Outgoing[];
  pull(script: PullScript): Outgoing[];
  release(script: ReleaseScript): Outgoing[];
  /** Sends deliveries one after the other, in the order given. */
  sendAll(outgoing: readonly Outgoing[]): Promise<DeliveryRecord[]>;
}

export function createHappenings(scene: Scene, sender: WebhookSender): Happenings {
  return {
    deployment: (script) => enactDeployment(scene, script),
    check: (script) => enactCheck(scene, script),
    status: (script) => enactStatus(scene, script),
    pull: (script) => enactPull(scene, script),
    release: (script) => enactRelease(scene, script),
    async sendAll(outgoing) {
      const records: DeliveryRecord[] = [];
      for (const each of outgoing) records.push(await sender.send(each));
      return records;
    },
  };
}

function enactDeployment(scene: Scene, script: DeploymentScript): Outgoing[] {
  const { world } = scene;
  const { environment, sha, ref = 'main', creator = 'octo-ada', states, runId } = script;
  const deployment: Deployment = {
    id: world.nextId('deployment'),
    repository: knownRepository(scene, script.repository),
    environment,
    sha,
    ref,
    creator: world.account(creator),
    createdAt: new Date(),
    run: runId === undefined ? null : knownRun(world, runId),
  };
  const statuses = states.map((each, index) => ({
    description: '',
    ...(typeof each === 'string' ? { state: each } : each),
    id: world.nextId('deploymentStatus'),
    creator: deployment.creator,
    at: new Date(deployment.createdAt.getTime() + (index + 1) * 1_000),
  }));
  return [
    deploymentDelivery(scene, deployment),
    ...statuses.map((status) => deploymentStatusDelivery(scene, deployment, status)),
  ];
}

function enactCheck(scene: Scene, { pullRequest, title = '', ...script }: CheckScript): Outgoing[] {
  const { world } = scene;
  const repository = knownRepository(scene, script.repository);
  const startedAt = new Date();
  const check = {
    ...script,
    id: world.nextId('job'),
    suiteId: world.nextId('suite'),
    repository,
    title,
    pullRequest: repository.pullRequests.get(pullRequest ?? 0) ?? null,
    startedAt,
    completedAt: new Date(startedAt.getTime() + 20_000),
  };
  return [checkRunDelivery(scene, check, 'created'), checkRunDelivery(scene, check, 'completed')];
}

function enactStatus(scene: Scene, { sha, branches, description, ...script }: StatusScript): Outgoing[] {
  const { world } = scene;
  const repository = knownRepository(scene, script.repository);
  const creator = world.account('octo-ci');
  const at = new Date();
  const commit = world.commit(repository, { sha, message: 'A commit with a status', author: creator, at, files: [] });
  const heads = branches.map((each) => (typeof each === 'string' ? { name: each, sha } : each));
  const status = { ...script, id: world.nextId('status'), repository, commit, branches: heads, creator, at };
  return [statusDelivery(scene, { ...status, description: description ?? null })];
}

function enactPull(scene: Scene, { action, isMerged = false, author = 'octo-ada', ...script }: PullScript): Outgoing[] {
  const { world } = scene;
  const repository = knownRepository(scene, script.repository);
  const at = new Date();
  const { number, title, branch, sha, labels = [] } = script;
  const wanted = { number, title, branch, sha, labels, author: world.account(author), files: [], at };
  const pull = world.pullRequest(repository, wanted);
  return [pullChangeDelivery(scene, { repository, pull }, { action, isMerged, at })];
}

function enactRelease(scene: Scene, { actions, author = 'octo-ada', ...script }: ReleaseScript): Outgoing[] {
  const { world } = scene;
  const repository = knownRepository(scene, script.repository);
  const { tag, name = tag, isPrerelease = false } = script;
  const createdAt = new Date();
  const who = { author: world.account(author), target: repository.defaultBranch };
  const release = { id: world.nextId('release'), repository, tag, name, isPrerelease, createdAt, ...who };
  return actions.map((action, index) => {
    const at = new Date(createdAt.getTime() + index * 1_000);
    return releaseDelivery(scene, release, { action, at });
  });
}

function knownRepository({ world }: Scene, fullName: string): Repository {
  const repository = world.repository(fullName);
  if (!repository) throw new Error(`${fullName} was not added to the local GitHub`);
  return repository;
}
