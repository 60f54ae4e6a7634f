import { A_ROOM } from '../support/report-builders.ts';
import { afterEach, describe, expect, test } from '@jest/globals';
import { UserId, WorkspaceId } from '../../src/domain/ids.ts';
import type { AdminNotice } from '../../src/domain/notice.ts';
import {
  ChannelUnavailableError,
  MessageRefusedError,
  SlackUnavailableError,
  WorkspaceRevokedError,
} from '../../src/errors.ts';
import { createJobs } from '../../src/pipeline/jobs/index.ts';
import { notifyAdmin } from '../../src/pipeline/jobs/notify-admin.ts';
import { notifyAdmins } from '../../src/pipeline/jobs/notify-admins.ts';
import { planNotices } from '../../src/pipeline/notices.ts';
import { createWorker, type Worker } from '../../src/pipeline/worker.ts';
import { createInProcessQueue } from '../../src/queue/in-process.ts';
import { eventually } from '../support/eventually.ts';
import { fakeLog } from '../support/fake-log.ts';
import { fakePorts } from '../support/fake-ports.ts';
import { memoryJobStore } from '../support/memory-job-store.ts';
import { memoryMessenger } from '../support/memory-messenger.ts';
import { memoryWorkspaces, only } from '../support/memory-stores.ts';
import { aJobContext } from '../support/pipeline-fakes.ts';
import type { Directory, Ports } from '../../src/domain/ports.ts';

const workspaceId = WorkspaceId.parse('T0ACME');
const [ADA, ZOE] = [UserId.parse('U0ADA'), UserId.parse('U0ZOE')];
const amounts = { spentMicroUsd: 40_120_000, budgetMicroUsd: 50_000_000 };
const notice: AdminNotice = { kind: 'budget-warning', month: '2026-11', ...amounts };

async function setUp(admins: () => Promise<UserId[]> = async () => [ADA, ZOE]) {
  const workspaces = memoryWorkspaces();
  await workspaces.saveInstall(workspaceId, { name: 'Acme', installation: {} });
  const parts = { workspaces, messenger: memoryMessenger(), directory: only<Directory>({ admins }), log: fakeLog() };
  return { ...parts, context: aJobContext(parts) };
}

describe('finding the admins', () => {
  test('makes a job for each of them', async () => {
    const { context } = await setUp();

    const jobs = await notifyAdmins(context, { workspaceId, notice });

    expect(jobs).toMatchObject([
      { kind: 'notify-admin', payload: { workspaceId, userId: ADA, notice } },
      { kind: 'notify-admin', payload: { workspaceId, userId: ZOE, notice } },
    ]);
    expect(await notifyAdmins(context, { workspaceId, notice })).toEqual(jobs);
  });

  test('that are none is worth a line in the log', async () => {
    const { context, log } = await setUp(async () => []);

    expect(await notifyAdmins(context, { workspaceId, notice })).toEqual([]);
    expect(log.at('warn')).toHaveLength(1);
  });

  test('is not for a workspace that removed us, or that just turns out to have', async () => {
    const asked: string[] = [];
    const { context, workspaces } = await setUp(async () => {
      asked.push('admins');
      throw new WorkspaceRevokedError('token_revoked');
    });

    expect(await notifyAdmins(context, { workspaceId, notice })).toEqual([]);
    expect(workspaces.revoked.get(workspaceId)).toBe('token_revoked');
    expect(await notifyAdmins(context, { workspaceId, notice })).toEqual([]);
    expect(asked).toHaveLength(1);
  });

  test('is tried again where Slack is away', async () => {
    const { context } = await setUp(() => Promise.reject(new SlackUnavailableError('away')));

    await expect(notifyAdmins(context, { workspaceId, notice })).rejects.toThrow(SlackUnavailableError);
  });
});

describe('telling one admin', () => {
  const payload = { workspaceId, userId: ADA, notice };

  test('is one message to that person', async () => {
    const { context, messenger } = await setUp();

    expect(await notifyAdmin(context, payload)).toEqual([]);

    expect(messenger.posted).toMatchObject([{ place: { channelId: ADA }, key: 'notice:budget-warning:2026-11:U0ADA' }]);
    expect(messenger.read(ADA)[0]).toContain('80 % of the model budget is spent');
  });

  test('a second time finds the first message', async () => {
    const { context, messenger } = await setUp();
    messenger.failNext('post', new SlackUnavailableError('no answer'), { isDone: true });

    await expect(notifyAdmin(context, payload)).rejects.toThrow(SlackUnavailableError);
    await notifyAdmin(context, payload);

    expect(messenger.posted).toHaveLength(1);
  });

  test('who cannot be written to is over, and no subscription is touched', async () => {
    const { context, messenger, log } = await setUp();
    messenger.failNext('post', new ChannelUnavailableError('messages_tab_disabled'));

    expect(await notifyAdmin(context, payload)).toEqual([]);
    expect(log.at('warn')).toMatchObject([{ fields: { userId: ADA, reason: 'messages_tab_disabled' } }]);
  });

  test('in words that Slack refuses is done in plain ones', async () => {
    const { context, messenger } = await setUp();
    messenger.failNext('post', new MessageRefusedError('invalid_blocks'));

    await notifyAdmin(context, payload);

    expect(messenger.posted[0]?.message.blocks).toHaveLength(1);
  });

  test('of a workspace that removed us is not done', async () => {
    const { context, messenger, workspaces } = await setUp();
    messenger.failNext('post', new WorkspaceRevokedError('account_inactive'));

    expect(await notifyAdmin(context, payload)).toEqual([]);
    expect(workspaces.revoked.get(workspaceId)).toBe('account_inactive');
    expect(await notifyAdmin(context, payload)).toEqual([]);
    expect(messenger.posted).toEqual([]);
  });
});

describe('with a worker', () => {
  const open: Worker[] = [];
  afterEach(async () => {
    for (const worker of open.splice(0)) await worker.stop(0);
  });

  async function start(ports: Partial<Ports>, jobs = memoryJobStore()) {
    const queue = createInProcessQueue({ log: fakeLog() });
    const table = createJobs({
      deadlineMs: 1_000,
      redaction: { salt: 'a salt for tests' },
      room: A_ROOM,
      reconcile: { redeliveriesPerMinute: 60, pollIntervalMs: 900_000 },
    });
    const limits = { leaseMs: 10_000, maxAttempts: 8, maxCrashes: 3, concurrency: 4, random: () => 0 };
    const worker = createWorker(fakePorts({ ...ports, jobs, queue }), { table, ...limits });
    open.push(worker);
    await worker.start();
    const isDone = () => [...jobs.rows.values()].every(({ status }) => status === 'done');
    return { jobs, queue, worker, untilDone: () => eventually(() => expect(isDone()).toBe(true)) };
  }

  const planned = () =>
    planNotices(workspaceId, [{ kind: 'budget-warning', ...amounts }], new Date('2026-11-24T12:00:00Z'));

  test('every admin is told once, however often it is planned', async () => {
    const { messenger, directory, workspaces } = await setUp();
    const { jobs, queue, untilDone } = await start({ messenger, directory, workspaces });

    await queue.wake(await jobs.enqueue(planned()));
    await eventually(() => expect(messenger.posted).toHaveLength(2));
    await untilDone();
    expect(await jobs.enqueue(planned())).toEqual([]);

    expect(messenger.posted.map(({ place }) => place.channelId).sort()).toEqual([ADA, ZOE]);
  });

  test('a process that ends between two admins tells neither of them twice, though nothing can be looked up', async () => {
    const { messenger, directory, workspaces } = await setUp();
    messenger.mayLook = false;
    const never = Promise.withResolvers<never>();
    const stuck = only<Ports['messenger']>({
      findPosted: async () => null,
      post: (workspace, place, message, key) =>
        place.channelId === ZOE ? never.promise : messenger.post(workspace, place, message, key),
    });
    const first = await start({ messenger: stuck, directory, workspaces });
    await first.queue.wake(await first.jobs.enqueue(planned()));
    const rowOf = (userId: UserId) => [...first.jobs.rows.values()].find(({ dedupeKey }) => dedupeKey.endsWith(userId));
    await eventually(() => expect([rowOf(ADA)?.status, rowOf(ZOE)?.lease]).toEqual(['done', expect.anything()]));

    // Killed: its lease runs out, and another process takes over.
    for (const { id } of first.jobs.rows.values()) first.jobs.expire(id);
    const second = await start({ messenger, directory, workspaces }, first.jobs);
    await second.queue.wake([...first.jobs.rows.keys()]);
    await second.untilDone();

    expect(messenger.posted.map(({ place }) => place.channelId)).toEqual([ADA, ZOE]);
  });
});
