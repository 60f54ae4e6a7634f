import { deploymentDelivery, deploymentStatusDelivery, type Scene } from './announce.ts';
import { knownRun } from './play.ts';
import type { Deployment, DeploymentState, Repository } from './state.ts';
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

/** What happens beside runs: each gives the deliveries that GitHub would send, for whoever wants them in another order. */
export interface Happenings {
  deployment(script: DeploymentScript): Outgoing[];
  /** Sends deliveries one after the other, in the order given. */
  sendAll(outgoing: readonly Outgoing[]): Promise<DeliveryRecord[]>;
}

export function createHappenings(scene: Scene, sender: WebhookSender): Happenings {
  return {
    deployment: (script) => enactDeployment(scene, script),
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

function knownRepository({ world }: Scene, fullName: string): Repository {
  const repository = world.repository(fullName);
  if (!repository) throw new Error(`${fullName} was not added to the local GitHub`);
  return repository;
}
