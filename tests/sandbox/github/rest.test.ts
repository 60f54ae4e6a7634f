import { createPrivateKey } from 'node:crypto';
import { createAppAuth } from '@octokit/auth-app';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { fromBuffer, type Entry } from 'yauzl';
import { z } from 'zod';
import type { LocalGitHub } from '../../../src/sandbox/github/local-github.ts';
import type { FileChange } from '../../../src/sandbox/github/state.ts';
import { APP_ID, INSTALLATION_ID, aLocalGitHub, aRun, appClient, installationClient, repo } from './setting.ts';

let github: LocalGitHub;
beforeEach(async () => {
  github = await aLocalGitHub();
  github.addRepository('acme/checkout-api');
});
afterEach(() => github.close());

const newToken = () => {
  const auth = createAppAuth({ appId: APP_ID, privateKey: github.privateKey, request: appClient(github).request });
  return auth({ type: 'installation', installationId: INSTALLATION_ID });
};

/** Without the client, which tries again by itself when a fresh token is refused. */
const ask = (token: string) =>
  fetch(`${github.apiUrl}/repos/acme/checkout-api`, { headers: { authorization: `token ${token}` } });

const latestJob = async (runId: number) => {
  const { data } = await installationClient(github).actions.listJobsForWorkflowRun({ ...repo, run_id: runId });
  const [job] = data.jobs;
  if (!job) throw new Error('no job');
  return job;
};

describe('App authentication', () => {
  test('the App reads itself and its installations', async () => {
    const app = appClient(github);

    expect((await app.apps.getAuthenticated()).data).toMatchObject({ id: APP_ID, installations_count: 1 });
    expect((await app.apps.listInstallations()).data[0]).toMatchObject({
      id: INSTALLATION_ID,
      account: { login: 'acme' },
    });
    expect((await app.apps.getRepoInstallation(repo)).data.id).toBe(INSTALLATION_ID);
  });

  test('an installation token has the format of 2026: long, with dots', async () => {
    const { token, expiresAt } = await newToken();

    expect(token).toMatch(/^ghs_\d+_[\w.-]{480,560}$/u);
    expect(token.split('.')).toHaveLength(3);
    expect(new Date(expiresAt).getTime()).toBeGreaterThan(Date.now() + 55 * 60_000);
  });

  test.each([
    ['expires too late', { iss: APP_ID, exp: 3600 }],
    ['names another App', { iss: 1, exp: 300 }],
    ['has expired', { iss: APP_ID, exp: -60 }],
  ])('a JWT that %s is refused', async (_, { iss, exp }) => {
    const now = Math.floor(Date.now() / 1000);
    const token = jwt.sign({ iss: String(iss), iat: now - 120, exp: now + exp }, github.privateKey, {
      algorithm: 'RS256',
    });
    const answer = await fetch(`${github.apiUrl}/app`, { headers: { authorization: `Bearer ${token}` } });

    expect(answer.status).toBe(401);
  });

  test('a JWT that is signed with a secret instead of the key is refused', async () => {
    const der = createPrivateKey(github.privateKey).export({ type: 'pkcs8', format: 'der' });
    const token = jwt.sign({ iss: String(APP_ID), exp: Math.floor(Date.now() / 1000) + 60 }, der, {
      algorithm: 'HS256',
    });
    const answer = await fetch(`${github.apiUrl}/app`, { headers: { authorization: `Bearer ${token}` } });

    expect(answer.status).toBe(401);
  });

  test('an unknown, an expired and a revoked token are all bad credentials', async () => {
    const { token } = await newToken();
    expect((await ask(token)).status).toBe(200);
    github.expireTokens();
    expect((await ask(token)).status).toBe(401);
    const { token: next } = await newToken();
    github.revokeTokens();

    expect((await ask(next)).status).toBe(401);
    expect(await (await ask('nonsense')).json()).toMatchObject({ message: 'Bad credentials' });
  });

  test('the repository of another installation does not exist', async () => {
    github.addInstallation(77, 'other');
    github.addRepository('other/secret', { installationId: 77 });

    await expect(installationClient(github).repos.get({ owner: 'other', repo: 'secret' })).rejects.toMatchObject({
      status: 404,
    });
  });
});

describe('runs', () => {
  test('a list is paged with Link headers that the client follows', async () => {
    for (let index = 0; index < 7; index += 1) await github.play(aRun());
    const client = installationClient(github);

    const runs = await client.paginate(client.actions.listWorkflowRunsForRepo, { ...repo, per_page: 3 });

    expect(runs.map(({ run_number }) => run_number)).toEqual([7, 6, 5, 4, 3, 2, 1]);
  });

  test('a list can be narrowed by branch, status, event and commit', async () => {
    await github.play(aRun());
    await github.play(
      aRun({ branch: 'fix', sha: 'b2'.repeat(20), pullRequest: { number: 3, title: 'Fix it' }, jobs: [] }),
    );
    const client = installationClient(github);
    const numbers = async (filter: object): Promise<number[]> => {
      const { data } = await client.actions.listWorkflowRunsForRepo({ ...repo, ...filter });
      return data.workflow_runs.map(({ run_number }) => run_number);
    };

    expect(await numbers({ branch: 'fix' })).toEqual([2]);
    expect(await numbers({ status: 'failure' })).toEqual([1]);
    expect(await numbers({ event: 'pull_request' })).toEqual([2]);
    expect(await numbers({ head_sha: 'a1'.repeat(20) })).toEqual([1]);
    expect(await numbers({ branch: 'main', status: 'success' })).toEqual([]);
  });

  test('each attempt keeps its own result and jobs', async () => {
    const { runId } = await github.play(aRun());
    await github.rerun(runId, { jobs: [{ name: 'test', conclusion: 'success', log: 'fine' }] });
    const client = installationClient(github);
    const run = { ...repo, run_id: runId };

    expect((await client.actions.getWorkflowRun(run)).data).toMatchObject({ run_attempt: 2, conclusion: 'success' });
    const first = await client.actions.getWorkflowRunAttempt({ ...run, attempt_number: 1 });
    expect(first.data).toMatchObject({ run_attempt: 1, conclusion: 'failure' });
    const jobs = await client.actions.listJobsForWorkflowRunAttempt({ ...run, attempt_number: 1 });
    expect(jobs.data.jobs.map(({ conclusion }) => conclusion)).toEqual(['failure']);
    expect((await client.actions.listJobsForWorkflowRun({ ...run, filter: 'all' })).data.total_count).toBe(2);
  });

  test('steps carry the times of their log lines', async () => {
    const { runId } = await github.play(
      aRun({ jobs: [{ name: 'test', conclusion: 'failure', log: 'boom', steps: ['Check out', 'Test', 'Upload'] }] }),
    );

    const { steps } = await latestJob(runId);

    expect(steps?.map(({ name, conclusion }) => [name, conclusion])).toEqual([
      ['Set up job', 'success'],
      ['Check out', 'success'],
      ['Test', 'failure'],
      ['Upload', 'skipped'],
      ['Post Run actions/checkout@v5', 'success'],
      ['Complete job', 'success'],
    ]);
  });
});

describe('logs', () => {
  test('a job log comes through a redirect to a second host, stamped line by line', async () => {
    const { runId } = await github.play(aRun());
    const { data } = await installationClient(github).actions.downloadJobLogsForWorkflowRun({
      ...repo,
      job_id: (await latestJob(runId)).id,
    });
    const lines = String(data).trimEnd().split('\n');

    expect(lines.every((line) => /^\uFEFF?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z /u.test(line))).toBe(true);
    expect(lines.some((line) => line.endsWith(' Error: three'))).toBe(true);
  });

  test('a log link dies after a minute, and refuses a token', async () => {
    const { runId } = await github.play(aRun());
    const { id } = await latestJob(runId);
    const client = installationClient(github);
    const { headers } = await client.request('GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs', {
      ...repo,
      job_id: id,
      request: { redirect: 'manual' },
    });
    const link = String(headers.location);

    expect(new URL(link).host).toBe(github.logHost);
    expect((await fetch(link, { headers: { authorization: 'token x' } })).status).toBe(401);
    expect((await fetch(link)).status).toBe(200);
    github.expireLogLinks();
    expect((await fetch(link)).status).toBe(403);
  });

  test.each([
    ['missing', 404],
    ['expired', 410],
  ] as const)('a log that is %s answers %i', async (state, status) => {
    const { runId } = await github.play(aRun());
    const { id } = await latestJob(runId);
    github.setLog(id, state);

    await expect(
      installationClient(github).actions.downloadJobLogsForWorkflowRun({ ...repo, job_id: id }),
    ).rejects.toMatchObject({ status });
  });

  test('a run archive has a file per job and one per step', async () => {
    const { runId } = await github.play(aRun());
    const { data } = await installationClient(github).actions.downloadWorkflowRunLogs({ ...repo, run_id: runId });

    expect(await namesInZip(Buffer.from(z.instanceof(ArrayBuffer).parse(data)))).toEqual([
      '0_test.txt',
      'test/1_Set up job.txt',
      'test/2_Run actionscheckout@v5.txt',
      'test/3_Run npm test.txt',
      'test/5_Post Run actionscheckout@v5.txt',
      'test/6_Complete job.txt',
    ]);
  });
});

function namesInZip(zip: Buffer): Promise<string[]> {
  return new Promise((resolve, reject) => {
    fromBuffer(zip, (error, file) => {
      if (error) return reject(error);
      const names: string[] = [];
      file.on('entry', (entry: Entry) => names.push(entry.fileName));
      file.on('end', () => resolve(names));
    });
  });
}

describe('re-runs', () => {
  test('re-running failed jobs makes a new attempt in which the others keep their result', async () => {
    const jobs = [
      { name: 'build', conclusion: 'success', log: 'built' },
      { name: 'test', conclusion: 'failure', log: 'boom' },
    ] as const;
    const { runId } = await github.play(aRun({ jobs }));
    github.onRerun(() => ({ jobs: [{ name: 'test', conclusion: 'success', log: 'fine' }] }));
    const client = installationClient(github);

    const answer = await client.actions.reRunWorkflowFailedJobs({ ...repo, run_id: runId });
    await github.settled();

    expect(answer.status).toBe(201);
    const { data } = await client.actions.listJobsForWorkflowRun({ ...repo, run_id: runId });
    expect(data.jobs.map(({ name, conclusion, run_attempt }) => [name, conclusion, run_attempt])).toEqual([
      ['build', 'success', 2],
      ['test', 'success', 2],
    ]);
  });

  test('a run that is under way cannot be re-run', async () => {
    const { runId, finish } = await github.start(aRun());

    await expect(installationClient(github).actions.reRunWorkflow({ ...repo, run_id: runId })).rejects.toMatchObject({
      status: 403,
    });
    await finish();
  });

  test('without the permission to write there is no re-run', async () => {
    const { runId } = await github.play(aRun());
    const installation = github.world.installations.get(INSTALLATION_ID);
    if (installation) installation.permissions = { actions: 'read', metadata: 'read' };

    await expect(installationClient(github).actions.reRunWorkflow({ ...repo, run_id: runId })).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('Resource not accessible by integration'),
    });
  });
});

describe('what surrounds a run', () => {
  const files: FileChange[] = [
    { path: 'src/a.ts', patch: '@@ -1,2 +1,2 @@\n same\n-old\n+new' },
    { path: 'logo.png', status: 'added' },
    { path: 'b.ts', status: 'renamed', previousPath: 'a.ts', patch: '@@ -1 +1 @@\n-a\n+b' },
  ];

  test('is the commit with its whole message and its files', async () => {
    await github.play(aRun({ body: 'Why we do it.', files }));

    const { data } = await installationClient(github).repos.getCommit({ ...repo, ref: 'a1'.repeat(20) });

    expect(data.commit.message).toBe('Retry failed charges\n\nWhy we do it.');
    expect(data.stats).toEqual({ total: 4, additions: 2, deletions: 2 });
    expect(data.files).toMatchObject([
      { filename: 'src/a.ts', status: 'modified', additions: 1, deletions: 1, changes: 2, patch: files[0]?.patch },
      { filename: 'logo.png', status: 'added', changes: 0 },
      { filename: 'b.ts', status: 'renamed', previous_filename: 'a.ts' },
    ]);
    expect(data.files?.[1]).not.toHaveProperty('patch');
  });

  test('is the pull request with the files of all its commits, paged', async () => {
    const pullRequest = { number: 3, title: 'Fix it' };
    await github.play(aRun({ branch: 'fix', pullRequest, files }));
    await github.play(aRun({ branch: 'fix', sha: 'b2'.repeat(20), pullRequest, files: [{ path: 'c.ts' }] }));
    const client = installationClient(github);
    const which = { ...repo, pull_number: 3 };

    const all = await client.paginate(client.pulls.listFiles, { ...which, per_page: 3 });

    expect(all.map(({ filename }) => filename)).toEqual(['src/a.ts', 'logo.png', 'b.ts', 'c.ts']);
    expect((await client.pulls.get(which)).data).toMatchObject({ changed_files: 4, additions: 2, deletions: 2 });
    await expect(client.pulls.listFiles({ ...repo, pull_number: 4 })).rejects.toMatchObject({ status: 404 });
  });

  test('is a file of a branch, described or raw, and of the default branch unless another is named', async () => {
    github.setFile('acme/checkout-api', { path: '.github/cortex.md', text: 'Be brief. ü' });
    github.setFile('acme/checkout-api', { path: '.github/cortex.md', text: 'Else.', branch: 'topic' });
    const client = installationClient(github);
    const file = { ...repo, path: '.github/cortex.md' };
    const raw = { mediaType: { format: 'raw' } };

    expect((await client.repos.getContent(file)).data).toMatchObject({
      type: 'file',
      size: 12,
      content: Buffer.from('Be brief. ü').toString('base64'),
    });
    expect((await client.repos.getContent({ ...file, ...raw })).data).toBe('Be brief. ü');
    expect((await client.repos.getContent({ ...file, ...raw, ref: 'topic' })).data).toBe('Else.');
    github.setFile('acme/checkout-api', { path: '.github/cortex.md', text: null });
    await expect(client.repos.getContent(file)).rejects.toMatchObject({ status: 404 });
  });

  test.each(['contents', 'pull_requests'])('is refused without the permission %s', async (permission) => {
    await github.play(aRun({ pullRequest: { number: 3, title: 'Fix it' } }));
    delete github.world.installations.get(INSTALLATION_ID)?.permissions[permission];
    const client = installationClient(github);
    const asked = {
      contents: () => client.repos.getCommit({ ...repo, ref: 'a1'.repeat(20) }),
      pull_requests: () => client.pulls.listFiles({ ...repo, pull_number: 3 }),
    };

    for (const [name, ask] of Object.entries(asked)) {
      const status = await ask().then(
        (answer) => answer.status,
        (error: { status: number }) => error.status,
      );
      expect([name, status]).toEqual([name, name === permission ? 403 : 200]);
    }
  });

  test('stands on the page of the commit, and on that of the pull request', async () => {
    await github.play(aRun({ body: 'Why & how.', files, pullRequest: { number: 3, title: 'Fix it' } }));
    const page = async (path: string) => (await fetch(`${github.url}/acme/checkout-api/${path}`)).text();

    expect(await page(`commit/${'a1'.repeat(20)}`)).toMatch(/Why &#38; how\..*src\/a\.ts.*\+new/su);
    expect(await page('pull/3')).toMatch(/src\/a\.ts.*No difference is shown/su);
  });
});

describe('faults', () => {
  test('a rate limit carries the headers that tell when to come back', async () => {
    const client = installationClient(github);
    await client.repos.get(repo);
    github.faults.add({ kind: 'primary-rate-limit', path: /checkout-api$/u, resetInSeconds: 90 });
    github.faults.add({ kind: 'secondary-rate-limit', path: /checkout-api$/u, retryAfterSeconds: 45 });

    await expect(client.repos.get(repo)).rejects.toMatchObject({
      status: 403,
      response: { headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': expect.any(String) } },
    });
    await expect(client.repos.get(repo)).rejects.toMatchObject({
      status: 403,
      response: { headers: { 'retry-after': '45' } },
    });
    expect((await client.repos.get(repo)).status).toBe(200);
  });

  test('a cut body, a cut connection and a server error each happen once', async () => {
    const { token } = await newToken();
    const path = /checkout-api$/u;
    github.faults.add({ kind: 'truncate', path });
    await expect(ask(token).then((answer) => answer.text())).rejects.toThrow('terminated');
    github.faults.add({ kind: 'reset', path });
    await expect(ask(token)).rejects.toThrow('fetch failed');
    github.faults.add({ kind: 'status', status: 502, path });
    expect((await ask(token)).status).toBe(502);
    expect((await ask(token)).status).toBe(200);
  });

  test('an answer that has not changed is not sent again', async () => {
    const { token } = await newToken();
    const etag = (await ask(token)).headers.get('etag') ?? '';
    const headers = { authorization: `token ${token}`, 'if-none-match': etag };

    expect((await fetch(`${github.apiUrl}/repos/acme/checkout-api`, { headers })).status).toBe(304);
  });
});

describe('web pages', () => {
  test("a job's page shows each step with lines that can be linked", async () => {
    const { runId, url } = await github.play(aRun({ jobs: [{ name: 'test', conclusion: 'failure', log: 'a <b> c' }] }));
    const { html_url } = await latestJob(runId);

    const page = await (await fetch(String(html_url))).text();

    expect(page).toContain('id="step:3:5"');
    expect(page).toContain('a &#60;b&#62; c');
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(`${github.url}/acme/checkout-api/commit/${'a1'.repeat(20)}`)).status).toBe(200);
    expect((await fetch(`${github.url}/acme/nothing`)).status).toBe(404);
  });
});

describe('issues', () => {
  test('are created, counted on from pull requests, and listed the newest first', async () => {
    const { issues } = installationClient(github);
    const first = await issues.create({ ...repo, title: 'One', body: 'Words', labels: ['ci'] });
    await issues.create({ ...repo, title: 'Two' });

    expect(first).toMatchObject({ status: 201, data: { number: 1, title: 'One', labels: [{ name: 'ci' }] } });
    expect((await issues.listForRepo(repo)).data.map(({ title }) => title)).toEqual(['Two', 'One']);
  });

  test('need a title, the permission, and a repository that has them', async () => {
    const { issues } = installationClient(github);
    await expect(issues.create({ ...repo, title: ' ' })).rejects.toMatchObject({ status: 422 });
    const repository = github.world.repository('acme/checkout-api');
    if (repository) repository.hasIssues = false;
    await expect(issues.create({ ...repo, title: 'One' })).rejects.toMatchObject({ status: 410 });
    delete github.world.installations.get(INSTALLATION_ID)?.permissions['issues'];
    await expect(installationClient(github).issues.create({ ...repo, title: 'One' })).rejects.toMatchObject({
      status: 403,
    });
  });
});
