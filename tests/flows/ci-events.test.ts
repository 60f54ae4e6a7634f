import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import jwt from 'jsonwebtoken';
import type { StoredMessage } from '../../src/sandbox/slack/local-slack.ts';
import { askCortex } from '../support/asking.ts';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { FAILING_JEST, FAILING_TSC } from '../support/logs.ts';
import { CHANNEL, MEMBER, runCortex, WORKSPACE } from '../support/stage.ts';

const run = promisify(execFile);
const GUIDE = readFileSync(path.resolve(import.meta.dirname, '../../docs/api.md'), 'utf8');
const EXAMPLE =
  GUIDE.split('```sh\n')
    .find((block) => block.includes('curl '))
    ?.split('```')[0] ?? '';

describeOnServers('failures of other CI systems', (openStage) => {
  let stage: ServerStage;
  let storage: Server;
  let key: Record<string, string>;
  const folder = mkdtempSync(path.join(tmpdir(), 'cortex-ci-'));

  beforeAll(async () => {
    storage = createServer((req, res) => {
      if (req.url === '/away.log') return res.writeHead(302, { location: '/build.log' }).end();
      return res.end(FAILING_TSC);
    });
    storage.listen(0, '127.0.0.1');
    await once(storage, 'listening');
    stage = await openStage(['web', 'worker']);
    key = await addSource('jenkins');
    await askCortex(stage, { user: MEMBER, text: 'subscribe ci:jenkins/payments' }, 'now hears');
  });

  afterAll(async () => {
    storage.close();
    rmSync(folder, { recursive: true, force: true });
    expect(stage.slack.violations()).toEqual([]);
    await stage.close();
  });

  const logHost = (): string => {
    const address: AddressInfo | string | null = storage.address();
    return typeof address === 'object' && address !== null ? `127.0.0.1:${address.port}` : '';
  };
  const web = (): string => stage.products[0]?.url ?? '';
  async function addSource(name: string): Promise<Record<string, string>> {
    const args = ['sources', 'add', '--workspace', WORKSPACE, '--name', name, '--log-host', logHost()];
    const { code, stdout, stderr } = await runCortex(args, { environment: stage.environment });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    return Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map((each) => each.split('=', 2)),
    );
  }
  const messages = (words: string): StoredMessage[] =>
    stage.slack.messages(CHANNEL).filter((message) => stage.slack.render(message).includes(words));
  function tokenOf({ CORTEX_SOURCE: id, CORTEX_SECRET: secret = '' }: Record<string, string>, body: string): string {
    const claims = { body_sha256: createHash('sha256').update(body).digest('hex') };
    return jwt.sign(claims, secret, { issuer: id ?? '', audience: 'opsaicortex', expiresIn: 60 });
  }
  const send = async (event: object): Promise<{ status: number; answer: string }> => {
    const body = JSON.stringify(event);
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${tokenOf(key, body)}` };
    const response = await fetch(`${web()}/api/v1/events`, { method: 'POST', headers, body });
    return { status: response.status, answer: await response.text() };
  };
  const anEvent = (changes: object = {}): object => ({
    version: 1,
    status: 'failed',
    project: 'payments',
    pipeline: 'deploy',
    branch: 'main',
    commit: 'a1b2c3d4e5f6a7b8c9d0a1b2c3d4e5f6a7b8c9d0',
    number: 500,
    url: 'https://jenkins.example.com/job/payments/500/',
    jobs: [{ name: 'build', log: { text: FAILING_TSC } }],
    ...changes,
  });

  test('the curl example of the guide brings a message with the analysis, and a passing build ends it', async () => {
    writeFileSync(path.join(folder, 'build.log'), FAILING_JEST);
    const env = { PATH: process.env['PATH'] ?? '', ...key, CORTEX_URL: web() };
    const { stdout } = await run('sh', ['-euc', EXAMPLE], { cwd: folder, env });
    expect(JSON.parse(stdout)).toEqual({ status: 'accepted', repository: 'ci:jenkins/payments' });
    await eventually(() => expect(messages('applies the discount once')[0]?.replyCount).toBe(2));
    const [message] = messages('applies the discount once');
    const shown = stage.slack.render(message ?? none());
    expect(shown).toContain('ci:jenkins/payments');
    expect(shown).toContain('Received: 81');
    expect(shown).toContain('Acknowledge');
    expect(shown).not.toContain('Re-run');
    expect(shown).not.toContain('Create issue');
    expect(JSON.stringify(message?.blocks)).toContain('https://jenkins.example.com/job/payments/412/');

    const again = await run('sh', ['-euc', EXAMPLE], { cwd: folder, env });
    expect(JSON.parse(again.stdout)).toMatchObject({ status: 'repeated' });
    const passed = { status: 'passed', number: 413, commit: 'b1b2c3d4e5', title: 'Apply it once', jobs: [] };
    expect(await send(anEvent(passed))).toMatchObject({ status: 202 });

    await eventually(() => expect(messages('Fixed by Apply it once')).toHaveLength(1));
    expect(stage.github.journal.filter(({ path: asked }) => asked.includes('jenkins'))).toEqual([]);
  });

  test('a log by its address is fetched from a host of the key, and another look reads it again', async () => {
    const jobs = [{ name: 'build', log: { url: `http://${logHost()}/build.log` } }];
    expect(await send(anEvent({ jobs, pipeline: 'nightly', number: 7 }))).toMatchObject({ status: 202 });
    await eventually(() => expect(messages('nightly')[0]?.replyCount).toBe(2));
    expect(stage.slack.render(messages('nightly')[0] ?? none())).toContain('TS2339');

    await stage.slack.click({
      user: MEMBER,
      channel: CHANNEL,
      ts: messages('nightly')[0]?.ts ?? '',
      text: 'Re-analyze',
    });
    await eventually(() => expect(stage.slack.modals(MEMBER)).toHaveLength(1));
    await stage.slack.submit(stage.slack.modals(MEMBER)[0] ?? '', {});
    await eventually(() => expect(messages('nightly')[0]?.replyCount).toBe(3));

    const elsewhere = [{ name: 'build', log: { url: 'https://evil.example/build.log' } }];
    const refused = await send(anEvent({ jobs: elsewhere }));
    expect(refused).toMatchObject({ status: 422 });
    expect(refused.answer).toContain('jobs.0.log.url');
  });

  test('a key that is revoked counts no more, and its projects cannot be subscribed', async () => {
    const cortex = (...args: string[]) =>
      runCortex(['sources', ...args, '--workspace', WORKSPACE], { environment: stage.environment });
    const id = key['CORTEX_SOURCE'] ?? '';
    const [list, revoked] = [await cortex('list'), await cortex('revoke', id)];
    expect(list.stdout).toMatch(new RegExp(`^${id} .*jenkins.* valid `, 'mu'));
    expect(list.stdout).not.toContain(key['CORTEX_SECRET']);
    expect(revoked).toMatchObject({ code: 0, stdout: `Revoked ${id}.\n` });

    expect(await send(anEvent({ number: 501 }))).toMatchObject({ status: 401 });
    await askCortex(stage, { user: MEMBER, text: 'subscribe ci:jenkins/web' }, 'no CI system called jenkins');
  });
});

function none(): never {
  throw new Error('There is nothing yet');
}
