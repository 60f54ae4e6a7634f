import { z } from 'zod';
import { type AnswerOutcome, type GitHubAnswer, LOOK_AGAIN } from '../domain/github-answers.ts';
import type { GitHubAnswerer } from '../domain/ports.ts';
import { GitHubForbiddenError, GitHubNotFoundError } from '../errors.ts';
import type { GitHubClient, RepositoryAccess } from './client.ts';
import { callGitHub, isRejected, readAnswer } from './errors.ts';

type Check = Extract<GitHubAnswer, { form: 'check' }>;
type Comment = Extract<GitHubAnswer, { form: 'comment' }>;

const Posted = z.object({ id: z.number().int().positive() });
const Checks = z.array(Posted.extend({ external_id: z.string().nullish() }));
const Comments = z.array(
  Posted.extend({ body: z.string().nullish(), performed_via_github_app: z.object({ id: z.number() }).nullish() }),
);

/** A comment that is looked for is among these; busier pull requests are rare, and ours comes with the first failure. */
const PAGES = 5;
const PER_PAGE = 100;

/** Check runs and comments, through GitHub's API: docs.github.com, REST "check runs" and "issue comments". */
export function createGitHubAnswerer(client: GitHubClient): GitHubAnswerer {
  return {
    async find(workspaceId, answer, signal) {
      const access = await client.open(workspaceId, answer.repository, signal);
      return answer.form === 'check'
        ? await findCheck(access, answer, signal)
        : await findComment(access, answer, signal);
    },
    async put(workspaceId, { answer, id }, signal) {
      try {
        const access = await client.open(workspaceId, answer.repository, signal);
        const post = answer.form === 'check' ? putCheck : putComment;
        const data = await callGitHub(signal, () => post(access, { answer, id, signal }));
        return { kind: 'posted', id: readAnswer(Posted, data).id };
      } catch (error) {
        const refusal = judge(error);
        if (refusal === null) throw error;
        return refusal;
      }
    },
  };
}

async function putCheck(
  { octokit, owner, repo }: RepositoryAccess,
  { answer, id, signal }: { answer: GitHubAnswer; id: number | null; signal: AbortSignal },
): Promise<unknown> {
  if (answer.form !== 'check') throw new Error('No check run');
  const { name, conclusion } = answer;
  const common = { owner, repo, name, status: 'completed' as const, conclusion, actions: actionsOf(answer) };
  const { title, summary } = answer;
  if (id !== null) {
    // Annotations that an update names are added to those that are there.
    const output = { title, summary };
    return (await octokit.rest.checks.update({ ...common, check_run_id: id, output, request: { signal } })).data;
  }
  const annotations = answer.annotations.map(({ path, line, message }) => {
    return { path, start_line: line, end_line: line, annotation_level: 'failure' as const, message };
  });
  const place = { head_sha: answer.sha, external_id: answer.failureId };
  const output = { title, summary, annotations };
  return (await octokit.rest.checks.create({ ...common, ...place, output, request: { signal } })).data;
}

function actionsOf({ isOpen }: Check) {
  if (!isOpen) return [];
  return [{ label: 'Re-analyze', description: 'Have this failure analyzed once more', identifier: LOOK_AGAIN }];
}

async function putComment(
  { octokit, owner, repo }: RepositoryAccess,
  { answer, id, signal }: { answer: GitHubAnswer; id: number | null; signal: AbortSignal },
): Promise<unknown> {
  if (answer.form !== 'comment') throw new Error('No comment');
  const { body, pullRequest } = answer;
  const common = { owner, repo, body, request: { signal } };
  return id === null
    ? (await octokit.rest.issues.createComment({ ...common, issue_number: pullRequest })).data
    : (await octokit.rest.issues.updateComment({ ...common, comment_id: id })).data;
}

async function findCheck(
  { octokit, owner, repo, server }: RepositoryAccess,
  answer: Check,
  signal: AbortSignal,
): Promise<number | null> {
  const which = { owner, repo, ref: answer.sha, app_id: server.app.appId, per_page: PER_PAGE, request: { signal } };
  const { data } = await callGitHub(signal, () => octokit.rest.checks.listForRef(which));
  const found = readAnswer(Checks, data.check_runs);
  return found.find(({ external_id: mark }) => mark === answer.failureId)?.id ?? null;
}

/** Anybody can write our mark into a comment: only one that we wrote is ours. */
async function findComment(
  { octokit, owner, repo, server }: RepositoryAccess,
  { pullRequest, mark }: Comment,
  signal: AbortSignal,
): Promise<number | null> {
  for (let page = 1; page <= PAGES; page += 1) {
    const which = { owner, repo, issue_number: pullRequest, per_page: PER_PAGE, page, request: { signal } };
    const { data } = await callGitHub(signal, () => octokit.rest.issues.listComments(which));
    const comments = readAnswer(Comments, data);
    const own = comments.find(
      ({ body, performed_via_github_app: app }) => app?.id === server.app.appId && (body?.includes(mark) ?? false),
    );
    if (own !== undefined) return own.id;
    if (comments.length < PER_PAGE) return null;
  }
  return null;
}

/** Null for what may pass by itself. */
function judge(error: unknown): Exclude<AnswerOutcome, { kind: 'posted' }> | null {
  if (error instanceof GitHubForbiddenError) return { kind: 'not-permitted' };
  if (error instanceof GitHubNotFoundError) return { kind: 'gone' };
  return isRejected(error) ? { kind: 'refused' } : null;
}
