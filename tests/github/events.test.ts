import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { compareOrder } from '../../src/domain/happening.ts';
import { EventId, InstallationId } from '../../src/domain/ids.ts';
import { createEventReader } from '../../src/github/events.ts';
import { accountOn, GitHubHost, installationOn } from '../../src/domain/servers.ts';
import { fakeLog } from '../support/fake-log.ts';
import { aServer, theseServers } from '../support/github-servers.ts';

const log = fakeLog();
const ELSEWHERE = aServer({
  number: 2,
  host: GitHubHost.parse('ghe.acme.example'),
  webUrl: 'https://ghe.acme.example',
});
const reader = createEventReader({
  log,
  servers: theseServers(aServer({ webUrl: 'https://github.example/' }), ELSEWHERE),
});

const Examples = z.array(z.object({ name: z.string(), examples: z.array(z.unknown()) }));

type Json = Record<string, unknown>;

function read(name: string, payload: unknown, installationId: number | null = 42) {
  return reader.read({
    id: EventId.parse(randomUUID()),
    deliveryId: randomUUID(),
    name,
    installationId: installationId === null ? null : InstallationId.parse(installationId),
    body: Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload)),
  });
}

/** A workflow_run delivery in GitHub's shape, with the fields that matter to a test. */
function aRunPayload(run: Json = {}, rest: Json = {}): Json {
  return {
    action: 'completed',
    repository: { full_name: 'Acme/Web-App', default_branch: 'main' },
    workflow_run: {
      id: 7001,
      run_attempt: 1,
      run_number: 12,
      name: 'CI',
      head_branch: 'feature',
      head_sha: 'a'.repeat(40),
      head_repository: { full_name: 'acme/web-app' },
      head_commit: { message: 'Round up\n\nA longer story' },
      display_title: 'Round up',
      event: 'push',
      status: 'completed',
      conclusion: 'failure',
      html_url: 'https://evil.example/',
      logs_url: 'https://evil.example/logs',
      actor: { id: 583_231, login: 'ada', type: 'User' },
      triggering_actor: { login: 'bob' },
      pull_requests: [{ number: 5 }],
      run_started_at: '2026-11-22T10:00:00Z',
      created_at: '2026-11-22T09:59:00Z',
      updated_at: '2026-11-22T10:05:00Z',
      ...run,
    },
    ...rest,
  };
}

async function runOf(payload: Json) {
  const event = await read('workflow_run', payload);
  if (!('run' in event)) throw new Error(JSON.stringify(event));
  return event.run;
}

describe('a workflow run', () => {
  test('that nobody has approved yet waits, whatever GitHub calls it, since it goes on in the same attempt', async () => {
    const held = await read('workflow_run', aRunPayload({ conclusion: 'action_required' }));

    expect(held).toMatchObject({ kind: 'run-changed', run: { status: 'waiting', conclusion: 'action_required' } });
  });

  test('that failed, with all that we keep of it', async () => {
    expect(await read('workflow_run', aRunPayload())).toEqual({
      kind: 'run-failed',
      installationId: 42,
      run: {
        repository: 'acme/web-app',
        runId: 7001,
        attempt: 1,
        number: 12,
        workflow: 'CI',
        branch: 'feature',
        defaultBranch: 'main',
        event: 'push',
        headSha: 'a'.repeat(40),
        status: 'completed',
        conclusion: 'failure',
        url: 'https://github.example/acme/web-app/actions/runs/7001',
        actor: 'ada',
        actorId: 583_231,
        actorType: 'user',
        title: 'Round up',
        pullRequest: 5,
        startedAt: new Date('2026-11-22T10:00:00Z'),
        updatedAt: new Date('2026-11-22T10:05:00Z'),
      },
    });
  });

  test.each([
    ['completed', 'completed', 'failure', 'run-failed'],
    ['completed', 'completed', 'timed_out', 'run-failed'],
    ['completed', 'completed', 'startup_failure', 'run-failed'],
    ['completed', 'completed', 'success', 'run-passed'],
    ['completed', 'completed', 'cancelled', 'run-changed'],
    ['completed', 'completed', 'skipped', 'run-changed'],
    ['completed', 'completed', 'neutral', 'run-changed'],
    ['completed', 'completed', 'action_required', 'run-changed'],
    ['completed', 'completed', 'stale', 'run-changed'],
    ['requested', 'queued', null, 'run-changed'],
    ['in_progress', 'in_progress', null, 'run-changed'],
  ])('%s as %s with conclusion %s means %s', async (action, status, conclusion, kind) => {
    expect((await read('workflow_run', aRunPayload({ status, conclusion }, { action }))).kind).toBe(kind);
  });

  test('of a later attempt links to that attempt', async () => {
    expect((await runOf(aRunPayload({ run_attempt: 3 }))).url).toBe(
      'https://github.example/acme/web-app/actions/runs/7001/attempts/3',
    );
  });

  test("of a fork's main is not taken for our main", async () => {
    const run = await runOf(aRunPayload({ head_branch: 'main', head_repository: { full_name: 'mallory/web-app' } }));

    expect(run.branch).toBe('mallory:main');
  });

  test('without a title is called by its commit, and by its workflow as a last resort', async () => {
    expect((await runOf(aRunPayload({ display_title: null }))).title).toBe('Round up');
    expect((await runOf(aRunPayload({ display_title: null, head_commit: null }))).title).toBe('CI');
  });

  test('keeps text printable, on one line and short', async () => {
    const hostile = `\u0000\u001b[31mred\u0007 ${'x'.repeat(5_000)}\nsecond line \ud800`;
    const run = await runOf(aRunPayload({ name: hostile, display_title: hostile, head_branch: hostile }));

    for (const text of [run.workflow, run.title, run.branch]) {
      expect(text).toMatch(/^\[31mred x+$/u);
      expect(text.length).toBeLessThanOrEqual(250);
    }
  });
});

describe('a delivery that means nothing to us', () => {
  test.each([
    ['another event', 'issues', { action: 'opened' }],
    ['a ping', 'ping', { zen: 'Keep it logically awesome.' }],
    ['an event that nobody knows', 'quantum_leap', { action: 'completed' }],
    ['another action', 'workflow_run', aRunPayload({}, { action: 'deleted' })],
    ['no action', 'workflow_run', { ...aRunPayload(), action: undefined }],
    ['an action that is no text', 'workflow_run', { ...aRunPayload(), action: { toString: 'completed' } }],
    ['no run', 'workflow_run', { ...aRunPayload(), workflow_run: null }],
    ['no repository', 'workflow_run', { ...aRunPayload(), repository: undefined }],
    [
      'a repository with a path for a name',
      'workflow_run',
      aRunPayload({}, { repository: { full_name: '../../etc/passwd', default_branch: 'main' } }),
    ],
    ['a conclusion from the future', 'workflow_run', aRunPayload({ conclusion: 'evaporated' })],
    ['a run id that is no number', 'workflow_run', aRunPayload({ id: '7001' })],
    ['attempt 0', 'workflow_run', aRunPayload({ run_attempt: 0 })],
    ['a time that is none', 'workflow_run', aRunPayload({ updated_at: 'yesterday' })],
    ['an event named like a method', 'constructor', { action: 'completed' }],
    ['a body that is no JSON', 'workflow_run', Buffer.from('{')],
    ['a body that is null', 'workflow_run', Buffer.from('null')],
    ['a body that is a list', 'workflow_run', Buffer.from('[]')],
  ])('%s is ignored, with the reason', async (_name, name, payload) => {
    expect(await read(name, payload)).toEqual({ kind: 'ignored', reason: expect.stringMatching(/\w{2}/u) });
  });

  test('is one without an installation, whatever its signature says', async () => {
    expect(await read('workflow_run', aRunPayload(), null)).toMatchObject({ kind: 'ignored' });
  });

  test("names the fields that do not fit, and repeats nothing of the sender's text", async () => {
    const event = await read('workflow_run', aRunPayload({ id: 'secret text' }));

    expect(event).toEqual({ kind: 'ignored', reason: 'fields that do not fit: workflow_run.id' });
  });
});

describe('a delivery about no run', () => {
  const common = { installation: { id: 42 }, repository: { full_name: 'Acme/Web-App', default_branch: 'main' } };
  const repository = 'acme/web-app';
  const aPush = (changes: Json = {}): Json => {
    const commit = { added: [], modified: ['.github/cortex.yml'], removed: [] };
    return { ...common, ref: 'refs/heads/main', deleted: false, commits: [commit], ...changes };
  };
  const other = { added: ['docs/.github/cortex.yml'], modified: ['src/a.ts'], removed: [] };

  test('tells that the file of rules may be another, where it came to the default branch', async () => {
    const pushed = { kind: 'rules-pushed', installationId: 42, repository };
    const gone = { ...other, removed: ['.github/cortex.yml'] };

    expect(await read('push', aPush())).toEqual(pushed);
    expect(await read('push', aPush({ commits: [other, gone] }))).toEqual(pushed);
    // The branch was moved back, or there was more than GitHub names.
    expect(await read('push', aPush({ commits: [] }))).toEqual(pushed);
    expect(await read('push', aPush({ commits: Array.from({ length: 2_048 }, () => other) }))).toEqual(pushed);
  });

  test.each<Json>([{ commits: [other] }, { ref: 'refs/heads/work' }, { ref: 'refs/tags/main' }, { deleted: true }])(
    'tells nothing of that with %j',
    async (changes) => {
      expect(await read('push', aPush(changes))).toMatchObject({ kind: 'ignored' });
    },
  );

  test('tells the topics of a repository, and so does a run', async () => {
    const topics = ['web', 'payments'];
    const edited = { ...common, action: 'edited', repository: { ...common.repository, topics } };
    const run = aRunPayload();

    expect(await read('repository', edited)).toEqual({ kind: 'topics-told', installationId: 42, repository, topics });
    expect(await read('repository', { ...edited, repository: common.repository })).toMatchObject({ kind: 'ignored' });
    expect(await read('workflow_run', { ...run, repository: edited.repository })).toMatchObject({ topics });
    expect(await read('workflow_run', run)).not.toHaveProperty('topics');
  });

  test.each([
    ['installation', 'created'],
    ['installation', 'new_permissions_accepted'],
    ['installation_repositories', 'added'],
  ])('%s %s tells that we may see other things now', async (name, action) => {
    expect(await read(name, { ...common, action })).toEqual({
      kind: 'sight-changed',
      installationId: 42,
      change: null,
    });
  });
});

/** A delivery of a deployment in GitHub's shape, with the fields that matter to a test. */
function aDeploymentPayload(deployment: Json = {}, rest: Json = {}): Json {
  return {
    action: 'created',
    repository: { full_name: 'Acme/Web-App', default_branch: 'main' },
    deployment: {
      id: 900,
      sha: 'b'.repeat(40),
      ref: 'refs/heads/release/2',
      environment: 'Production EU',
      description: null,
      creator: { login: 'deployer[bot]', type: 'Bot' },
      created_at: '2026-11-22T10:00:00Z',
      ...deployment,
    },
    ...rest,
  };
}

describe('a deployment', () => {
  const status = {
    id: 9001,
    state: 'failure',
    description: 'No quota\nleft',
    target_url: 'https://evil.example/',
    created_at: '2026-11-22T10:05:00Z',
  };

  test('that failed, with all that we keep of it; who started the run started it, and no address is taken over', async () => {
    const run = { id: 7001, actor: { login: 'ada', type: 'User' }, html_url: 'https://evil.example/' };
    const payload = aDeploymentPayload({}, { deployment_status: status, workflow_run: run });

    expect(await read('deployment_status', payload)).toEqual({
      kind: 'happened',
      installationId: 42,
      happening: {
        kind: 'deployment',
        repository: 'acme/web-app',
        defaultBranch: 'main',
        environment: 'Production EU',
        sha: 'b'.repeat(40),
        ref: 'release/2',
        state: 'failure',
        description: 'No quota',
        runId: 7001,
        actor: 'ada',
        actorType: 'user',
        url: 'https://github.example/acme/web-app/actions/runs/7001',
        at: new Date('2026-11-22T10:05:00Z'),
        order: [900, Date.parse('2026-11-22T10:05:00Z'), 9001],
      },
    });
  });

  test('that was just created is about to start, and is older than each of its states', async () => {
    const [created, failed] = await Promise.all([
      read('deployment', aDeploymentPayload()),
      read('deployment_status', aDeploymentPayload({}, { deployment_status: status })),
    ]);

    expect(created).toMatchObject({ happening: { state: 'pending', actor: 'deployer[bot]', actorType: 'bot' } });
    if (created.kind !== 'happened' || failed.kind !== 'happened') throw new Error('They were ignored');
    expect(compareOrder(created.happening, failed.happening)).toBeLessThan(0);
  });

  test.each([
    ['a state that is new to us', 'deployment_status', { deployment_status: { ...status, state: 'paused' } }],
    [
      'a commit that is none',
      'deployment',
      { deployment: { ...Object(aDeploymentPayload()['deployment']), sha: 'HEAD' } },
    ],
    ['an action that is new to us', 'deployment', { action: 'moved' }],
  ])('with %s is ignored', async (_name, name, rest) => {
    expect(await read(name, aDeploymentPayload({}, rest))).toMatchObject({ kind: 'ignored' });
  });
});

const REPOSITORY = { full_name: 'Acme/Web-App', default_branch: 'main' };
const SHA = 'c'.repeat(40);

describe('a check run', () => {
  const aCheckRun = (check: Json = {}, rest: Json = {}): Json => ({
    action: 'completed',
    repository: REPOSITORY,
    check_run: {
      id: 501,
      name: 'codecov/patch',
      head_sha: SHA,
      status: 'completed',
      conclusion: 'failure',
      started_at: '2026-11-22T10:00:00Z',
      completed_at: '2026-11-22T10:05:00Z',
      details_url: 'https://evil.example/',
      html_url: 'https://evil.example/',
      output: { title: '71% of diff hit\nmore' },
      app: { id: 254, slug: 'codecov', name: 'Codecov' },
      check_suite: { head_branch: 'round' },
      pull_requests: [],
      ...check,
    },
    ...rest,
  });

  test('that failed, with all that we keep of it', async () => {
    const at = new Date('2026-11-22T10:05:00Z');
    expect(await read('check_run', aCheckRun())).toMatchObject({
      kind: 'happened',
      installationId: 42,
      happening: {
        kind: 'check',
        repository: 'acme/web-app',
        app: 'codecov',
        name: 'codecov/patch',
        branch: 'round',
        sha: SHA,
        isFailing: true,
        title: '71% of diff hit',
        failures: 1,
        since: at,
        at,
        url: 'https://github.example/acme/web-app/runs/501',
        order: [501, at.getTime()],
      },
    });
  });

  test.each([
    ['success', false],
    ['neutral', false],
    ['skipped', false],
    ['timed_out', true],
    ['startup_failure', true],
  ])('with the conclusion %s fails: %s', async (conclusion, isFailing) => {
    expect(await read('check_run', aCheckRun({ conclusion }))).toMatchObject({ happening: { isFailing } });
  });

  test('of a fork has its commit for a branch, or the branch of its pull request', async () => {
    const fork = await read('check_run', aCheckRun({ check_suite: { head_branch: null } }));
    expect(fork).toMatchObject({ happening: { branch: 'ccccccc' } });
    const pull_requests = [{ head: { ref: 'theirs' } }];
    const pull = await read('check_run', aCheckRun({ check_suite: null, pull_requests }));
    expect(pull).toMatchObject({ happening: { branch: 'theirs' } });
  });

  test.each([
    ['GitHub Actions, by its number', { app: { id: 15_368, slug: 'renamed', name: 'x' } }],
    ['GitHub Actions of another server, by its name', { app: { id: 4, slug: 'github-actions', name: 'x' } }],
    ['our own App', { app: { id: 271_828, slug: 'opsaicortex', name: 'x' } }],
    ['no app', { app: null }],
  ])('of %s is ignored', async (_name, check) => {
    expect(await read('check_run', aCheckRun(check))).toMatchObject({ kind: 'ignored' });
  });

  test.each([
    ['is under way', { status: 'in_progress', conclusion: null }],
    ['was cancelled', { conclusion: 'cancelled' }],
    ['waits for somebody', { conclusion: 'action_required' }],
    ['has a conclusion that is new to us', { conclusion: 'puzzled' }],
    ['ended at no time', { started_at: null, completed_at: null }],
    ['has an id that is none', { id: '501' }],
  ])('that %s is ignored', async (_name, check) => {
    expect(await read('check_run', aCheckRun(check))).toMatchObject({ kind: 'ignored' });
  });
});

describe('a commit status', () => {
  const head = (name: string, sha = SHA) => ({ name, commit: { sha } });
  const aStatus = (changes: Json = {}): Json => ({
    repository: REPOSITORY,
    id: 601,
    sha: SHA,
    context: 'ci/legacy',
    state: 'error',
    description: 'Build #12 failed',
    target_url: 'https://evil.example/',
    branches: [head('old', 'd'.repeat(40)), head('round'), head('main')],
    sender: { login: 'ci-user', type: 'User' },
    created_at: '2026-11-22T10:05:00+00:00',
    ...changes,
  });

  test('is a check of nobody on the branch whose newest commit it is on, the default one first', async () => {
    expect(await read('status', aStatus())).toMatchObject({
      happening: {
        kind: 'check',
        app: null,
        name: 'ci/legacy',
        branch: 'main',
        isFailing: true,
        title: 'Build #12 failed',
        url: `https://github.example/acme/web-app/commit/${SHA}`,
      },
    });
    const other = await read('status', aStatus({ branches: [head('old', 'd'.repeat(40)), head('round')] }));
    expect(other).toMatchObject({ happening: { branch: 'round' } });
    const none = await read('status', aStatus({ state: 'success', branches: [] }));
    expect(none).toMatchObject({ happening: { branch: 'ccccccc', isFailing: false } });
  });

  test('that is pending says nothing', async () => {
    expect(await read('status', aStatus({ state: 'pending' }))).toMatchObject({ kind: 'ignored' });
  });
});

describe('a pull request and a release', () => {
  const aPull = (pull: Json = {}, rest: Json = {}): Json => ({
    action: 'synchronize',
    repository: REPOSITORY,
    pull_request: {
      number: 318,
      title: 'Retry\nmore',
      state: 'open',
      draft: false,
      merged: false,
      updated_at: '2026-11-22T10:05:00Z',
      user: { login: 'ada', type: 'User' },
      labels: [{ name: 'urgent' }],
      head: { ref: 'retry', sha: SHA, repo: { full_name: 'Stranger/Web-App' } },
      base: { ref: 'main' },
      ...pull,
    },
    ...rest,
  });

  test('are read with what we keep of them; a fork has its owner in front', async () => {
    expect(await read('pull_request', aPull())).toMatchObject({
      happening: {
        kind: 'pull_request',
        number: 318,
        title: 'Retry',
        branch: 'stranger:retry',
        base: 'main',
        sha: SHA,
        labels: ['urgent'],
        state: 'open',
        isDraft: false,
        actor: 'ada',
        url: 'https://github.example/acme/web-app/pull/318',
      },
    });
    const merged = await read(
      'pull_request',
      aPull({ state: 'closed', merged: true, head: { ref: 'x', sha: SHA, repo: null } }),
    );
    expect(merged).toMatchObject({ happening: { state: 'merged', branch: 'x' } });
  });

  const aRelease = (release: Json = {}, action = 'published'): Json => ({
    action,
    repository: REPOSITORY,
    release: {
      id: 900,
      tag_name: 'v1/../../x y',
      name: null,
      target_commitish: 'main',
      draft: false,
      prerelease: true,
      author: { login: 'ada', type: 'User' },
      created_at: '2026-11-22T10:00:00Z',
      published_at: '2026-11-22T10:05:00Z',
      html_url: 'https://evil.example/',
      ...release,
    },
  });

  test('a release links to its tag and nowhere else, and is news when it was published', async () => {
    expect(await read('release', aRelease())).toMatchObject({
      happening: {
        kind: 'release',
        isNews: true,
        isPrerelease: true,
        state: 'published',
        url: 'https://github.example/acme/web-app/releases/tag/v1%2F..%2F..%2Fx%20y',
      },
    });
    expect(await read('release', aRelease({}, 'edited'))).toMatchObject({ happening: { isNews: false } });
    expect(await read('release', aRelease({}, 'deleted'))).toMatchObject({ happening: { state: 'deleted' } });
    expect(await read('release', aRelease({ draft: true }, 'unpublished'))).toMatchObject({
      happening: { state: 'unpublished' },
    });
  });

  test.each([
    ['a draft', aRelease({ draft: true }, 'edited')],
    ['one that is just being written', aRelease({ draft: true }, 'created')],
    ['one without an id', aRelease({ id: null })],
  ])('%s is no release', async (_name, payload) => {
    expect(await read('release', payload)).toMatchObject({ kind: 'ignored' });
  });
});

describe("GitHub's own examples", () => {
  const file = createRequire(import.meta.url).resolve('@octokit/webhooks-examples');
  const examples = Examples.parse(JSON.parse(readFileSync(file, 'utf8')));
  const all = examples.flatMap(({ name, examples: payloads }) => payloads.map((payload) => ({ name, payload })));

  test('are all read without a throw', async () => {
    const events = await Promise.all(all.map(({ name, payload }) => read(name, payload)));

    expect(events.length).toBeGreaterThan(300);
    expect(log.records).toEqual([]);
  });

  test.each(['workflow_job', 'check_suite', 'merge_group', 'ping', 'projects_v2_item', 'issues'])(
    'of %s ask for nothing, and say so',
    async (wanted) => {
      const told = all.filter(({ name }) => name === wanted);
      const events = await Promise.all(told.map(({ name, payload }) => read(name, payload)));

      expect(events.length).toBeGreaterThan(0);
      for (const event of events) expect(event).toEqual({ kind: 'ignored', reason: `nothing to do for ${wanted}` });
    },
  );

  test.each(['workflow_run', 'deployment', 'deployment_status', 'pull_request', 'status'])(
    'of %s are understood',
    async (wanted) => {
      const runs = all.filter(({ name }) => name === wanted);
      const events = await Promise.all(runs.map(({ name, payload }) => read(name, payload)));

      expect(events.length).toBeGreaterThan(0);
      expect(events.filter(({ kind }) => kind === 'ignored')).toEqual([]);
    },
  );
});

describe('what another server delivers', () => {
  const there = (id: number): number => installationOn(ELSEWHERE, id) ?? 0;

  test('is about its own repository, account and pages, whatever they are called at home', async () => {
    const event = await read('workflow_run', aRunPayload(), there(42));

    expect(event).toMatchObject({
      kind: 'run-failed',
      installationId: there(42),
      run: {
        repository: 'ghe.acme.example/acme/web-app',
        branch: 'feature',
        actorId: accountOn(ELSEWHERE, 583_231),
        url: 'https://ghe.acme.example/acme/web-app/actions/runs/7001',
      },
    });
  });

  test('names no repository of a third one', async () => {
    const payload = { ...aRunPayload(), repository: { full_name: 'github.com/acme/web', default_branch: 'main' } };

    expect(await read('workflow_run', payload, there(42))).toMatchObject({ kind: 'ignored' });
    expect(await read('workflow_run', payload)).toMatchObject({ kind: 'ignored' });
  });

  test('asks for nothing once the server is not ours any more', async () => {
    const gone = installationOn({ ...ELSEWHERE, number: 9 }, 42) ?? 0;

    expect(await read('workflow_run', aRunPayload(), gone)).toMatchObject({ kind: 'ignored' });
  });
});
