import { accountPayload, organizationPayload } from './payloads/account.ts';
import { checkPayload } from './payloads/answer.ts';
import type { Bases } from './payloads/bases.ts';
import { checkRunPayload, statusPayload } from './payloads/check-run.ts';
import { checkSuitePayload } from './payloads/check-suite.ts';
import {
  type AppIdentity,
  hookPayload,
  installationPayload,
  installationReference,
  repositoryReference,
} from './payloads/installation.ts';
import { deploymentPayload, deploymentStatusPayload } from './payloads/deployment.ts';
import { pullRequestPayload } from './payloads/pull-request.ts';
import { pushPayload } from './payloads/push.ts';
import { releasePayload } from './payloads/release.ts';
import { repositoryPayload } from './payloads/repository.ts';
import { workflowJobPayload } from './payloads/workflow-job.ts';
import { type RunView, workflowPayload, workflowRunPayload } from './payloads/workflow-run.ts';
import {
  type Account,
  type AppCheck,
  type Attempt,
  type CheckRun,
  type CommitStatus,
  type Deployment,
  type DeploymentStatus,
  type Installation,
  iso,
  type Job,
  latestAttempt,
  type PullRequest,
  type Release,
  type Repository,
  type Run,
  type Status,
} from './state.ts';
import type { Outgoing } from './webhook-sender.ts';
import type { World } from './world.ts';

/** What the payload builders need to know besides the thing itself. */
export interface Scene {
  world: World;
  bases: Bases;
  app: AppIdentity;
}

/** `workflow_run` with the action `requested`, `in_progress` or `completed`. */
export function workflowRunDelivery(scene: Scene, run: Run, attempt: Attempt, action: RunView['status']): Outgoing {
  const updatedAt = action === 'completed' ? attempt.completedAt : attempt.startedAt;
  const workflowRun = workflowRunPayload({ run, attempt, view: { status: action, updatedAt } }, scene.bases);
  const workflow = workflowPayload(run.repository, run.workflow, scene.bases);
  const about = { repository: run.repository, sender: attempt.triggeredBy };
  return repositoryDelivery(scene, 'workflow_run', about, { action, workflow_run: workflowRun, workflow });
}

/** `workflow_job` with the action `queued`, `in_progress` or `completed`. */
export function workflowJobDelivery(
  scene: Scene,
  at: { run: Run; attempt: Attempt; job: Job; status: Status },
): Outgoing {
  const about = { repository: at.run.repository, sender: at.attempt.triggeredBy };
  const workflowJob = workflowJobPayload(at, scene.bases);
  return repositoryDelivery(scene, 'workflow_job', about, { action: at.status, workflow_job: workflowJob });
}

/** `check_suite` `completed`. */
export function checkSuiteDelivery(scene: Scene, run: Run, attempt: Attempt): Outgoing {
  const about = { repository: run.repository, sender: attempt.triggeredBy };
  const checkSuite = checkSuitePayload({ run, attempt }, scene.bases);
  return repositoryDelivery(scene, 'check_suite', about, { action: 'completed', check_suite: checkSuite });
}

/** The `push` that brought the run's commit. */
export function pushDelivery(scene: Scene, { repository, branch, commit, actor }: Run): Outgoing {
  const payload = pushPayload({ repository, branch, commit }, scene.bases);
  return repositoryDelivery(scene, 'push', { repository, sender: actor }, payload);
}

/** `pull_request` `opened`; null for a run without one. */
export function pullRequestDelivery(scene: Scene, { repository, pullRequest, actor }: Run): Outgoing | null {
  if (!pullRequest) return null;
  const payload = { action: 'opened', number: pullRequest.number };
  const pull = pullRequestPayload(repository, pullRequest, scene.bases);
  return repositoryDelivery(scene, 'pull_request', { repository, sender: actor }, { ...payload, pull_request: pull });
}

/** `check_run` `created` or `completed`. */
export function checkRunDelivery(scene: Scene, check: CheckRun, action: 'created' | 'completed'): Outgoing {
  const about = { repository: check.repository, sender: scene.world.account(`${check.app}[bot]`) };
  const own = checkRunPayload(check, action === 'created' ? 'in_progress' : 'completed', scene.bases);
  return repositoryDelivery(scene, 'check_run', about, { action, check_run: own });
}

/** `check_run` `requested_action`: somebody clicked on a button that the App gave its check. */
export function checkClickDelivery(
  scene: Scene,
  {
    repository,
    check,
    identifier,
    login,
  }: { repository: Repository; check: AppCheck; identifier: string; login: string },
): Outgoing {
  const about = { repository, sender: scene.world.account(login) };
  const payload = { check_run: checkPayload(scene, repository, check), requested_action: { identifier } };
  return repositoryDelivery(scene, 'check_run', about, { action: 'requested_action', ...payload });
}

/** `status`, which has no action. */
export function statusDelivery(scene: Scene, status: CommitStatus): Outgoing {
  const about = { repository: status.repository, sender: status.creator };
  return repositoryDelivery(scene, 'status', about, statusPayload(status, scene.bases));
}

/** What becomes of a pull request. */
export interface PullChange {
  action: 'opened' | 'synchronize' | 'closed' | 'reopened' | 'converted_to_draft' | 'ready_for_review';
  isMerged?: boolean;
  at: Date;
}

/** `pull_request`, as it is after the change. */
export function pullChangeDelivery(
  scene: Scene,
  { repository, pull }: { repository: Repository; pull: PullRequest },
  { action, isMerged = false, at }: PullChange,
): Outgoing {
  const closed = action === 'closed' ? iso(at) : null;
  const changed = {
    ...pullRequestPayload(repository, pull, scene.bases),
    state: action === 'closed' ? 'closed' : 'open',
    draft: action === 'converted_to_draft',
    merged: isMerged,
    updated_at: iso(at),
    closed_at: closed,
    merged_at: isMerged ? closed : null,
  };
  const own = { action, number: pull.number, pull_request: changed };
  return repositoryDelivery(scene, 'pull_request', { repository, sender: pull.author }, own);
}

/** `release`, whatever is done to it. */
export function releaseDelivery(
  scene: Scene,
  release: Release,
  { action, at }: { action: string; at: Date },
): Outgoing {
  const about = { repository: release.repository, sender: release.author };
  return repositoryDelivery(scene, 'release', about, { action, release: releasePayload(release, at, scene.bases) });
}

/** `deployment` `created`; one that a run makes names the run. */
export function deploymentDelivery(scene: Scene, deployment: Deployment): Outgoing {
  const about = { repository: deployment.repository, sender: deployment.creator };
  const own = { deployment: deploymentPayload(deployment, deployment.createdAt, scene.bases) };
  return repositoryDelivery(scene, 'deployment', about, { action: 'created', ...own, ...runBeside(scene, deployment) });
}

/** `deployment_status` `created`. */
export function deploymentStatusDelivery(scene: Scene, deployment: Deployment, status: DeploymentStatus): Outgoing {
  const about = { repository: deployment.repository, sender: status.creator };
  return repositoryDelivery(scene, 'deployment_status', about, {
    action: 'created',
    deployment_status: deploymentStatusPayload(deployment, status, scene.bases),
    deployment: deploymentPayload(deployment, status.at, scene.bases),
    check_run: null,
    ...runBeside(scene, deployment),
  });
}

function runBeside({ bases }: Scene, { run }: Deployment) {
  if (run === null) return { workflow: null, workflow_run: null };
  const attempt = latestAttempt(run);
  const view = { status: attempt.status, updatedAt: attempt.startedAt };
  return {
    workflow: workflowPayload(run.repository, run.workflow, bases),
    workflow_run: workflowRunPayload({ run, attempt, view }, bases),
  };
}

/** `repository` `edited`, after its topics were changed. */
export function topicsDelivery(scene: Scene, repository: Repository, before: readonly string[]): Outgoing {
  const payload = { action: 'edited', changes: { topics: { from: [...before] } } };
  return repositoryDelivery(scene, 'repository', { repository, sender: repository.owner }, payload);
}

/** `installation` `created`. */
export function installationDelivery(
  { world, bases, app }: Scene,
  installation: Installation,
  sender: Account,
): Outgoing {
  return {
    event: 'installation',
    action: 'created',
    installationId: installation.id,
    payload: {
      action: 'created',
      installation: installationPayload(app, installation, bases),
      repositories: world.repositories(installation.id).map(repositoryReference),
      requester: null,
      sender: accountPayload(sender, bases),
    },
  };
}

/** The `ping` of an App's hook. */
export function pingDelivery({ bases, app, world }: Scene, hook: { id: number; url: string }): Outgoing {
  const events = [...world.installations.values()][0]?.events ?? [];
  const payload = {
    zen: 'Keep it logically awesome.',
    hook_id: hook.id,
    hook: hookPayload({ ...hook, app, events }, bases),
  };
  return { event: 'ping', payload };
}

interface About {
  repository: Repository;
  sender: Account;
}

/** Adds what every delivery about a repository carries: repository, organization, sender, installation. */
function repositoryDelivery({ world, bases }: Scene, event: string, about: About, own: object): Outgoing {
  const { repository, sender } = about;
  const installation = world.installations.get(repository.installationId);
  if (!installation) throw new Error(`${repository.fullName} has no installation`);
  const common = {
    repository: repositoryPayload(repository, bases),
    organization: organizationPayload(repository.owner, bases),
    sender: accountPayload(sender, bases),
    installation: installationReference(installation),
  };
  return {
    event,
    action: 'action' in own && typeof own.action === 'string' ? own.action : null,
    installationId: installation.id,
    repositoryId: repository.id,
    payload: { ...common, ...own },
  };
}
