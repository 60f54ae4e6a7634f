import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { openProxy, type Proxy } from '../support/fake-network.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { runCortex } from '../support/stage.ts';

describeOnServers('a process that cannot start', (openStage) => {
  let stage: ServerStage;
  let taken: Server;

  beforeEach(async () => {
    stage = await openStage([]);
    // Takes connections, and never says a word.
    taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
  });

  afterEach(async () => {
    taken.close();
    await stage.close();
  });

  function takenPort(): string {
    const address = taken.address();
    return typeof address === 'object' && address !== null ? String(address.port) : '';
  }

  test('because its port is taken says so, has taken no work, and lets go of everything', async () => {
    await stage.query(
      `insert into jobs (id, kind, payload, dedupe_key) values (gen_random_uuid(), 'process-event', '{"eventId": "${randomUUID()}"}', 'waiting')`,
    );

    const ended = await runCortex(['all'], { environment: { ...stage.environment, PORT: takenPort() } });

    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(`Port ${takenPort()} on 127.0.0.1 is in use by another process.`);
    expect(ended.stdout).toContain('"message":"Stopped"');
    expect(await stage.query('select attempt, lease_token from jobs')).toEqual([{ attempt: 0, lease_token: null }]);
  });

  test.each([
    ['a wrong password', { password: 'wrong' }, 'refuses the password of the user'],
    ['a database that is not there', { pathname: '/nowhere' }, 'has no database "nowhere"'],
    ['a port where nothing listens', { port: '1' }, 'No database listens at 127.0.0.1:1'],
    ['a server that never answers', {}, 'did not answer'],
  ])('with %s says what to look at, in time', async (_name, change, sentence) => {
    const url = Object.assign(new URL(stage.environment['DATABASE_URL'] ?? ''), { port: takenPort() });
    const { port } = new URL(stage.environment['DATABASE_URL'] ?? '');
    if (sentence !== 'did not answer') Object.assign(url, { port, ...change });
    const environment = { ...stage.environment, DATABASE_URL: url.href };

    const [role, migration] = await Promise.all(
      ['worker', 'migrate'].map((verb) => runCortex([verb], { environment })),
    );

    // Both have ended by themselves, within the time of a test; nobody had to stop them.
    for (const ended of [role, migration]) {
      expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining(sentence) });
      expect(ended?.stderr).toContain('DATABASE_URL');
      expect(`${ended?.stdout}${ended?.stderr}`).not.toContain(url.password);
    }
  });

  test('because it is told to stop ends with 0, without a word of failure', async () => {
    const url = Object.assign(new URL(stage.environment['DATABASE_URL'] ?? ''), { port: takenPort() });

    const ended = await runCortex(['all'], {
      environment: { ...stage.environment, DATABASE_URL: url.href },
      onSpawn: (child) => taken.once('connection', () => child.kill('SIGTERM')),
    });

    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).not.toContain('"level":"error"');
  });
});

describeOnServers('a process whose database died without a word', (openStage) => {
  let stage: ServerStage;
  let proxy: Proxy;

  beforeEach(async () => {
    stage = await openStage([]);
    proxy = await openProxy(Number(new URL(stage.environment['DATABASE_URL'] ?? '').port));
  });

  afterEach(async () => {
    await stage.close();
    await proxy.close();
  });

  test('is stopped within its grace all the same, and says what it could not do', async () => {
    const url = Object.assign(new URL(stage.environment['DATABASE_URL'] ?? ''), { port: String(proxy.port) });
    const product = await stage.start('all', { DATABASE_URL: url.href, STOP_GRACE_MS: '1000' });
    await stage.open(product);
    await eventually(() =>
      expect(product.records).toContainEqual(expect.objectContaining({ message: 'Old rows deleted' })),
    );
    proxy.swallow();
    // The sweep now waits for an answer that will not come.
    const question = fetch(`${product.url}/ready`);
    expect((await question).status).toBe(503);
    const startedAt = performance.now();

    expect(await product.end('SIGTERM')).toBe(1);

    expect(performance.now() - startedAt).toBeLessThan(8_000);
    expect(product.records).toContainEqual(expect.objectContaining({ message: 'Stop failed' }));
  });
});
