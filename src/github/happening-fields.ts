import { z } from 'zod';
import { RepositoryPath, RunId } from '../domain/ids.ts';
import { pageOf, pathOf } from '../domain/servers.ts';
import { type Deployment, DEPLOYMENT_STATES, type PullRequest, type Release } from '../domain/happening.ts';
import { Account, Line, Moment } from './run-fields.ts';

// The payloads of what happens beside runs, as their events of one name show them. Checks stand in check-fields.ts.

/** A commit. */
export const Sha = z.string().regex(/^[\da-f]{40,64}$/u);

/** GitHub's numbers of what is not ours to name. */
export const Id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);

/** What every delivery about a repository carries. */
export const RepositoryFields = z.object({ full_name: RepositoryPath, default_branch: z.string().max(250) });

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

/** What is wrong with a payload, without a word of it. */
export function misfit({ issues }: z.ZodError): string {
  const fields = issues.map(({ path }) => path.join('.'));
  return `fields that do not fit: ${[...new Set(fields)].slice(0, 5).join(', ')}`;
}

export function toDeployment(
  { repository, deployment, deployment_status: status, workflow_run: run }: DeploymentPayload,
  webUrl: string,
): Deployment {
  const page = pageOf(repository.full_name, { webUrl });
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
  };
}

export const PullRequestPayload = z.object({
  repository: RepositoryFields,
  pull_request: z.object({
    number: z.number().int().positive(),
    title: Line,
    state: z.enum(['open', 'closed']),
    draft: z.boolean().nullish(),
    merged: z.boolean().nullish(),
    updated_at: Moment,
    user: Account,
    labels: z.array(z.object({ name: Line })).nullish(),
    head: z.object({ ref: Line, sha: Sha, repo: z.object({ full_name: RepositoryPath }).nullish().catch(null) }),
    base: z.object({ ref: Line }),
  }),
});

/** GitHub allows a hundred. */
const LABELS_MOST = 100;

export function toPullRequest(
  { repository, pull_request: pull }: z.infer<typeof PullRequestPayload>,
  webUrl: string,
): PullRequest {
  const { head, user, updated_at: at } = pull;
  const isFork = head.repo != null && head.repo.full_name !== repository.full_name;
  const owner = isFork && head.repo ? `${pathOf(head.repo.full_name).owner}:` : '';
  const state = pull.merged === true ? 'merged' : pull.state;
  return {
    kind: 'pull_request',
    repository: repository.full_name,
    defaultBranch: repository.default_branch,
    number: pull.number,
    title: pull.title,
    branch: `${owner}${head.ref}`,
    base: pull.base.ref,
    sha: head.sha,
    labels: (pull.labels ?? []).slice(0, LABELS_MOST).map(({ name }) => name),
    state,
    isDraft: pull.draft === true,
    actor: user?.login ?? 'unknown',
    actorType: user?.type ?? null,
    url: `${pageOf(repository.full_name, { webUrl })}/pull/${pull.number}`,
    at,
    order: [at.getTime(), state === 'open' ? 0 : 1],
  };
}

/** What is done to a release, in the order in which it may be done within one second. */
const RELEASE_ACTIONS = ['published', 'released', 'prereleased', 'edited', 'unpublished', 'deleted'] as const;

export const ReleasePayload = z.object({
  action: z.enum(RELEASE_ACTIONS),
  repository: RepositoryFields,
  release: z.object({
    id: Id,
    tag_name: Line,
    name: Line.nullish(),
    target_commitish: Line.nullish(),
    draft: z.boolean(),
    prerelease: z.boolean(),
    author: Account,
    created_at: Moment.nullish(),
    published_at: Moment.nullish(),
    updated_at: Moment.nullish(),
  }),
});

/** The release, or why it is none that anybody could see. */
export function toRelease(
  { action, repository, release }: z.infer<typeof ReleasePayload>,
  webUrl: string,
): Release | string {
  if (release.draft && action !== 'unpublished') return 'a draft of a release';
  const times = [release.created_at, release.published_at, release.updated_at].flatMap((at) => at?.getTime() ?? []);
  const state = action === 'unpublished' || action === 'deleted' ? action : 'published';
  return {
    kind: 'release',
    repository: repository.full_name,
    defaultBranch: repository.default_branch,
    id: release.id,
    tag: release.tag_name || 'untagged',
    name: release.name || release.tag_name,
    target: release.target_commitish || repository.default_branch,
    isPrerelease: release.prerelease,
    state,
    isNews: action === 'published',
    actor: release.author?.login ?? 'unknown',
    actorType: release.author?.type ?? null,
    url: `${pageOf(repository.full_name, { webUrl })}/releases/tag/${encodeURIComponent(release.tag_name)}`,
    at: release.published_at ?? release.created_at ?? new Date(Math.max(0, ...times)),
    // What is deleted stays so. Older servers do not say when a release was changed.
    order: [state === 'deleted' ? 1 : 0, Math.max(0, ...times), RELEASE_ACTIONS.indexOf(action)],
  };
}
