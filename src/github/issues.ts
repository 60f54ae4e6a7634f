import { z } from 'zod';
import type { FileIssueAnswer, IssueTracker } from '../domain/ports.ts';
import { GitHubForbiddenError, GitHubNotFoundError } from '../errors.ts';
import type { GitHubClient } from './client.ts';
import { callGitHub } from './errors.ts';

/** docs.github.com, REST "issues". A pull request is listed as an issue, too. */
const IssueAnswer = z.object({
  number: z.number().int().positive(),
  html_url: z.url(),
  body: z.string().nullish(),
});

/** An issue that is looked for was created minutes ago. */
const LOOK_BACK = 50;

/** Issues, through GitHub's API. */
export function createIssueTracker(client: GitHubClient): IssueTracker {
  return {
    async create(workspaceId, { repository, title, body, labels }, signal) {
      try {
        const { octokit, owner, repo } = await client.open(workspaceId, repository, signal);
        const { data } = await callGitHub(signal, () =>
          octokit.rest.issues.create({ owner, repo, title, body, labels: [...labels], request: { signal } }),
        );
        const { number, html_url: url } = IssueAnswer.parse(data);
        return { kind: 'created', number, url };
      } catch (error) {
        const refusal = judge(error);
        if (refusal === null) throw error;
        return { kind: refusal };
      }
    },
    async find(workspaceId, { repository, mark }, signal) {
      const { octokit, owner, repo } = await client.open(workspaceId, repository, signal);
      const { data } = await callGitHub(signal, () =>
        octokit.rest.issues.listForRepo({
          owner,
          repo,
          state: 'all',
          sort: 'created',
          direction: 'desc',
          per_page: LOOK_BACK,
          request: { signal },
        }),
      );
      const found = z.array(IssueAnswer).parse(data);
      const known = found.find(({ body }) => body?.includes(mark) ?? false);
      return known === undefined ? null : { number: known.number, url: known.html_url };
    },
  };
}

const Refusal = z.object({ status: z.number() });

/** Null for what may pass by itself. */
function judge(error: unknown): Exclude<FileIssueAnswer['kind'], 'created'> | null {
  if (error instanceof GitHubForbiddenError) return 'not-permitted';
  if (error instanceof GitHubNotFoundError) {
    return Refusal.safeParse(error.cause).data?.status === 410 ? 'issues-off' : 'not-found';
  }
  return Refusal.safeParse(error).data?.status === 422 ? 'refused' : null;
}
