import { type Request, type Response, Router } from 'express';
import { ApiError, idIn, notFound, paginate, queryOf } from '../answers.ts';
import { jobLog, logArchive } from '../archive.ts';
import { workflowJobPayload } from '../payloads/workflow-job.ts';
import { workflowPayload, workflowRunPayload } from '../payloads/workflow-run.ts';
import { findJob } from '../play.ts';
import { type Attempt, type Run, latestAttempt } from '../state.ts';
import { type Api, type Need, repositoryIn } from './api.ts';

/** A run may be re-run 50 times: GitHub changelog of 10 April 2026. */
const MAX_ATTEMPTS = 51;

/** GitHub Actions: workflows, runs with their attempts, jobs, logs, re-runs. */
export function actionsRoutes(api: Api): Router {
  const router = Router();
  const { bases } = api.scene;
  const base = '/repos/:owner/:name/actions';
  const at = (request: Request) => attemptIn(api, request);
  router.get(`${base}/workflows`, (request, response) => {
    const repository = repositoryIn(api, request);
    const workflows = repository.workflows.map((workflow) => workflowPayload(repository, workflow, bases));
    response.json({ total_count: workflows.length, workflows });
  });
  router.get(`${base}/runs`, (request, response) => listRuns(api, request, response));
  router.get(`${base}/workflows/:workflow/runs`, (request, response) => listRuns(api, request, response));
  router.get([`${base}/runs/:id`, `${base}/runs/:id/attempts/:number`], (request, response) => {
    const { run, attempt } = at(request);
    response.json(workflowRunPayload({ run, attempt, view: viewOf(attempt) }, bases));
  });
  router.get([`${base}/runs/:id/jobs`, `${base}/runs/:id/attempts/:number/jobs`], (request, response) => {
    const { run, attempt } = at(request);
    const attempts = queryOf(request, 'filter') === 'all' ? run.attempts : [attempt];
    const items = attempts.flatMap((of) => of.jobs.map((job) => ({ attempt: of, job })));
    const page = paginate(request, response, { items, origin: bases.web });
    const jobs = page.map(({ attempt: of, job }) =>
      workflowJobPayload({ run, attempt: of, job, status: job.status }, bases),
    );
    response.json({ total_count: items.length, jobs });
  });
  environmentRoutes(api, router);
  annotationRoutes(api, router);
  router.get(`${base}/jobs/:id`, (request, response) => {
    const found = findJob(api.scene.world, repositoryIn(api, request), idIn(request, 'id'));
    if (!found) throw notFound();
    response.json(workflowJobPayload({ ...found, status: found.job.status }, bases));
  });
  logRoutes(api, router, base);
  for (const [path, failedOnly] of [
    ['rerun', false],
    ['rerun-failed-jobs', true],
  ] as const)
    router.post(`${base}/runs/:id/${path}`, (request, response) => {
      const { run, attempt } = attemptIn(api, request, 'actions:write');
      if (attempt.status !== 'completed')
        throw new ApiError(403, 'This workflow run cannot be rerun because it is already running');
      if (run.attempts.length >= MAX_ATTEMPTS)
        throw new ApiError(403, 'Unable to retry this workflow run because it was retried 50 times');
      api.track(api.rerun(run, { failedOnly }));
      response.status(201).json({});
    });
  return router;
}

/** docs.github.com, REST "deployment environments": whoever may read Actions may list them. */
function environmentRoutes(api: Api, router: Router): void {
  router.get('/repos/:owner/:name/environments', (request, response) => {
    const { environments: items } = repositoryIn(api, request);
    const page = paginate(request, response, { items, origin: api.scene.bases.web });
    const environments = page.map(({ name, rules = [] }, index) => ({
      id: index + 1,
      name,
      protection_rules: rules.map((type, at) => ({ id: at + 1, node_id: `GA_${at + 1}`, type })),
      deployment_branch_policy: rules.includes('branch_policy')
        ? { protected_branches: true, custom_branch_policies: false }
        : null,
    }));
    response.json({ total_count: items.length, environments });
  });
}

/** docs.github.com, REST "check runs": a job is a check run of GitHub's own. */
function annotationRoutes(api: Api, router: Router): void {
  router.get('/repos/:owner/:name/check-runs/:id/annotations', (request, response) => {
    const repository = repositoryIn(api, request, 'checks:read');
    const found = findJob(api.scene.world, repository, idIn(request, 'id'));
    if (!found) throw notFound();
    const { run, job } = found;
    const page = paginate(request, response, { items: job.annotations, origin: api.scene.bases.web });
    response.json(
      page.map(({ path, line, level, message }) => ({
        path,
        blob_href: `${api.scene.bases.web}/${repository.fullName}/blob/${run.commit.sha}/${path}`,
        start_line: line,
        start_column: null,
        end_line: line,
        end_column: null,
        annotation_level: level,
        title: '',
        message,
        raw_details: '',
      })),
    );
  });
}

function logRoutes(api: Api, router: Router, base: string): void {
  router.get(`${base}/jobs/:id/logs`, (request, response) => {
    const found = findJob(api.scene.world, repositoryIn(api, request), idIn(request, 'id'));
    if (!found || found.job.status !== 'completed' || found.job.logState === 'missing') throw notFound();
    const { job } = found;
    if (job.logState === 'expired') throw new ApiError(410, 'Server Error');
    redirect(
      response,
      api.logHost.link(`job-${job.id}.txt`, 'text/plain; charset=utf-8', async () => jobLog(job)),
    );
  });
  router.get([`${base}/runs/:id/logs`, `${base}/runs/:id/attempts/:number/logs`], (request, response) => {
    const { run, attempt } = attemptIn(api, request);
    if (attempt.status !== 'completed') throw notFound();
    if (attempt.jobs.every(({ logState }) => logState === 'expired')) throw new ApiError(410, 'Server Error');
    redirect(
      response,
      api.logHost.link(`logs_${run.id}.zip`, 'application/zip', () => logArchive(attempt)),
    );
  });
}

function redirect(response: Response, location: string): void {
  response.status(302).setHeader('location', location).end();
}

/** The run and attempt of the path; without an attempt number, the latest. */
function attemptIn(api: Api, request: Request, needs: Need = 'actions:read'): { run: Run; attempt: Attempt } {
  const repository = repositoryIn(api, request, needs);
  const run = api.scene.world.runs.get(idIn(request, 'id'));
  if (!run || run.repository !== repository) throw notFound();
  if (request.params['number'] === undefined) return { run, attempt: latestAttempt(run) };
  const attempt = run.attempts[idIn(request, 'number') - 1];
  if (!attempt) throw notFound();
  return { run, attempt };
}

/** What the API says of an attempt now; a run of the past keeps its last change. */
const viewOf = (attempt: Attempt) => ({
  status: attempt.status,
  updatedAt: attempt.status === 'completed' ? attempt.completedAt : attempt.startedAt,
});

function listRuns(api: Api, request: Request, response: Response): void {
  const { bases, world } = api.scene;
  const items = world.runsOf(repositoryIn(api, request)).filter(wantedRuns(request));
  const page = paginate(request, response, { items, origin: bases.web });
  const runs = page.map((run) => {
    const attempt = latestAttempt(run);
    return workflowRunPayload({ run, attempt, view: viewOf(attempt) }, bases);
  });
  response.json({ total_count: items.length, workflow_runs: runs });
}

/** GitHub's filters of a run list. `status` takes a status or a conclusion; `workflow` an id or a file name. */
function wantedRuns(request: Request): (run: Run) => boolean {
  const [branch, event, status, sha, actor] = ['branch', 'event', 'status', 'head_sha', 'actor'].map((name) =>
    queryOf(request, name),
  );
  const workflow = request.params['workflow'];
  return (run) => {
    const attempt = latestAttempt(run);
    const state = attempt.status === 'completed' ? ['completed', attempt.conclusion] : [attempt.status];
    return (
      (branch === undefined || run.branch === branch) &&
      (event === undefined || run.event === event) &&
      (status === undefined || state.includes(status)) &&
      (sha === undefined || run.commit.sha === sha) &&
      (actor === undefined || run.actor.login === actor) &&
      (workflow === undefined ||
        String(run.workflow.id) === workflow ||
        run.workflow.path.endsWith(`/${String(workflow)}`))
    );
  };
}
