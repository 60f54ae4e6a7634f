import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { ChannelId, EventId, InstallationId, RunId, ThreadId, UserId, WorkspaceId } from '../../src/domain/ids.ts';
import type { StoredEvent } from '../../src/domain/ports.ts';
import type { Run, RunEvent, RunTold } from '../../src/domain/run.ts';
import { GroupName } from '../../src/domain/groups.ts';
import { runKey } from '../../src/notify/tell-run.ts';
import { processEvent } from '../../src/pipeline/jobs/process-event.ts';
import {
  aJobContext,
  aQueue,
  someRuns,
  someSubscriptions,
  someSummaries,
  workspacesBut,
} from '../support/pipeline-fakes.ts';
import { memoryPosts } from '../support/memory-stores.ts';
import { aFailure, aRun } from '../support/report-builders.ts';
import { memoryGroups } from '../support/groups.ts';
import { memoryRuleFiles } from '../support/rule-files.ts';
import { aRule } from '../support/rules.ts';

const here = WorkspaceId.parse('T0ACME');
const there = WorkspaceId.parse('T0OTHER');
const installationId = InstallationId.parse(42);
const eventId = EventId.parse(randomUUID());
const stored: StoredEvent = {
  id: eventId,
  deliveryId: randomUUID(),
  name: 'workflow_run',
  installationId,
  body: Buffer.alloc(0),
};

type Kind = RunTold['kind'];

function setUp({
  workspaces = [here],
  channels = { C0ONE: null },
  known = [],
  rule = 'acme/web',
}: { workspaces?: WorkspaceId[]; channels?: Record<string, string | null>; known?: Run[]; rule?: string } = {}) {
  const runs = someRuns(...known);
  const queue = aQueue();
  const { failures } = someSummaries();
  const process = (event: RunEvent, more: Record<string, unknown> = {}) =>
    processEvent(
      aJobContext({
        events: { find: async () => stored },
        eventReader: { read: async () => event },
        installations: { workspacesOf: async () => workspaces },
        subscriptions: someSubscriptions(aRun().repository, channels, aRule(rule)),
        runs,
        queue,
        failures,
        ...more,
      }),
      { eventId },
    );
  return { runs, queue, failures, process };
}

const event = (kind: Kind, run: Partial<Run> = {}): Extract<RunEvent, { kind: Kind }> => ({
  kind,
  installationId,
  run: aRun(run),
});

const WAITING = { status: 'waiting', conclusion: 'action_required' } as const;

describe('a run that did not fail', () => {
  const told = { kind: 'tell-run', payload: { workspaceId: here, channelId: 'C0ONE' } };

  test('is told where a rule wants every run, under one key for its state', async () => {
    const { process } = setUp({ rule: 'acme/web on:always' });
    const passed = event('run-passed', { conclusion: 'success' });

    const planned = await process(passed);
    expect(planned).toMatchObject([told]);
    expect(await process(passed)).toEqual(planned);
    expect(await process(event('run-changed', { conclusion: 'skipped', runId: RunId.parse(7) }))).toMatchObject([told]);
  });

  test('is told where it waits for an approval and a rule wants to hear of that', async () => {
    const { process } = setUp({ rule: 'acme/web on:action_required' });

    expect(await process(event('run-changed', WAITING))).toMatchObject([told]);
  });

  test('is told to nobody by a usual rule', async () => {
    const { process } = setUp();

    expect(await process(event('run-passed', { conclusion: 'success' }))).toEqual([]);
    expect(await process(event('run-changed', { ...WAITING, attempt: 2 }))).toEqual([]);
  });

  test('is told again to whoever was told that it waits, whatever the rules say by then', async () => {
    const posts = memoryPosts();
    await posts.reserve(here, aJobContext({}).lease, { channelId: ChannelId.parse('C0ONE'), key: runKey(aRun()) });
    const { process } = setUp({ known: [aRun(WAITING)] });

    const started = await process(event('run-changed', { status: 'in_progress', conclusion: null }), { posts });
    const failed = await process(event('run-failed'), { posts });

    expect(started).toMatchObject([told]);
    expect(failed).toMatchObject([{ kind: 'analyze-run' }, told]);
    expect(failed[1]?.dedupeKey).not.toBe(started[0]?.dedupeKey);
  });
});

describe('news of a repository', () => {
  const repository = aRun().repository;

  test('that tell its topics are kept for each workspace, also with a run that has ended', async () => {
    const groups = memoryGroups();
    const { process } = setUp();
    const news: RunEvent = { kind: 'topics-told', installationId, repository, topics: ['web'] };

    expect(await process(news, { groups })).toEqual([]);
    expect(groups.topics).toEqual({ [repository]: ['web'] });
    await process({ ...event('run-changed', { status: 'in_progress', conclusion: null }), topics: ['no'] }, { groups });
    expect(groups.topics).toEqual({ [repository]: ['web'] });
    await process({ ...event('run-failed'), topics: ['pay'] }, { groups });
    expect(groups.topics).toEqual({ [repository]: ['pay'] });
  });

  test('that change what we may see have every topic and team asked for again', async () => {
    const name = GroupName.parse('team:acme/core');
    const { process } = setUp();
    const groups = memoryGroups([{ workspaceId: here, name }]);
    const ruleFiles = { ...memoryRuleFiles(), stale: async () => [{ workspaceId: here, repository }] };

    const planned = await process({ kind: 'sight-changed', installationId }, { groups, ruleFiles });

    expect(planned).toMatchObject([
      { kind: 'refresh-group', payload: { workspaceId: here, name } },
      { kind: 'read-rules', payload: { workspaceId: here, repository } },
    ]);
  });

  test('that change its file of rules have it read where a channel takes its rules from there', async () => {
    const ruleFiles = memoryRuleFiles();
    const { process } = setUp();
    const news: RunEvent = { kind: 'rules-pushed', installationId, repository };

    expect(await process(news, { ruleFiles })).toEqual([]);
    const place = { channelId: ChannelId.parse('C0ONE'), repository };
    await ruleFiles.agree({ workspaceId: here, userId: UserId.parse('U0BEN') }, place);
    expect(await process(news, { ruleFiles })).toMatchObject([{ kind: 'read-rules' }]);
  });
});

describe('a failed run', () => {
  test('is remembered and analysed where a channel subscribes', async () => {
    const { runs, process } = setUp();

    expect(await process(event('run-failed'))).toMatchObject([{ kind: 'analyze-run', payload: { workspaceId: here } }]);
    expect(runs.rows).toEqual([aRun()]);
  });

  test('is analysed in each workspace that is linked', async () => {
    const { process } = setUp({ workspaces: [here, there] });

    expect((await process(event('run-failed'))).map(({ payload }) => payload)).toMatchObject([
      { workspaceId: here },
      { workspaceId: there },
    ]);
  });

  test('is only remembered where nobody subscribes, or all have been paused', async () => {
    const { runs, process } = setUp({ channels: { C0ONE: 'is_archived' } });

    expect(await process(event('run-failed'))).toEqual([]);
    expect(runs.rows).toHaveLength(1);
  });

  test('is nothing to a workspace that removed us', async () => {
    const { runs, process } = setUp();

    expect(await process(event('run-failed'), { workspaces: workspacesBut(here) })).toEqual([]);
    expect(runs.rows).toEqual([]);
  });

  test('is planned again, under the same key, when its job runs twice', async () => {
    const { process } = setUp();

    expect(await process(event('run-failed'))).toEqual(await process(event('run-failed')));
  });

  test('that comes after its re-run was known plans nothing', async () => {
    const { process } = setUp({ known: [aRun({ attempt: 2, status: 'in_progress', conclusion: null })] });

    expect(await process(event('run-failed', { attempt: 1 }))).toEqual([]);
  });

  test('is planned in whatever order its events come', async () => {
    const failed = event('run-failed');
    const requested = event('run-changed', { status: 'requested', conclusion: null });
    const started = event('run-changed', { status: 'in_progress', conclusion: null });
    for (const order of [
      [requested, started, failed],
      [requested, failed, started],
      [failed, requested, started],
      [failed, started, requested],
      [started, failed, requested],
      [started, requested, failed],
    ]) {
      const { runs, process } = setUp();
      const planned = [];
      for (const each of order) planned.push(...(await process(each)));
      expect(planned).toHaveLength(1);
      expect(runs.rows).toMatchObject([{ status: 'completed', conclusion: 'failure' }]);
    }
  });
});

describe('a run that passed', () => {
  const passed = event('run-passed', { conclusion: 'success', number: 813 });
  const resolution = () => {
    const failure = aFailure();
    const thread = {
      id: ThreadId.parse(randomUUID()),
      channelId: ChannelId.parse('C0ONE'),
      failureId: failure.id,
      ts: null,
      shown: null,
      called: null,
    };
    return { failure, threads: [thread] };
  };

  test('resolves what it ends, and has every thread told', async () => {
    const { failures, queue, process } = setUp();
    failures.resolved.push(resolution());

    expect(await process(passed)).toEqual([]);

    expect(failures.stored).toMatchObject([
      { kind: 'deliver-recovery', payload: { workspaceId: here, channelId: 'C0ONE' } },
    ]);
    expect(queue.woken).toHaveLength(1);
  });

  test('of an attempt that was overtaken resolves nothing', async () => {
    const { failures, process } = setUp({ known: [aRun({ attempt: 2, number: 813 })] });
    failures.resolved.push(resolution());

    await process(passed);

    expect(failures.stored).toEqual([]);
  });
});

test('a run that goes on is only remembered', async () => {
  const { runs, process } = setUp();

  expect(await process(event('run-changed', { status: 'in_progress', conclusion: null }))).toEqual([]);
  expect(runs.rows).toHaveLength(1);
});

test('a delivery that means nothing to us, or that is gone, plans nothing', async () => {
  const { runs, process } = setUp();

  expect(await process({ kind: 'ignored', reason: 'a ping' })).toEqual([]);
  expect(await process(event('run-failed'), { events: { find: async () => null } })).toEqual([]);
  expect(runs.rows).toEqual([]);
});
