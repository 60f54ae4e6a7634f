import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { EventId, InstallationId, RepositoryName, RunId, WorkspaceId } from '../../src/domain/ids.ts';
import type { Ports } from '../../src/domain/ports.ts';
import { GitHubNotFoundError, GitHubUnavailableError } from '../../src/errors.ts';
import { createGitHub } from '../../src/github/github.ts';
import { createLocalGitHub, type LocalGitHub } from '../../src/sandbox/github/local-github.ts';
import { fakeLog } from '../support/fake-log.ts';
import { fakeMetrics } from '../support/fake-metrics.ts';
import { only } from '../support/memory-stores.ts';
import { aPassingJob, aRun } from '../support/scripts.ts';
import { REPOSITORY } from '../support/stage.ts';

const workspaceId = WorkspaceId.parse('T0ACME');
const repository = RepositoryName.parse(REPOSITORY);
const signal = AbortSignal.timeout(60_000);
const webhookSecret = randomBytes(16).toString('hex');
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
/** What our own webhook address answers. */
let answer = 503;
const receiver = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(answer).end());
});

let local: LocalGitHub;

function connect(apiUrl = local.apiUrl) {
  const installations = only<Ports['installations']>({
    isLinked: async (_workspace, installation) => installation === InstallationId.parse(51_423),
  });
  return createGitHub(
    { installations, log: fakeLog(), clock: { now: () => new Date() }, metrics: fakeMetrics() },
    { appId: 4711, privateKey, webhookSecrets: [webhookSecret], apiUrl, webUrl: local.url, logHosts: [local.logHost] },
  );
}

function sourceOf({ deliverySources }: ReturnType<typeof connect>) {
  const [source] = deliverySources.all();
  if (source === undefined) throw new Error('No source');
  return source;
}

beforeAll(async () => {
  local = await createLocalGitHub({ appId: 4711, privateKey, webhookSecret });
  local.addRepository(REPOSITORY);
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const address = receiver.address();
  local.webhookUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
});
afterEach(() => local.faults.clear());
afterAll(async () => {
  receiver.close();
  receiver.closeAllConnections();
  await local.close();
});

describe("GitHub's list of deliveries", () => {
  const source = () => sourceOf(connect());

  test('is read from its newest entry to its oldest, page by page', async () => {
    answer = 503;
    for (let index = 0; index < 120; index += 1) await local.send({ event: 'push', payload: { index } });
    const first = await source().list(null, signal);
    const second = await source().list(first.next, signal);

    expect(first).toMatchObject({ isFirst: true, next: expect.stringContaining('v1_') });
    expect([first.tries.length, second.next, second.isFirst]).toEqual([100, null, false]);
    const guids = [...first.tries, ...second.tries].map(({ guid }) => guid);
    expect(guids).toEqual(
      local
        .deliveries()
        .map(({ guid }) => guid)
        .toReversed(),
    );
    expect(first.tries[0]).toMatchObject({
      event: 'push',
      isSuccess: false,
      answer: '503 Invalid HTTP Response: 503',
      at: expect.any(Date),
    });
  });

  test('has a later try of one delivery under the same guid, and a redirect is no success', async () => {
    answer = 302;
    const { guid } = await local.send({ event: 'push', payload: { redirected: true } });
    const [failed] = (await source().list(null, signal)).tries;
    expect(failed).toMatchObject({ guid, isSuccess: false });
    answer = 202;

    expect(await source().redeliver(failed?.id ?? '', signal)).toEqual({ kind: 'asked' });
    await local.settled();

    const [again] = (await source().list(null, signal)).tries;
    expect(again).toMatchObject({ guid, isSuccess: true, answer: '202 OK' });
    expect(again?.id).not.toBe(failed?.id);
  });

  test.each([404, 422])('says what GitHub does not keep any more (%i)', async (status) => {
    local.faults.add({ kind: 'status', status, method: 'POST', path: /\/attempts$/u });

    expect(await source().redeliver('12345', signal)).toEqual({ kind: 'gone' });
  });

  test('begins anew where GitHub does not take the cursor any more', async () => {
    local.faults.add({ kind: 'status', status: 422, path: /^\/app\/hook\/deliveries$/u });

    const { isFirst, tries } = await source().list('v1_1', signal);

    expect([isFirst, tries.length > 0]).toEqual([true, true]);
  });

  test('is away as GitHub is', async () => {
    local.faults.add({ kind: 'status', status: 502, path: /^\/app\/hook/u });
    await expect(source().list(null, signal)).rejects.toBeInstanceOf(GitHubUnavailableError);
  });

  test("is kept for three days, and for seven on a server of one's own", () => {
    const days = (apiUrl: string) => sourceOf(connect(apiUrl)).keptMs / (24 * 60 * 60_000);

    expect(
      ['https://api.github.com', 'https://api.acme.ghe.com', 'https://github.acme.example/api/v3'].map(days),
    ).toEqual([3, 3, 7]);
  });

  test('has numbers that no JavaScript number holds, and entries that are left out', async () => {
    const asked: Array<string | undefined> = [];
    const odd = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(200, { 'content-type': 'application/json' });
      const entry = {
        guid: 'a-guid',
        delivered_at: '2026-11-28T12:00:00.123Z',
        status: 'timed out\u0000\n<!channel>',
        status_code: 504,
        event: 'push',
        action: null,
        installation_id: null,
      };
      const text = JSON.stringify([{ ...entry, id: 0 }, { ...entry, guid: "'; drop" }, 'x', null]);
      response.end(text.replace('"id":0', '"id":185203944122185203944122'));
    }).listen(0, '127.0.0.1');
    await once(odd, 'listening');
    const address = odd.address();
    const deliverySource = sourceOf(
      connect(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`),
    );

    const { tries } = await deliverySource.list(null, signal);
    const [only] = tries;
    await deliverySource.redeliver(only?.id ?? '', signal);
    odd.close();

    expect(tries).toEqual([
      {
        id: '185203944122185203944122',
        guid: 'a-guid',
        event: 'push',
        action: null,
        installationId: null,
        at: new Date('2026-11-28T12:00:00.123Z'),
        isSuccess: false,
        answer: '504 timed out',
      },
    ]);
    expect(asked.at(-1)).toBe('POST /app/hook/deliveries/185203944122185203944122/attempts');
  });
});

describe('runs that ended', () => {
  const long = () => new Date(Date.now() - 60 * 60_000);

  test('are listed with a mark, by which GitHub says later that nothing has changed', async () => {
    local.webhookUrl = null;
    const { endedRuns } = connect();
    const failed = await local.play(aRun());
    const passed = await local.play(aRun({ jobs: [aPassingJob()] }));
    await local.start(aRun()); // has not ended
    await local.play(aRun({ conclusion: 'action_required', jobs: [] })); // waits for an approval

    const listed = await endedRuns.ended(workspaceId, { repository, since: long(), mark: null }, signal);
    if (listed.kind !== 'listed') throw new Error(listed.kind);

    expect(listed.runs.map(({ runId, attempt, conclusion }) => [runId, attempt, conclusion])).toEqual([
      [passed.runId, 1, 'success'],
      [failed.runId, 1, 'failure'],
    ]);
    const which = { repository, since: long(), mark: listed.mark };
    expect(await endedRuns.ended(workspaceId, which, signal)).toEqual({ kind: 'unchanged' });
    expect(local.journal.at(-1)?.status).toBe(304);
    await local.rerun(failed.runId, { jobs: [aPassingJob()] });
    const again = await endedRuns.ended(workspaceId, which, signal);
    expect(again).toMatchObject({
      kind: 'listed',
      runs: expect.arrayContaining([
        expect.objectContaining({ runId: failed.runId, attempt: 2, conclusion: 'success' }),
      ]),
    });
    const later = { ...which, mark: null, since: new Date(Date.now() + 60_000) };
    expect(await endedRuns.ended(workspaceId, later, signal)).toMatchObject({ runs: [] });
  });

  test('of a busy repository are listed over its pages, no further back than they can matter', async () => {
    local.addRepository('acme/busy');
    const busy = RepositoryName.parse('acme/busy');
    for (let index = 0; index < 60; index += 1) await local.play(aRun({ repository: busy, jobs: [aPassingJob()] }));

    const listed = await connect().endedRuns.ended(
      workspaceId,
      { repository: busy, since: long(), mark: null },
      signal,
    );

    expect(listed.kind === 'listed' && listed.runs).toHaveLength(60);
  });

  test('are found by their number, in their newest attempt, however long ago they began', async () => {
    const { endedRuns } = connect();
    const { runId } = await local.play(aRun({ branch: 'long' }));
    await local.rerun(runId, { jobs: [aPassingJob()] });
    const endOf = (id: number) => endedRuns.endOf(workspaceId, { repository, runId: RunId.parse(id) }, signal);

    expect(await endOf(runId)).toMatchObject({ runId, attempt: 2, conclusion: 'success' });
    expect(await endOf(runId + 1_000)).toBeNull();
    const started = await local.start(aRun({ branch: 'longer' }));
    expect(await endOf(started.runId)).toBeNull();
    await started.finish();
    expect(await endOf(started.runId)).toMatchObject({ attempt: 1, conclusion: 'failure' });
  });

  test('make the body of the delivery that would have told of them', async () => {
    const { endedRuns, eventReader } = connect();
    const { runId } = await local.play(aRun({ branch: 'made-up' }));
    const ref = { repository, runId: RunId.parse(runId), attempt: 1 };

    const { installationId, body } = await endedRuns.body(workspaceId, ref, signal);
    const event = await eventReader.read({
      id: EventId.parse(randomUUID()),
      deliveryId: 'reconciled',
      name: 'workflow_run',
      installationId,
      body,
    });

    expect(event).toMatchObject({ kind: 'run-failed', installationId: 51_423, run: { ...ref, branch: 'made-up' } });
    expect(body.length).toBeLessThan(8_000);
    await expect(endedRuns.body(workspaceId, { ...ref, attempt: 9 }, signal)).rejects.toBeInstanceOf(
      GitHubNotFoundError,
    );
  });
});
