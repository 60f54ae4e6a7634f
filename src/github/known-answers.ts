import type { Octokit } from '@octokit/rest';
import { z } from 'zod';

/**
 * What is asked again and again, and seldom changes: an answer that is still true costs nothing of GitHub's budget. Lists of runs, files and
 * logs are not among them: they differ each time, are larger than they are worth, or are read as a stream. Those who look for missed runs keep a mark of their own.
 */
const ROUTES: ReadonlySet<string> = new Set([
  '/app',
  '/app/installations/{installation_id}',
  '/repos/{owner}/{repo}',
  '/repos/{owner}/{repo}/installation',
  '/repos/{owner}/{repo}/environments',
  '/repos/{owner}/{repo}/pulls/{pull_number}',
  '/orgs/{org}/teams/{team_slug}/repos',
]);
/** For one installation: some megabytes at most. */
const MOST_ANSWERS = 200;
const MOST_CHARACTERS = 32 * 1024;

const NotModified = z.object({ status: z.literal(304) });

type Answer = Awaited<ReturnType<Octokit['request']>>;

/** Remembers GitHub's marks (ETags) with the answers, and asks only whether those are still true. Each client has its own. */
export function rememberAnswers(octokit: Octokit): void {
  const known = new Map<string, { mark: string; answer: Answer }>();

  function keep(key: string, answer: Answer): void {
    const mark = answer.headers.etag;
    known.delete(key);
    if (mark === undefined || JSON.stringify(answer.data).length > MOST_CHARACTERS) return;
    known.set(key, { mark, answer });
    const [oldest] = known.keys();
    if (known.size > MOST_ANSWERS && oldest !== undefined) known.delete(oldest);
  }

  octokit.hook.wrap('request', async (request, options) => {
    if (options.method !== 'GET' || !ROUTES.has(options.url) || 'if-none-match' in options.headers)
      return await request(options);
    const key = `${octokit.request.endpoint.parse(options).url} ${options.headers.accept ?? ''}`;
    const before = known.get(key);
    // In place: a hook's own options are what the request is made of, whatever is handed on.
    if (before !== undefined) options.headers['if-none-match'] = before.mark;
    try {
      const answer = await request(options);
      keep(key, answer);
      return answer;
    } catch (error) {
      if (before === undefined || !NotModified.safeParse(error).success) throw error;
      known.delete(key);
      known.set(key, before);
      return before.answer;
    }
  });
}
