import { type Deployment, type DeploymentStatus, iso } from '../state.ts';
import { accountPayload } from './account.ts';
import { type Bases, nodeId } from './bases.ts';

/** A deployment, as in its own webhook and beside its statuses. */
export function deploymentPayload(deployment: Deployment, at: Date, bases: Bases) {
  const { id, repository, environment, sha, ref, creator, createdAt } = deployment;
  const repo = `${bases.api}/repos/${repository.fullName}`;
  const url = `${repo}/deployments/${id}`;
  return {
    url,
    id,
    node_id: nodeId('DE', id),
    task: 'deploy',
    original_environment: environment,
    environment,
    description: null,
    created_at: iso(createdAt),
    updated_at: iso(at),
    statuses_url: `${url}/statuses`,
    repository_url: repo,
    creator: accountPayload(creator, bases),
    sha,
    ref,
    payload: {},
    transient_environment: false,
    production_environment: environment === 'production',
    performed_via_github_app: null,
  };
}

/** One status of a deployment. */
export function deploymentStatusPayload(deployment: Deployment, status: DeploymentStatus, bases: Bases) {
  const repo = `${bases.api}/repos/${deployment.repository.fullName}`;
  const url = `${repo}/deployments/${deployment.id}`;
  const log = deployment.run === null ? '' : runPage(deployment, bases);
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DES', status.id),
    state: status.state,
    creator: accountPayload(status.creator, bases),
    description: status.description,
    environment: deployment.environment,
    target_url: log,
    created_at: iso(status.at),
    updated_at: iso(status.at),
    deployment_url: url,
    repository_url: repo,
    environment_url: '',
    log_url: log,
    performed_via_github_app: null,
  };
}

function runPage({ repository, run }: Deployment, { web }: Bases): string {
  return `${web}/${repository.fullName}/actions/runs/${run?.id ?? 0}`;
}
