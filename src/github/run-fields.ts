import { z } from 'zod';
import { type RepositoryName, RepositoryPath, RunId, WorkflowJobId } from '../domain/ids.ts';
import { accountOn, type GitHubPlace, pageOf, pathOf, repositoryOn } from '../domain/servers.ts';
import { type ActorType, CONCLUSIONS, type Run, RUN_STATUSES, type WorkflowJob } from '../domain/run.ts';
import { readText } from './context-fields.ts';

/** Text that other people chose: one line, without control characters (PostgreSQL takes no NUL), of bounded length. */
export const Line = z.string().transform((text) =>
  (text.split(/[\r\n]/u, 1)[0] ?? '')
    .replaceAll(/\p{Cc}/gu, '')
    .toWellFormed()
    .trim()
    .slice(0, 250),
);

/** A time as GitHub writes it. */
export const Moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const MaybeMoment = Moment.nullish().transform((moment) => moment ?? null);
/** Who did it, as far as GitHub says. */
export const Account = z
  .object({
    id: z.number().int().positive().nullish().catch(null),
    login: Line,
    type: z.string().nullish().catch(null),
  })
  .nullish()
  .transform((account) => account && { id: account.id ?? null, login: account.login, type: readType(account.type) });

export function readType(type: string | null | undefined): ActorType | null {
  if (type === 'Bot') return 'bot';
  return type === 'User' ? 'user' : null;
}

/** A workflow run as GitHub's REST API and its webhooks both show it, with the fields that we use. */
export const RunFields = z
  .object({
    id: RunId,
    run_attempt: z.number().int().positive(),
    run_number: z.number().int().nonnegative(),
    name: Line.nullish(),
    head_branch: Line.nullish(),
    head_sha: z.string().regex(/^[\da-f]{40,64}$/u),
    head_repository: z.object({ full_name: RepositoryPath }).nullish().catch(null),
    head_commit: z.object({ message: Line }).nullish().catch(null),
    display_title: Line.nullish(),
    event: Line,
    status: z.enum(RUN_STATUSES),
    conclusion: z.enum(CONCLUSIONS).nullable(),
    actor: Account,
    triggering_actor: Account,
    pull_requests: z
      .array(z.object({ number: z.number().int().positive() }))
      .nullish()
      .catch(null),
    run_started_at: MaybeMoment,
    created_at: Moment,
    updated_at: Moment,
  })
  .transform(({ actor, triggering_actor: starter, ...fields }) => ({
    runId: fields.id,
    attempt: fields.run_attempt,
    number: fields.run_number,
    workflow: fields.name || 'workflow',
    headBranch: fields.head_branch || fields.head_sha.slice(0, 7),
    headRepository: fields.head_repository?.full_name ?? null,
    event: fields.event,
    headSha: fields.head_sha,
    // GitHub calls a run from a fork that nobody has approved yet completed, and goes on with the same attempt afterwards.
    status: fields.conclusion === 'action_required' ? ('waiting' as const) : fields.status,
    conclusion: fields.conclusion,
    actor: (actor ?? starter)?.login ?? 'unknown',
    actorId: (actor ?? starter)?.id ?? null,
    actorType: (actor ?? starter)?.type ?? null,
    title: fields.display_title || fields.head_commit?.message || fields.name || 'workflow run',
    pullRequest: fields.pull_requests?.[0]?.number ?? null,
    startedAt: fields.run_started_at ?? fields.created_at,
    updatedAt: fields.updated_at,
  }));
export type RunFields = z.infer<typeof RunFields>;

export interface RunPlace {
  repository: RepositoryName;
  defaultBranch: string;
  server: GitHubPlace & { webUrl: string };
}

/**
 * Completes a run with where it belongs. A fork's `main` is not our `main`, so a fork's branch gets its owner's name in
 * front, as GitHub shows it. The address is made by us: none is taken from a payload.
 */
export function toRun({ headBranch, headRepository, actorId, ...fields }: RunFields, place: RunPlace): Run {
  const { repository, defaultBranch, server } = place;
  const isFork = headRepository !== null && repositoryOn(server, headRepository) !== repository;
  const forkOwner = isFork ? pathOf(headRepository).owner : null;
  const base = runUrl(place, fields.runId);
  return {
    ...fields,
    repository,
    defaultBranch,
    actorId: actorId === null ? null : accountOn(server, actorId),
    branch: forkOwner ? `${forkOwner}:${headBranch}` : headBranch,
    url: fields.attempt === 1 ? base : `${base}/attempts/${fields.attempt}`,
  };
}

function runUrl({ repository, server }: Pick<RunPlace, 'repository' | 'server'>, runId: RunId): string {
  return `${pageOf(repository, server)}/actions/runs/${runId}`;
}

const MaybeConclusion = z.enum(CONCLUSIONS).nullable().catch(null);

/** A workflow job as the REST API shows it. */
export const JobFields = z
  .object({
    id: WorkflowJobId,
    name: Line,
    conclusion: MaybeConclusion,
    runner_name: Line.nullish(),
    started_at: MaybeMoment,
    completed_at: MaybeMoment,
    steps: z
      .array(
        z
          .object({
            number: z.number().int().nonnegative(),
            name: Line,
            conclusion: MaybeConclusion,
            started_at: MaybeMoment,
            completed_at: MaybeMoment,
          })
          .transform(({ started_at: startedAt, completed_at: completedAt, ...step }) => ({
            ...step,
            startedAt,
            completedAt,
          })),
      )
      .nullish(),
  })
  .transform(
    ({ id, name, conclusion, runner_name: runner, started_at: startedAt, completed_at: completedAt, steps }) => ({
      id,
      name,
      conclusion,
      runner: runner || null,
      startedAt,
      completedAt,
      steps: steps ?? [],
    }),
  );
export type JobFields = z.infer<typeof JobFields>;

export function toWorkflowJob(
  fields: JobFields,
  place: Pick<RunPlace, 'repository' | 'server'> & { runId: RunId },
): WorkflowJob {
  return { ...fields, url: `${runUrl(place, place.runId)}/job/${fields.id}` };
}

/** Annotations of a workflow job, as far as they are errors. A path that is not in the repository is GitHub's way to say that it means none. */
const Remark = z
  .object({
    path: z.string().max(500).catch(''),
    start_line: z.number().int().nullish().catch(null),
    annotation_level: z.literal('failure'),
    message: z.string(),
  })
  .transform(({ path, start_line: line, message }) => {
    const text = readText(message.slice(0, REMARK_MAX)).trim();
    return path === '' || path === '.github' ? text : `${path}:${line ?? 1}: ${text}`;
  });
const REMARK_MAX = 2_000;

/** One text each; what cannot be read is left out. */
export const JobRemarks = z
  .array(z.unknown())
  .transform((found) => found.flatMap((entry) => Remark.safeParse(entry).data ?? []).filter((text) => text !== ''));
