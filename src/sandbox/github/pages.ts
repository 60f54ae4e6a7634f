import { Router, type Response } from 'express';
import { idIn, wordIn, notFound } from './answers.ts';
import { textOf, timeOf } from './log-text.ts';
import {
  type Attempt,
  type FileChange,
  type Job,
  type Repository,
  type Run,
  type Step,
  latestAttempt,
} from './state.ts';
import type { World } from './world.ts';

/** Read-only web pages behind the `html_url`s: repository, run, job with numbered log lines, commit, pull request. */
export function webPages(world: World): Router {
  const router = Router();
  const repositoryIn = (request: Parameters<typeof idIn>[0]): Repository => {
    const found = world.repository(`${wordIn(request, 'owner')}/${wordIn(request, 'name')}`);
    if (!found) throw notFound();
    return found;
  };
  const runIn = (request: Parameters<typeof idIn>[0]): Run => {
    const run = world.runs.get(idIn(request, 'id'));
    if (!run || run.repository !== repositoryIn(request)) throw notFound();
    return run;
  };
  router.get(['/:owner/:name', '/:owner/:name/actions', '/:owner/:name/tree/*branch'], (request, response) => {
    const repository = repositoryIn(request);
    page(response, repository, { title: 'Workflow runs', body: runList(world.runsOf(repository)) });
  });
  router.get(
    ['/:owner/:name/actions/runs/:id', '/:owner/:name/actions/runs/:id/attempts/:number'],
    (request, response) => {
      const run = runIn(request);
      const attempt =
        request.params['number'] === undefined ? latestAttempt(run) : run.attempts[idIn(request, 'number') - 1];
      if (!attempt) throw notFound();
      page(response, run.repository, {
        title: `${run.workflow.name} #${run.number}: ${run.title}`,
        body: runBody(run, attempt),
      });
    },
  );
  router.get('/:owner/:name/actions/runs/:id/job/:job', (request, response) => {
    const run = runIn(request);
    const id = idIn(request, 'job');
    const job = run.attempts.flatMap(({ jobs }) => jobs).find((one) => one.id === id);
    if (!job) throw notFound();
    page(response, run.repository, { title: `${run.workflow.name} / ${job.name}`, body: jobBody(run, job) });
  });
  router.get('/:owner/:name/commit/:sha', (request, response) => {
    const repository = repositoryIn(request);
    const sha = wordIn(request, 'sha');
    const commit = [...repository.commits.values()].find((one) => one.sha.startsWith(sha));
    if (!commit) throw notFound();
    const [title = '', ...rest] = commit.message.split('\n');
    const told = html`<p>${commit.author.login} committed ${commit.sha.slice(0, 7)}</p>
      <pre>${rest.join('\n').trim()}</pre>`;
    const body = told + commit.files.map(changeBody).join('');
    const runs = runList(world.runsOf(repository).filter((run) => run.commit === commit));
    page(response, repository, { title, body: body + runs });
  });
  router.get('/:owner/:name/pull/:number', (request, response) => {
    const repository = repositoryIn(request);
    const pull = repository.pullRequests.get(idIn(request, 'number'));
    if (!pull) throw notFound();
    const body = html`<p>${pull.author.login} wants to merge ${pull.branch} into ${repository.defaultBranch}</p>`;
    const runs = runList(world.runsOf(repository).filter((run) => run.pullRequest?.number === pull.number));
    const changes = pull.files.map(changeBody).join('');
    page(response, repository, { title: `${pull.title} #${pull.number}`, body: body + changes + runs });
  });
  router.get('/:owner/:name/issues/:number', (request, response) => {
    const repository = repositoryIn(request);
    const issue = repository.issues.get(idIn(request, 'number'));
    if (!issue) throw notFound();
    const body = html`<p>${issue.author.login} · ${issue.labels.join(', ')}</p>
      <pre>${issue.body ?? ''}</pre>`;
    page(response, repository, { title: `${issue.title} #${issue.number}`, body });
  });
  return router;
}

const MARKS: Record<string, string> = { success: '✓', failure: '✗', timed_out: '✗', cancelled: '⊘', skipped: '⊘' };

const markOf = (status: string, conclusion: string): string =>
  status === 'completed' ? html`<b class="${conclusion}">${MARKS[conclusion] ?? '•'}</b>` : '<b class="running">●</b>';

const runPath = (run: Run): string => `/${run.repository.fullName}/actions/runs/${run.id}`;

function runList(runs: readonly Run[]): string {
  const rows = runs.map((run) => {
    const { status, conclusion, number } = latestAttempt(run);
    const title = html`<a href="${runPath(run)}">${run.title}</a>`;
    const about = html`${run.workflow.name} #${run.number} · ${run.branch} · ${run.commit.sha.slice(0, 7)} · attempt
    ${number}`;
    return `<li>${markOf(status, conclusion)} ${title}<small>${about}</small></li>`;
  });
  return rows.length > 0 ? `<ul>${rows.join('')}</ul>` : '<p>No runs yet.</p>';
}

function runBody(run: Run, attempt: Attempt): string {
  const jobs = attempt.jobs.map((job) => {
    const link = html`<a href="${runPath(run)}/job/${job.id}">${job.name}</a>`;
    return `<li>${markOf(job.status, job.conclusion)} ${link}</li>`;
  });
  const others = run.attempts.map(
    ({ number }) => html`<a href="${runPath(run)}/attempts/${number}">attempt ${number}</a> `,
  );
  const about = html`<p>
    ${run.actor.login} · ${run.event} · ${run.branch} · ${run.commit.sha.slice(0, 7)} · attempt ${attempt.number}
  </p>`;
  return `${about}<p>${others.join('')}</p><ul>${jobs.join('')}</ul>`;
}

function changeBody({ path, patch = 'No difference is shown for this file.' }: FileChange): string {
  return html`<h3>${path}</h3>
    <pre>${patch}</pre>`;
}

function jobBody(run: Run, job: Job): string {
  const back = html`<p><a href="${runPath(run)}">${run.title}</a></p>`;
  if (job.status !== 'completed') return `${back}<p>This job has not finished.</p>`;
  return back + job.steps.map((step) => stepBody(step, job.log)).join('');
}

/** One step, folded unless it failed; its lines count from 1 and can be linked as `#step:NUMBER:LINE`. */
function stepBody({ number, name, conclusion, from, to }: Step, log: readonly string[]): string {
  const lines = log.slice(from, to).map((line, index) => {
    const id = `step:${number}:${index + 1}`;
    const text = plain(textOf(line));
    const kind = text.startsWith('##[error]') ? 'error' : '';
    const time = timeOf(line)?.toISOString() ?? '';
    return html`<li id="${id}" class="${kind}" title="${time}">
      <a href="#${id}">${index + 1}</a><span>${text}</span>
    </li>`;
  });
  const open = conclusion === 'failure' || conclusion === 'timed_out' ? ' open' : '';
  const title = html`${name}`;
  return `<details${open}><summary>${markOf('completed', conclusion)} ${title}</summary><ol>${lines.join('')}</ol></details>`;
}

/** Colours and other terminal codes are left out. */
// oxlint-disable-next-line no-control-regex -- the escape character is what introduces a terminal code
const plain = (text: string): string => text.replaceAll(/\u001B\[[\d;]*[A-Za-z]/gu, '');

/** Escapes every value put into the template. */
function html(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  const escaped = values.map((value) =>
    String(value).replaceAll(/[&<>"]/gu, (character) => `&#${String(character.codePointAt(0))};`),
  );
  return String.raw({ raw: parts.raw }, ...escaped);
}

function page(response: Response, repository: Repository, { title, body }: { title: string; body: string }): void {
  const head = html`<title>${title}</title>`;
  const name = html`<a href="/${repository.fullName}">${repository.fullName}</a>`;
  const heading = html`<h1>${title}</h1>`;
  response
    .type('html')
    .send(
      `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">${head}` +
        `<style>${STYLE}</style><header>Local GitHub (sandbox) · ${name}</header><main>${heading}${body}</main></html>`,
    );
}

const STYLE = `
body{margin:0;font:14px/1.5 system-ui,sans-serif;color:#1f2328;background:#fff}
header{background:#24292f;color:#d0d7de;padding:10px 24px}header a{color:#fff;font-weight:600}
main{max-width:1080px;margin:0 auto;padding:12px 24px}h1{font-size:20px}a{color:#0969da;text-decoration:none}
ul{list-style:none;padding:0;border:1px solid #d0d7de;border-radius:6px}ul li{padding:8px 12px;border-top:1px solid #d8dee4}
ul li:first-child{border:0}small{display:block;color:#59636e}b.success{color:#1a7f37}b.failure,b.timed_out{color:#cf222e}
pre{overflow:auto}b.running{color:#9a6700}b.skipped,b.cancelled{color:#59636e}
details{background:#0d1117;color:#e6edf3;border-bottom:1px solid #30363d}summary{padding:8px 12px;cursor:pointer}
ol{list-style:none;margin:0;padding:0 0 8px;font:12px/1.6 ui-monospace,monospace}
ol li{display:flex;scroll-margin-top:30vh}ol li:target{background:#3b2e04}ol li.error{background:#3c1518}
ol a{flex:none;width:56px;text-align:right;margin-right:14px;color:#6e7681}ol span{white-space:pre-wrap;word-break:break-all}
`;
