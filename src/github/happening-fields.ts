import { z } from 'zod';
import { RepositoryName, RunId } from '../domain/ids.ts';
import { type Deployment, DEPLOYMENT_STATES } from '../domain/happening.ts';
import { Account, Line, Moment } from './run-fields.ts';

const Sha = z.string().regex(/^[\da-f]{40,64}$/u);

/** GitHub's numbers of what is not ours to name. */
const Id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);

/** What every delivery about a repository carries. */
export const RepositoryFields = z.object({ full_name: RepositoryName, default_branch: z.string().max(250) });

/** `deployment` and `deployment_status`; the first comes before there is any status. */
export const DeploymentPayload = z.object({
  repository: RepositoryFields,
  deployment: z.object({
    id: Id,
    sha: Sha,
    ref: Line,
    environment: Line,
    creator: Account,
    description: Line.nullish(),
    created_at: Moment,
  }),
  deployment_status: z
    .object({
      id: Id,
      state: z.enum(DEPLOYMENT_STATES),
      description: Line.nullish(),
      created_at: Moment,
    })
    .optional(),
  workflow_run: z.object({ id: RunId, actor: Account }).nullish().catch(null),
});
type DeploymentPayload = z.infer<typeof DeploymentPayload>;

/** GitHub's page of a repository, from its name and nothing that a payload says. */
function pageOf({ full_name: name }: z.infer<typeof RepositoryFields>, webUrl: string): string {
  return `${webUrl.replace(/\/+$/u, '')}/${name}`;
}

export function toDeployment(
  { repository, deployment, deployment_status: status, workflow_run: run }: DeploymentPayload,
  webUrl: string,
): Deployment {
  const page = pageOf(repository, webUrl);
  const actor = run?.actor ?? deployment.creator;
  const at = status?.created_at ?? deployment.created_at;
  return {
    kind: 'deployment',
    repository: repository.full_name,
    defaultBranch: repository.default_branch,
    environment: deployment.environment || 'deployment',
    sha: deployment.sha,
    ref: deployment.ref.replace(/^refs\/(?:heads|tags)\//u, '') || deployment.sha.slice(0, 7),
    state: status?.state ?? 'pending',
    description: status?.description || deployment.description || '',
    runId: run?.id ?? null,
    actor: actor?.login ?? 'unknown',
    actorType: actor?.type ?? null,
    url: run ? `${page}/actions/runs/${run.id}` : `${page}/deployments`,
    at,
    // A second try at the same commit is another deployment; of the states of one, several may be of one second.
    order: [deployment.id, at.getTime(), status?.id ?? 0],
    episode: deployment.id,
  };
}
