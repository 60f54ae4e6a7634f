import { type Request, Router } from 'express';
import { ApiError, idIn, notFound, paginate, wordIn } from '../answers.ts';
import { changedFilePayload } from '../payloads/changed-file.ts';
import { pullRequestPayload } from '../payloads/pull-request.ts';
import { restCommitPayload } from '../payloads/push.ts';
import { repositoryPayload } from '../payloads/repository.ts';
import type { PullRequest, Repository } from '../state.ts';
import { type Api, repositoryIn } from './api.ts';

/** Repositories, commits and pull requests, with an installation token. */
export function repositoryRoutes(api: Api): Router {
  const { world, bases } = api.scene;
  const router = Router();
  router.get('/installation/repositories', (request, response) => {
    const token = api.auth.requireInstallation(request);
    const all = world.repositories(token.installation.id);
    const items = all.filter(({ id }) => token.repositoryIds?.includes(id) ?? true);
    const page = paginate(request, response, { items, origin: bases.web });
    const repositories = page.map((repository) => repositoryPayload(repository, bases));
    response.json({ total_count: items.length, repository_selection: 'selected', repositories });
  });
  router.get('/repos/:owner/:name', (request, response) => {
    response.json(repositoryPayload(repositoryIn(api, request, 'metadata:read'), bases));
  });
  router.get('/repos/:owner/:name/commits/:ref', (request, response) => {
    const repository = repositoryIn(api, request, 'contents:read');
    const ref = wordIn(request, 'ref');
    const commits = [...repository.commits.values()];
    const newest = commits.at(-1);
    const commit = ref === repository.defaultBranch ? newest : commits.find(({ sha }) => sha.startsWith(ref));
    if (!commit) throw new ApiError(422, `No commit found for SHA: ${ref}`);
    const files = paginate(request, response, { items: commit.files, origin: bases.web });
    response.json(restCommitPayload(repository, { commit, files }, bases));
  });
  router.get('/repos/:owner/:name/compare/:basehead', (request, response) => {
    const repository = repositoryIn(api, request, 'contents:read');
    const [base = '', head = ''] = wordIn(request, 'basehead').split('...');
    const shas = [...repository.commits.keys()];
    const [from, to] = [shas.indexOf(base), shas.indexOf(head)];
    if (from < 0 || to < 0) throw notFound();
    const between = [...repository.commits.values()].slice(from + 1, to + 1);
    const items = paginate(request, response, { items: between, origin: bases.web });
    const commits = items.map((commit) => restCommitPayload(repository, { commit, files: [] }, bases));
    const counts = { ahead_by: between.length, behind_by: 0, total_commits: between.length };
    response.json({ status: 'ahead', ...counts, commits, files: [] });
  });
  pullRequestRoutes(api, router);
  return router;
}

function pullRequestRoutes(api: Api, router: Router): void {
  const { bases } = api.scene;
  const repositoryOf = (request: Request): Repository => repositoryIn(api, request, 'pull_requests:read');
  const pullIn = (repository: Repository, request: Request): PullRequest => {
    const pull = repository.pullRequests.get(idIn(request, 'number'));
    if (!pull) throw notFound();
    return pull;
  };
  router.get('/repos/:owner/:name/commits/:ref/pulls', (request, response) => {
    const repository = repositoryOf(request);
    const pulls = [...repository.pullRequests.values()].filter(({ sha }) => sha === wordIn(request, 'ref'));
    response.json(pulls.map((pull) => pullRequestPayload(repository, pull, bases)));
  });
  router.get('/repos/:owner/:name/pulls', (request, response) => {
    const repository = repositoryOf(request);
    const items = [...repository.pullRequests.values()].toReversed();
    const page = paginate(request, response, { items, origin: bases.web });
    response.json(page.map((pull) => pullRequestPayload(repository, pull, bases)));
  });
  router.get('/repos/:owner/:name/pulls/:number', (request, response) => {
    const repository = repositoryOf(request);
    response.json(pullRequestPayload(repository, pullIn(repository, request), bases));
  });
  router.get('/repos/:owner/:name/pulls/:number/files', (request, response) => {
    const repository = repositoryOf(request);
    const { files: items, sha } = pullIn(repository, request);
    const page = paginate(request, response, { items, origin: bases.web });
    response.json(page.map((file) => changedFilePayload(repository, sha, file, bases)));
  });
}
