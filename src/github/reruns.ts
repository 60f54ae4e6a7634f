import { z } from 'zod';
import type { RerunAnswer, Rerunner } from '../domain/ports.ts';
import { GitHubForbiddenError, GitHubNotFoundError } from '../errors.ts';
import type { GitHubClient } from './client.ts';
import { callGitHub } from './errors.ts';

/** Running failed jobs again, through GitHub's API: docs.github.com, REST "workflow runs". */
export function createRerunner(client: GitHubClient): Rerunner {
  return {
    async rerunFailedJobs(workspaceId, { repository, runId }, { debug, signal }) {
      try {
        const { octokit, owner, repo } = await client.open(workspaceId, repository, signal);
        await callGitHub(signal, () =>
          octokit.rest.actions.reRunWorkflowFailedJobs({
            owner,
            repo,
            run_id: runId,
            enable_debug_logging: debug,
            request: { signal },
          }),
        );
        return 'started';
      } catch (error) {
        if (error instanceof GitHubNotFoundError) return 'not-found';
        if (error instanceof GitHubForbiddenError) return judge(error.cause);
        const { success, data } = Refusal.safeParse(error);
        if (success && REFUSED.has(data.status)) return judge(error);
        throw error;
      }
    },
  };
}

const Refusal = z.object({ status: z.number(), message: z.string() });

/** GitHub says 403 for each of these, sometimes 409 or 422; only its words tell them apart. */
const REFUSED: ReadonlySet<number> = new Set([409, 422]);

function judge(error: unknown): RerunAnswer {
  const message = Refusal.safeParse(error).data?.message ?? '';
  if (/not accessible by integration|must have|permission/iu.test(message)) return 'not-permitted';
  if (/already running|in progress/iu.test(message)) return 'already-running';
  if (/retried \d+ times|maximum/iu.test(message)) return 'too-often';
  return /cannot be (?:rerun|retried|re-run)|unable to/iu.test(message) ? 'refused' : 'not-permitted';
}
