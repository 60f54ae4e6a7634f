import { createHash, randomUUID } from 'node:crypto';
import { setInterval } from 'node:timers/promises';
import { expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { EventId, InstallationId, type RepositoryName } from '../../src/domain/ids.ts';
import type { Ports } from '../../src/domain/ports.ts';
import { createEventReader } from '../../src/github/events.ts';
import { accept } from '../../src/pipeline/accept.ts';
import { createJobs } from '../../src/pipeline/jobs/index.ts';
import { createWorker } from '../../src/pipeline/worker.ts';
import { createInProcessQueue } from '../../src/queue/in-process.ts';
import { createMemoryReceipts } from '../../src/queue/receipts.ts';
import { aChannelId, anAsker, aRepository } from '../db/samples.ts';
import { describeDatabase, type TestDatabase } from '../support/database.ts';
import { fakeLog } from '../support/fake-log.ts';
import { fakePorts } from '../support/fake-ports.ts';
import { aServer, theseServers } from '../support/github-servers.ts';
import { readable } from '../support/hostile.ts';
import { anInProcessLogReader } from '../support/in-process-log-reader.ts';
import { FAILING_JEST } from '../support/logs.ts';
import { memoryMessenger } from '../support/memory-messenger.ts';
import { NO_MODELS } from '../../src/analysis/route.ts';
import { aGitHub, aWorkflowJob } from '../support/pipeline-fakes.ts';
import { aRule } from '../support/rules.ts';

const ORDERS = 500;
/** So many of them are played through to the channel, which takes longer. */
const WHOLE = 120;
const SEED = 20_261_128;
/** Runs whose deliveries arrive side by side. */
const LANES = 10;
const RECONCILE = { redeliveriesPerMinute: 60, pollIntervalMs: 900_000 };
const ROOM = { messages: 10 * WHOLE, withinMs: 300_000 };
jest.setTimeout(300_000);

interface Told {
  name: 'workflow_run' | 'workflow_job';
  attempt: number;
  payload: object;
}

/** Everything that GitHub tells of one run: three attempts, the jobs of which failed each time. The last one decides. */
function eventsOf(index: number, { repository, installationId }: Place): Told[] {
  const place = {
    installation: { id: installationId },
    repository: { full_name: repository, default_branch: 'main' },
  };
  const runs = [1, 2, 3].flatMap((attempt) =>
    (['requested', 'in_progress', 'completed'] as const).map((action): Told => {
      const status = action === 'requested' ? 'queued' : action;
      const conclusion = action === 'completed' ? 'failure' : null;
      const at = `2026-11-28T10:0${attempt}:00Z`;
      const run = {
        id: 9_000_000 + index,
        run_attempt: attempt,
        run_number: index + 1,
        name: 'CI',
        head_branch: branchOf(index),
        head_sha: index.toString(16).padStart(40, 'a'),
        event: 'push',
        status,
        conclusion,
        display_title: 'Round up',
        actor: { login: 'ada', type: 'User' },
        pull_requests: [],
        run_started_at: at,
        created_at: '2026-11-28T10:00:00Z',
        updated_at: at,
      };
      return { name: 'workflow_run', attempt, payload: { action, ...place, workflow_run: run } };
    }),
  );
  const jobs = ['build', 'lint', 'test', 'docs', 'deploy'].map((name, at): Told => {
    const job = {
      id: 70_000 + at,
      run_id: 9_000_000 + index,
      run_attempt: 1,
      name,
      status: 'completed',
      conclusion: 'failure',
    };
    return { name: 'workflow_job', attempt: 1, payload: { action: 'completed', ...place, workflow_job: job } };
  });
  return [...runs, ...jobs];
}

interface Place {
  repository: RepositoryName;
  installationId: InstallationId;
}

const branchOf = (index: number): string => `topic-${String(index).padStart(3, '0')}`;

/** Each order has gaps, repeats of the same bytes, and the same event in other bytes, as a second hook would send it. */
function shuffled(all: readonly Told[]): fc.Arbitrary<Told[]> {
  const last = all.filter(
    ({ name, attempt, payload }) =>
      name === 'workflow_run' && attempt === 3 && 'action' in payload && payload.action === 'completed',
  );
  const rest = all.filter((told) => !last.includes(told));
  const other = (told: Told): Told => ({ ...told, payload: { ...told.payload, sender: { login: 'a second hook' } } });
  return fc
    .tuple(
      fc.subarray(rest, { minLength: 6 }),
      fc.subarray([...all], { maxLength: 4 }),
      fc.subarray([...all], { maxLength: 2 }),
    )
    .map(([kept, again, elsewhere]) => [...last, ...kept, ...again, ...elsewhere.map(other)])
    .chain((told) => fc.shuffledSubarray(told, { minLength: told.length, maxLength: told.length }));
}

describeDatabase('the deliveries of a run, in any order', 'PostgreSQL', (open) => {
  test('five hundred of them, with gaps and repeats, end in one state', async () => {
    const { stores } = open();
    const { workspaceId } = anAsker();
    const place = { repository: aRepository(), installationId: InstallationId.parse(42) };
    const reader = createEventReader({ log: fakeLog(), servers: theseServers(aServer()) });
    const waiting = Array.from({ length: ORDERS }, (_, index) => index);
    const play = async (index: number): Promise<void> => {
      for (const { name, payload } of orderOf(index, place)) {
        const body = Buffer.from(JSON.stringify(payload));
        const stored = { id: EventId.parse(randomUUID()), deliveryId: randomUUID(), name, body };
        const event = await reader.read({ ...stored, installationId: place.installationId });
        if ('run' in event) await stores.runs.record(workspaceId, event.run);
      }
    };
    const lane = async (): Promise<void> => {
      for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) await play(index);
    };

    await Promise.all(Array.from({ length: LANES }, lane));

    const since = {
      since: new Date(0),
      limit: 10 * ORDERS,
      states: ['failed', 'ended', 'waiting', 'under-way'],
    } as const;
    const all = await stores.runs.recent(workspaceId, aRule(place.repository).target, since);
    const newest = new Map(
      all
        .map(({ run }) => run)
        .sort((a, b) => a.attempt - b.attempt)
        .map((run) => [run.runId, run]),
    );
    expect(newest.size).toBe(ORDERS);
    expect(
      new Set(Array.from(newest.values(), ({ attempt, status, conclusion }) => `${attempt} ${status} ${conclusion}`)),
    ).toEqual(new Set(['3 completed failure']));
  });

  test('with gaps and repeats, end in one state of each run, and one thread', async () => {
    const { stores, ...database } = open();
    const { place, ports, messenger, channelId } = await setUp(open());
    const worker = createWorker(ports, {
      table: createJobs({
        deadlineMs: 5_000,
        redaction: { salt: 'a salt for tests' },
        room: ROOM,
        reconcile: RECONCILE,
      }),
      concurrency: 8,
      leaseMs: 60_000,
      maxAttempts: 10,
      maxCrashes: 3,
    });
    await worker.start();
    const waiting = Array.from({ length: WHOLE }, (_, index) => index);
    const lane = async (): Promise<void> => {
      for (let index = waiting.shift(); index !== undefined; index = waiting.shift())
        for (const told of orderOf(index, place)) await deliver(ports, told, place);
    };

    await Promise.all(Array.from({ length: LANES }, lane));
    for await (const _ of setInterval(500)) {
      const [left] = await database.sql(`select count(*)::int as jobs from jobs where status <> 'done'`);
      if (left?.['jobs'] === 0) break;
      await ports.queue.wake(await stores.jobs.takeDue(500));
    }
    await worker.stop(5_000);

    const ends = await database.sql(
      `select distinct on (run_id) attempt, status, conclusion from runs where repository = '${place.repository}' order by run_id, attempt desc`,
    );
    expect(ends).toEqual(
      Array.from({ length: WHOLE }, () => ({ attempt: 3, status: 'completed', conclusion: 'failure' })),
    );
    const failures = await database.sql(
      `select branch, status, last_attempt, (select count(*)::int from threads where failure_id = failures.id) as threads from failures order by branch`,
    );
    expect(failures).toEqual(
      Array.from({ length: WHOLE }, (_, index) => ({
        branch: branchOf(index),
        status: 'open',
        last_attempt: 3,
        threads: 1,
      })),
    );
    const parents = messenger.posted.filter(({ place: { threadTs } }) => threadTs === undefined);
    expect(parents).toHaveLength(WHOLE);
    expect(new Set(parents.map(({ place: { channelId: id } }) => id))).toEqual(new Set([channelId]));
    expect(new Set(messenger.posted.map(({ key }) => key)).size).toBe(messenger.posted.length);
    const texts = new Set(parents.map(({ message }) => withoutNames(readable(message))));
    expect([...texts]).toEqual([expect.stringContaining('New failure')]);
  });
});

function orderOf(index: number, place: Place): Told[] {
  return fc.sample(shuffled(eventsOf(index, place)), { seed: SEED + index, numRuns: 1 })[0] ?? [];
}

/** What a message says, less what is different in each run. */
function withoutNames(text: string): string {
  return text
    .replaceAll(/topic-\d{3}/gu, 'topic')
    .replaceAll(/#\d+/gu, '#')
    .replaceAll(/\ba{7}\b/gu, 'commit');
}

async function setUp({ stores }: TestDatabase) {
  const { workspaceId, userId } = anAsker();
  const place = { repository: aRepository(), installationId: InstallationId.parse(42) };
  const channelId = aChannelId();
  await stores.workspaces.saveInstall(workspaceId, { name: 'Acme', installation: {} });
  await stores.installations.link(workspaceId, place.installationId);
  await stores.subscriptions.create({ workspaceId, userId }, channelId, aRule(place.repository));
  const log = fakeLog();
  const messenger = memoryMessenger();
  const ports = fakePorts({
    ...stores,
    ...aGitHub({ jobs: [aWorkflowJob()], log: `${FAILING_JEST}\n##[error]Process completed with exit code 1.\n` }),
    log,
    queue: createInProcessQueue({ log }),
    eventReader: createEventReader({ log, servers: theseServers(aServer()) }),
    logReader: anInProcessLogReader({ salt: 'a salt for tests' }),
    receipts: createMemoryReceipts(),
    models: NO_MODELS,
    messenger,
  });
  return { place, ports, messenger, channelId };
}

async function deliver(ports: Ports, { name, payload }: Told, { repository, installationId }: Place): Promise<void> {
  const body = Buffer.from(JSON.stringify(payload));
  const bodyHash = createHash('sha256').update(body).digest();
  await accept(ports, { deliveryId: randomUUID(), name, action: null, installationId, repository, body, bodyHash });
}
