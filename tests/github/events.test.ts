import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { EventId, InstallationId } from '../../src/domain/ids.ts';
import type { RunEvent } from '../../src/domain/run.ts';
import { createEventReader } from '../../src/github/events.ts';
import { fakeLog } from '../support/fake-log.ts';

const log = fakeLog();
const reader = createEventReader({ log, webUrl: 'https://github.example/', secret: 'not used for what is stored' });

const Examples = z.array(z.object({ name: z.string(), examples: z.array(z.unknown()) }));

type Json = Record<string, unknown>;

function read(name: string, payload: unknown, installationId: number | null = 42): Promise<RunEvent> {
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
      actor: { login: 'ada', type: 'User' },
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

describe("GitHub's own examples", () => {
  const file = createRequire(import.meta.url).resolve('@octokit/webhooks-examples');
  const examples = Examples.parse(JSON.parse(readFileSync(file, 'utf8')));
  const all = examples.flatMap(({ name, examples: payloads }) => payloads.map((payload) => ({ name, payload })));

  test('are all read without a throw', async () => {
    const events = await Promise.all(all.map(({ name, payload }) => read(name, payload)));

    expect(events.length).toBeGreaterThan(300);
    expect(log.records).toEqual([]);
  });

  test('of workflow runs are understood', async () => {
    const runs = all.filter(({ name }) => name === 'workflow_run');
    const events = await Promise.all(runs.map(({ payload }) => read('workflow_run', payload)));

    expect(events.filter(({ kind }) => kind === 'ignored')).toEqual([]);
  });
});
