import { json, Router } from 'express';
import { z } from 'zod';
import { ApiError, paginate } from '../answers.ts';
import { issuePayload } from '../payloads/issue.ts';
import type { Repository } from '../state.ts';
import { type Api, repositoryIn } from './api.ts';

/** docs.github.com, REST "issues": the title is all that has to be there. */
const NewIssue = z.object({
  title: z.string().trim().min(1).max(256),
  body: z.string().max(65_536).nullish(),
  labels: z.array(z.string().min(1).max(50)).max(100).default([]),
});

/** Issues: listing and creating. */
export function issueRoutes(api: Api): Router {
  const { world, bases, app } = api.scene;
  const router = Router();
  const path = '/repos/:owner/:name/issues';
  router.get(path, (request, response) => {
    const repository = withIssues(repositoryIn(api, request, 'issues:read'));
    const items = [...repository.issues.values()].toReversed();
    const page = paginate(request, response, { items, origin: bases.web });
    response.json(page.map((issue) => issuePayload(repository, issue, bases)));
  });
  router.post(path, json(), (request, response) => {
    const repository = withIssues(repositoryIn(api, request, 'issues:write'));
    const wanted = NewIssue.safeParse(request.body);
    if (!wanted.success) throw new ApiError(422, 'Validation Failed');
    const { title, body, labels } = wanted.data;
    const author = world.account(`${app.slug}[bot]`, 'Bot');
    const issue = world.addIssue(repository, { title, body: body ?? null, labels, author, createdAt: new Date() });
    response.status(201).json(issuePayload(repository, issue, bases));
  });
  return router;
}

/** GitHub says that they are gone where somebody turned them off. */
function withIssues(repository: Repository): Repository {
  if (!repository.hasIssues) throw new ApiError(410, 'Issues has been disabled in this repository.');
  return repository;
}
