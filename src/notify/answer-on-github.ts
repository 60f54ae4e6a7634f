import { isReported } from '../domain/ci.ts';
import type { Failure } from '../domain/failure.ts';
import {
  type AnswerForm,
  answerFormOf,
  type AnswerPlace,
  type GitHubAnswer,
  placeOf,
} from '../domain/github-answers.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import type { JobPayload, Lease, NewJob } from '../domain/jobs.ts';
import { type AdminNotice, noticeName } from '../domain/notice.ts';
import type { Ports } from '../domain/ports.ts';
import { PostInProgressError } from '../errors.ts';
import { checkAnswer, commentAnswer } from '../messages/github-answer.ts';
import { findShown } from './shown.ts';

type Context = Pick<
  Ports,
  'failures' | 'summaries' | 'runs' | 'settings' | 'githubAnswers' | 'githubAnswerer' | 'workspaces' | 'clock' | 'log'
> & { lease: Lease; signal: AbortSignal };

type Payload = JobPayload<'answer-on-github'>;

/** How often another job may change the truth while we tell of it. */
const MAX_ROUNDS = 5;
/** What fails on a branch at once, and what ended there lately, as far as a comment tells of it. */
const OPEN_SHOWN = 5;
const OVER_SHOWN = 5;

/**
 * Job handler of `answer-on-github`: says on GitHub what is true about a failure now, where an admin wants that. Each place has one answer,
 * which is edited; after a crash it is looked for before another one is made. What was never said while it was open is not said when it is over.
 */
export async function answerOnGitHub(context: Context, payload: Payload): Promise<readonly NewJob[]> {
  if (!(await context.workspaces.isActive(payload.workspaceId))) return [];
  let told: string | null = null;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const answer = await readAnswer(context, payload);
    if (answer === null || JSON.stringify(answer) === told) return [];
    const refused = await put(context, payload.workspaceId, answer);
    if (refused !== null) return planRefused(context, payload.workspaceId, { ...refused, answer });
    told = JSON.stringify(answer);
  }
  return [];
}

/** The answer as it is true now; null where there is to be none. */
async function readAnswer(context: Context, { workspaceId, failureId }: Payload): Promise<GitHubAnswer | null> {
  const failure = await context.failures.find(workspaceId, failureId);
  if (failure === null || isReported(failure.repository)) return null;
  const form = answerFormOf(await context.settings.githubAnswers(workspaceId), failure.repository);
  const shown = await findShown(context, workspaceId, failure);
  if (form === null || shown === null) return null;
  const answer =
    form === 'check' ? checkAnswer({ failure, ...shown }) : await readComment(context, workspaceId, failure);
  if (answer === null) return null;
  const isDue = failure.status === 'open' || (await context.githubAnswers.isThere(workspaceId, placeOf(answer)));
  return isDue ? answer : null;
}

/** A run that a push started names pull requests of its branch, too, but may be of another repository: only its own word counts. */
async function readComment(context: Context, workspaceId: WorkspaceId, failure: Failure): Promise<GitHubAnswer | null> {
  const { repository, branch } = failure;
  const around = await context.failures.ofBranch(workspaceId, { repository, branch }, OPEN_SHOWN + OVER_SHOWN);
  const sources = [];
  for (const each of around) {
    const shown = await findShown(context, workspaceId, each);
    if (shown !== null && shown.run.event.startsWith('pull_request')) sources.push({ failure: each, ...shown });
  }
  const own = sources.find((source) => source.failure.id === failure.id);
  const pullRequest = own?.run.pullRequest ?? null;
  if (pullRequest === null) return null;
  const open = sources.filter((source) => source.failure.status === 'open').slice(0, OPEN_SHOWN);
  const over = around.filter(({ status }) => status === 'resolved').slice(0, OVER_SHOWN);
  return commentAnswer({ repository, pullRequest }, { open, over });
}

/** Null where it stands on GitHub, or somebody deleted it there. */
async function put(
  { githubAnswers, githubAnswerer, lease, signal, log }: Context,
  workspaceId: WorkspaceId,
  answer: GitHubAnswer,
): Promise<{ kind: 'not-permitted' | 'refused' | 'taken' } | null> {
  const place: AnswerPlace = placeOf(answer);
  const { id: known, state } = await githubAnswers.reserve(workspaceId, lease, place);
  if (state === 'taken') {
    log.info({ workspaceId, ...place }, 'Failure not answered on GitHub: another workspace does');
    return { kind: 'taken' };
  }
  // It may say something older than what we are to say.
  if (state === 'busy') throw new PostInProgressError('The answer on GitHub is being made', { retryAfterMs: 3_000 });
  // An earlier try, or another workspace that answered there before, may have made it: there are never two.
  const id = known ?? (await githubAnswerer.find(workspaceId, answer, signal));
  const outcome = await githubAnswerer.put(workspaceId, { answer, id }, signal);
  const fields = { workspaceId, ...place, outcome: outcome.kind };
  if (outcome.kind === 'posted') {
    if (outcome.id !== known) await githubAnswers.setId(workspaceId, lease, { ...place, id: outcome.id });
    log.info(fields, 'Failure answered on GitHub');
    return null;
  }
  await githubAnswers.release(workspaceId, lease, place);
  log.warn(fields, 'Failure not answered on GitHub');
  return outcome.kind === 'gone' ? null : { kind: outcome.kind };
}

/** The admins who wanted it are told what is missing, once a day, or that somebody else was first, once a month. */
function planRefused(
  { clock }: Context,
  workspaceId: WorkspaceId,
  { kind, answer: { form, repository } }: { kind: 'not-permitted' | 'refused' | 'taken'; answer: GitHubAnswer },
): NewJob[] {
  if (kind === 'refused') return [];
  const today = clock.now().toISOString();
  const day = today.slice(0, 'YYYY-MM-DD'.length);
  const month = today.slice(0, 'YYYY-MM'.length);
  const notice: AdminNotice =
    kind === 'taken'
      ? { kind: 'answers-taken', repository, month }
      : { kind: 'answers-not-permitted', repository, form, day };
  const dedupeKey = `notify:${workspaceId}:${noticeName(notice)}`;
  return [{ kind: 'notify-admins', payload: { workspaceId, notice }, dedupeKey }];
}

/** Has a failure answered on GitHub; `occasion` names what is new about it. */
export function planAnswer(
  workspaceId: WorkspaceId,
  { id: failureId }: Pick<Failure, 'id'>,
  { form, occasion }: { form: AnswerForm | null; occasion: string },
): NewJob[] {
  if (form === null) return [];
  const dedupeKey = `answer-on-github:${failureId}:${occasion}`;
  return [{ kind: 'answer-on-github', payload: { workspaceId, failureId }, dedupeKey }];
}
