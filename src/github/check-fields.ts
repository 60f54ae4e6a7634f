import { z } from 'zod';
import type { Check } from '../domain/happening.ts';
import { CONCLUSIONS, isFailing } from '../domain/run.ts';
import { pageOf } from '../domain/servers.ts';
import { Id, RepositoryFields, Sha } from './happening-fields.ts';
import { Account, Line, Moment } from './run-fields.ts';

const App = z.object({ id: Id, slug: Line.nullish(), name: Line }).nullish();

/** `check_run`, as soon as there is a result. */
export const CheckRunPayload = z.object({
  repository: RepositoryFields,
  check_run: z.object({
    id: Id,
    name: Line,
    head_sha: Sha,
    status: z.string(),
    conclusion: z.enum(CONCLUSIONS).nullable().catch(null),
    started_at: Moment.nullish(),
    completed_at: Moment.nullish(),
    output: z.object({ title: Line.nullish() }).nullish().catch(null),
    app: App,
    check_suite: z.object({ head_branch: Line.nullish() }).nullish().catch(null),
    pull_requests: z
      .array(z.object({ head: z.object({ ref: Line }) }))
      .nullish()
      .catch(null),
  }),
});

/** The app behind workflow runs, of which we hear anyway. Its number is that of github.com; its name is GitHub's own everywhere. */
const ACTIONS = { id: 15_368, slug: 'github-actions' } as const;

interface Options {
  webUrl: string;
  /** Our own App, which is not to tell of itself. */
  appId: number;
}

/** The check, or why nobody is to hear of it. */
export function toCheck(
  { repository, check_run: check }: z.infer<typeof CheckRunPayload>,
  { webUrl, appId }: Options,
): Check | string {
  const { app, conclusion } = check;
  if (!app) return 'a check of nobody';
  if (app.id === ACTIONS.id || app.slug === ACTIONS.slug) return 'a check of GitHub Actions, which is a workflow run';
  if (app.id === appId) return 'a check of our own';
  if (check.status !== 'completed' || !isDecided(conclusion)) return 'a check without a result';
  const at = check.completed_at ?? check.started_at;
  if (!at) return 'a check that ended at no time';
  const branch = check.check_suite?.head_branch || check.pull_requests?.[0]?.head.ref;
  return {
    ...resultOf({ repository, sha: check.head_sha, branch: branch ?? null, isFailing: isFailing(conclusion), at }),
    app: app.slug || app.name,
    name: check.name || app.name,
    title: check.output?.title ?? '',
    actor: app.slug || app.name,
    actorType: 'bot',
    url: `${pageOf(repository.full_name, { webUrl })}/runs/${check.id}`,
    order: [check.id, at.getTime()],
  };
}

/** What lets a pull request pass, or keeps it; a check that was cancelled or waits for somebody does neither. */
function isDecided(conclusion: (typeof CONCLUSIONS)[number] | null): boolean {
  return isFailing(conclusion) || conclusion === 'success' || conclusion === 'neutral' || conclusion === 'skipped';
}

/** `status`: the older kind of check, which is set on a commit. */
export const StatusPayload = z.object({
  repository: RepositoryFields,
  id: Id,
  sha: Sha,
  context: Line,
  state: z.enum(['error', 'failure', 'pending', 'success']),
  description: Line.nullish(),
  branches: z
    .array(z.object({ name: Line, commit: z.object({ sha: z.string() }) }))
    .nullish()
    .catch(null),
  sender: Account,
  created_at: Moment,
});

export function toStatusCheck(
  { repository, ...status }: z.infer<typeof StatusPayload>,
  { webUrl }: Pick<Options, 'webUrl'>,
): Check | string {
  const { id, sha, state, created_at: at, sender } = status;
  if (state === 'pending') return 'a status without a result';
  // GitHub names every branch that holds the commit; on those whose newest it is not, another commit speaks.
  const heads = (status.branches ?? []).filter(({ commit }) => commit.sha === sha).map(({ name }) => name);
  const branch = heads.find((name) => name === repository.default_branch) ?? heads[0] ?? null;
  return {
    ...resultOf({ repository, sha, branch, isFailing: state !== 'success', at }),
    app: null,
    name: status.context || 'default',
    title: status.description ?? '',
    actor: sender?.login ?? 'unknown',
    actorType: sender?.type ?? null,
    url: `${pageOf(repository.full_name, { webUrl })}/commit/${sha}`,
    order: [id, at.getTime()],
  };
}

interface Result {
  repository: z.infer<typeof RepositoryFields>;
  sha: string;
  branch: string | null;
  isFailing: boolean;
  at: Date;
}

/** Of a fork's branch GitHub tells nothing; the commit stands for it. */
function resultOf({ repository, sha, branch, isFailing: fails, at }: Result) {
  return {
    kind: 'check' as const,
    repository: repository.full_name,
    defaultBranch: repository.default_branch,
    sha,
    branch: branch || sha.slice(0, 7),
    isFailing: fails,
    failures: fails ? 1 : 0,
    since: fails ? at : null,
    fixedBy: null,
    at,
  };
}
