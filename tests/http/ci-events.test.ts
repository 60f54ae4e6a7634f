import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { CiReport, CiSourceId, CiSourceName } from '../../src/domain/ci.ts';
import { WorkspaceId } from '../../src/domain/ids.ts';
import type { CiSourceStore } from '../../src/domain/ports.ts';
import { DatabaseUnavailableError } from '../../src/errors.ts';
import { createLinkedLogSource } from '../../src/github/linked-logs.ts';
import { createHttpServer, type HttpServer } from '../../src/http/server.ts';
import { fakeLog } from '../support/fake-log.ts';
import { fakeMetrics } from '../support/fake-metrics.ts';
import { aClock, only } from '../support/memory-stores.ts';
import { anIntake, aQueue } from '../support/pipeline-fakes.ts';

const secret = randomBytes(32).toString('base64url');
const id = CiSourceId.parse(randomUUID());
const workspaceId = WorkspaceId.parse('T0ACME');
const now = new Date('2026-11-28T12:00:00Z');
const seconds = now.getTime() / 1_000;
const source = { id, workspaceId, name: CiSourceName.parse('jenkins'), createdAt: now, revokedAt: null };
const ciSources = only<CiSourceStore>({
  findKey: async (asked) => (asked === id ? { source: { ...source, logHosts: ['logs.example.com'] }, secret } : null),
});

let server: HttpServer;
let url: string;
let intake = anIntake();
let waitMs = 0;
let isDatabaseAway = false;
const log = fakeLog();

beforeEach(async () => {
  intake = anIntake();
  waitMs = 0;
  isDatabaseAway = false;
  server = createHttpServer({
    log,
    version: '1.2.3',
    checks: { vital: {}, helpful: {} },
    ciEvents: {
      ciSources,
      linkedLogs: createLinkedLogSource(),
      rateLimits: { take: async () => waitMs },
      intake: {
        accept: async (delivery) => {
          if (isDatabaseAway) throw new DatabaseUnavailableError('The database is away');
          return intake.accept({ ...delivery, deliveryId: 'the hash alone counts' });
        },
      },
      queue: aQueue(),
      clock: aClock(now),
      log,
      metrics: fakeMetrics(),
    },
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  url = `http://127.0.0.1:${port}/api/v1/events`;
});

afterEach(() => server.close(0));

const event = {
  version: 1,
  status: 'failed',
  project: 'Payments',
  pipeline: 'deploy',
  branch: 'main',
  commit: 'A1B2C3D4E5',
  number: 412,
  url: 'https://jenkins.example.com/job/412/',
  jobs: [{ name: 'test', log: { text: 'boom' } }],
};
const signed = (body: string, at = seconds, key = secret): Record<string, string> => ({
  'x-cortex-source': id,
  'x-cortex-signature': `t=${at},v1=${createHmac('sha256', key).update(`${at}.${body}`).digest('hex')}`,
});
const bearer = (claims: object, options: jwt.SignOptions = {}, key = secret): Record<string, string> => {
  const usual = { issuer: id, audience: 'opsaicortex', expiresIn: 60, ...options };
  return { authorization: `Bearer ${jwt.sign({ iat: seconds, ...claims }, key, usual)}` };
};
async function post(body: string, headers: Record<string, string>): Promise<{ status: number; answer: object }> {
  const type = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', body, headers: { ...type, ...headers } });
  return { status: response.status, answer: JSON.parse(await response.text()) };
}
const send = (changes: object = {}): ReturnType<typeof post> => {
  const body = JSON.stringify({ ...event, ...changes });
  return post(body, signed(body));
};

test('a signed event is stored with who sent it, under a name that no repository of GitHub has', async () => {
  expect(await send()).toEqual({ status: 202, answer: { status: 'accepted', repository: 'ci:jenkins/payments' } });

  const [stored] = intake.stored;
  expect(stored).toMatchObject({ name: 'ci.event', installationId: null, repository: 'ci:jenkins/payments' });
  const { event: kept, source: from } = CiReport.parse(JSON.parse(stored?.body.toString() ?? ''));
  expect(from).toEqual({ id, workspaceId, name: 'jenkins' });
  expect(kept).toMatchObject({ attempt: 1, defaultBranch: 'main', commit: 'a1b2c3d4e5', trigger: 'push' });
});

test('the same bytes, and another body with the same id, count once', async () => {
  await send();
  expect(await send()).toMatchObject({ status: 202, answer: { status: 'repeated' } });
  expect(await send({ id: 'payments-1' })).toMatchObject({ answer: { status: 'accepted' } });
  expect(await send({ id: 'payments-1', title: 'Another word' })).toMatchObject({ answer: { status: 'repeated' } });
  expect(intake.stored).toHaveLength(2);
});

describe('who it is', () => {
  const body = JSON.stringify(event);
  const hash = createHash('sha256').update(body).digest('hex');

  test.each([
    ['a token', bearer({})],
    ['a token for this body', bearer({ body_sha256: hash })],
    ['a signature of 4 minutes ago', signed(body, seconds - 240)],
  ])('%s is taken', async (_name, headers) => {
    expect(await post(body, headers)).toMatchObject({ status: 202 });
  });

  test.each([
    ['nothing', {}],
    ['another secret', signed(body, seconds, 'another')],
    ['another body', signed(`${body} `)],
    ['a signature of 6 minutes ago', signed(body, seconds - 360)],
    ['a signature of 6 minutes to come', signed(body, seconds + 360)],
    ['another source', { ...signed(body), 'x-cortex-source': randomUUID() }],
    ['a source that is no id', { ...signed(body), 'x-cortex-source': "' or 1=1" }],
    ['a token with another secret', bearer({}, {}, 'another')],
    ['a token for another body', bearer({ body_sha256: hash.replace(/^./u, (digit) => (digit === '0' ? '1' : '0')) })],
    ['a token for somebody else', bearer({}, { audience: 'another' })],
    ['a token of another source', bearer({}, { issuer: randomUUID() })],
    ['a token that lives for an hour', bearer({}, { expiresIn: 3_600 })],
    ['a token that is over', bearer({ iat: seconds - 200 })],
    ['a token that nobody signed', { authorization: `Bearer ${jwt.sign({ iss: id }, '', { algorithm: 'none' })}` }],
  ])('%s is refused, and nothing is stored', async (_name, headers) => {
    expect(await post(body, headers)).toMatchObject({ status: 401, answer: { error: 'not_authenticated' } });
    expect(intake.stored).toEqual([]);
  });
});

test.each([
  ['an unknown field', { comit: 'a1b2c3d' }, 'comit'],
  ['no jobs', { jobs: [] }, 'jobs: a failure names at least one job'],
  ['a project with a slash', { project: 'group/payments' }, 'project: '],
  ['no commit', { commit: undefined }, 'commit: '],
  ['a number of 0', { number: 0 }, 'number: '],
  ['another version', { version: 2 }, 'version: '],
  ['a page that is no page', { url: 'javascript:alert(1)' }, 'url: '],
])('%s is refused with a sentence', async (_name, changes, words) => {
  const { status, answer } = await send(changes);
  expect(status).toBe(422);
  expect(answer).toMatchObject({ error: 'bad_event', id: expect.any(String), message: expect.stringContaining(words) });
  expect(intake.stored).toEqual([]);
});

test.each([
  ['another host', 'https://evil.example/x'],
  ['plain http', 'http://logs.example.com/x'],
  ['an address with a password', 'https://a:b@logs.example.com/x'],
  ['the metadata of a cloud', 'http://169.254.169.254/latest'],
])('a log on %s is refused', async (_name, link) => {
  const { status, answer } = await send({ jobs: [{ name: 'test', log: { url: link } }] });
  expect({ status, answer }).toMatchObject({ status: 422, answer: { error: 'log_not_allowed' } });
});

test('a log on a host of the key is taken', async () => {
  const jobs = [{ name: 'test', log: { url: 'https://logs.example.com/412.log' } }];
  expect(await send({ jobs })).toMatchObject({ status: 202 });
});

test('too much, too often, no JSON, another type and a database that is away are said apart', async () => {
  const large = JSON.stringify({ ...event, title: 'x'.repeat(5 * 1024 * 1024) });
  expect(await post(large, signed(large))).toMatchObject({ status: 413 });
  expect(await post('{', signed('{'))).toMatchObject({ status: 400, answer: { error: 'bad_json' } });
  const body = JSON.stringify(event);
  expect(await post(body, { ...signed(body), 'content-type': 'text/plain' })).toMatchObject({ status: 415 });
  isDatabaseAway = true;
  expect(await send()).toMatchObject({ status: 503, answer: { error: 'unavailable' } });
  waitMs = 1_500;
  expect(await send()).toMatchObject({ status: 429, answer: { error: 'too_many' } });
});
