import { json, type Request, Router } from 'express';
import { z } from 'zod';
import { ApiError, notFound, paginate, wordIn } from '../answers.ts';
import { checkPayload, commentPayload } from '../payloads/answer.ts';
import type { AppCheck, Repository } from '../state.ts';
import { type Api, repositoryIn } from './api.ts';

/** docs.github.com, REST "check runs". */
const Annotation = z.object({
  path: z.string().regex(/^(?!\/).+/u),
  start_line: z.number().int().positive(),
  end_line: z.number().int().positive(),
  annotation_level: z.enum(['notice', 'warning', 'failure']),
  message: z
    .string()
    .min(1)
    .max(64 * 1024),
});
const Output = z.object({
  title: z.string().min(1),
  summary: z.string().max(65_535),
  annotations: z.array(Annotation).max(50).default([]),
});
const Action = z.object({
  label: z.string().min(1).max(20),
  description: z.string().min(1).max(40),
  identifier: z.string().min(1).max(20),
});
const CheckChange = z.object({
  name: z.string().min(1),
  status: z.literal('completed'),
  conclusion: z.enum(['success', 'failure', 'neutral', 'cancelled', 'skipped', 'timed_out', 'action_required']),
  output: Output,
  actions: z.array(Action).max(3).default([]),
});
const NewCheck = CheckChange.extend({
  head_sha: z.string().regex(/^[\da-f]{40}$/u),
  external_id: z.string().default(''),
});
const Comment = z.object({ body: z.string().min(1).max(65_536) });

/** What an App says about commits and pull requests: check runs and comments. */
export function answerRoutes(api: Api): Router {
  const router = Router();
  addChecks(router, api);
  addComments(router, api);
  return router;
}

function addChecks(router: Router, api: Api): void {
  const { world, app } = api.scene;
  router.post('/repos/:owner/:name/check-runs', json(), (request, response) => {
    const repository = repositoryIn(api, request, 'checks:write');
    const { head_sha: sha, external_id: externalId, ...wanted } = read(NewCheck, request);
    if (!repository.commits.has(sha)) throw new ApiError(422, 'No commit found for SHA: ' + sha);
    const check: AppCheck = { ...toCheck(wanted), id: world.nextId('job'), sha, externalId, appId: app.id };
    repository.checks.push(check);
    response.status(201).json(checkPayload(api.scene, repository, check));
  });
  router.patch('/repos/:owner/:name/check-runs/:id', json(), (request, response) => {
    const repository = repositoryIn(api, request, 'checks:write');
    const check = repository.checks.find(({ id }) => id === Number(wordIn(request, 'id')));
    if (check === undefined) throw notFound();
    const { annotations, ...changed } = toCheck(read(CheckChange, request));
    // What an update names is added.
    Object.assign(check, changed, { annotations: [...check.annotations, ...annotations] });
    response.json(checkPayload(api.scene, repository, check));
  });
  router.get('/repos/:owner/:name/commits/:ref/check-runs', (request, response) => {
    const repository = repositoryIn(api, request, 'checks:read');
    const ref = wordIn(request, 'ref');
    const wanted = Number(request.query['app_id'] ?? app.id);
    const all = repository.checks.filter(({ sha, appId }) => sha === ref && appId === wanted);
    const items = paginate(request, response, { items: all, origin: api.scene.bases.web });
    const runs = items.map((check) => checkPayload(api.scene, repository, check));
    response.json({ total_count: all.length, check_runs: runs });
  });
}

function addComments(router: Router, api: Api): void {
  const { world, app, bases } = api.scene;
  const path = '/repos/:owner/:name/issues/:number/comments';
  router.get(path, (request, response) => {
    const repository = repositoryIn(api, request, 'pull_requests:read');
    const number = pullIn(repository, request);
    const all = repository.comments.filter((comment) => comment.number === number);
    const items = paginate(request, response, { items: all, origin: bases.web });
    response.json(items.map((comment) => commentPayload(api.scene, repository, comment)));
  });
  router.post(path, json(), (request, response) => {
    const repository = repositoryIn(api, request, 'pull_requests:write');
    const number = pullIn(repository, request);
    const { body } = read(Comment, request);
    const author = world.account(`${app.slug}[bot]`, 'Bot');
    const comment = { id: world.nextId('issue'), number, body, author, appId: app.id, createdAt: new Date() };
    repository.comments.push(comment);
    response.status(201).json(commentPayload(api.scene, repository, comment));
  });
  router.patch('/repos/:owner/:name/issues/comments/:id', json(), (request, response) => {
    const repository = repositoryIn(api, request, 'pull_requests:write');
    const comment = repository.comments.find(({ id }) => id === Number(wordIn(request, 'id')));
    if (comment === undefined) throw notFound();
    comment.body = read(Comment, request).body;
    response.json(commentPayload(api.scene, repository, comment));
  });
}

function pullIn(repository: Repository, request: Request): number {
  const number = Number(wordIn(request, 'number'));
  if (!repository.pullRequests.has(number)) throw notFound();
  return number;
}

function toCheck({ name, conclusion, output, actions }: z.infer<typeof CheckChange>) {
  const { title, summary, annotations } = output;
  const places = annotations.map(({ path, start_line: line, message }) => ({ path, line, message }));
  return {
    name,
    conclusion,
    title,
    summary,
    annotations: places,
    actions: actions.map(({ identifier }) => identifier),
  };
}

function read<Schema extends z.ZodType>(schema: Schema, request: Request): z.infer<Schema> {
  const parsed = schema.safeParse(request.body);
  if (!parsed.success) throw new ApiError(422, 'Invalid request. ' + parsed.error.issues[0]?.message);
  return parsed.data;
}
