import { describe, expect, test } from '@jest/globals';
import type { ChannelId, FailureId, MessageTs, WorkspaceId } from '../../src/domain/ids.ts';
import type { OverviewStore } from '../../src/domain/overview.ts';
import type { Run } from '../../src/domain/run.ts';
import type { Stores } from '../../src/db/database.ts';
import { describeBothDatabases } from '../support/database.ts';
import { memoryOverview } from '../support/memory-overview.ts';
import { aFailure, aSighting } from '../support/report-builders.ts';
import { aChannelId, aLease, aRepository, aRun, aRunId, aTs, aWorkspaceId, saved } from './samples.ts';

/** What happens to failures, told to a store. */
interface World {
  overview: OverviewStore;
  fail: (workspaceId: WorkspaceId, run: Run, cause: { fingerprint: string; headline: string }) => Promise<FailureId>;
  /** The run of that failure goes green at its next attempt, on the same commit. */
  passAgain: (workspaceId: WorkspaceId, run: Run) => Promise<void>;
  fix: (workspaceId: WorkspaceId, run: Run) => Promise<void>;
  post: (workspaceId: WorkspaceId, failureId: FailureId, channelId: ChannelId) => Promise<MessageTs>;
}

const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 22, 10, minute));
const again = (run: Run): Run => ({ ...run, attempt: 2, updatedAt: new Date(+run.updatedAt + 60_000) });
const fixedBy = (run: Run): Run => ({ ...again(run), attempt: 1, number: run.number + 1, headSha: 'f'.repeat(40) });

function inDatabase({ overview, ...stores }: Stores): World {
  const resolve = async (workspaceId: WorkspaceId, run: Run): Promise<void> => {
    const lease = await aLease({ overview, ...stores });
    await stores.failures.resolve(workspaceId, lease, { ...run, conclusion: 'success' }, () => []);
  };
  return {
    overview,
    fail: async (workspaceId, run, cause) =>
      (await saved({ overview, ...stores }, workspaceId, { run, ...cause })).failureId,
    passAgain: (workspaceId, run) => resolve(workspaceId, again(run)),
    fix: (workspaceId, run) => resolve(workspaceId, { ...fixedBy(run), runId: aRunId() }),
    async post(workspaceId, failureId, channelId) {
      const lease = await aLease({ overview, ...stores });
      const ts = aTs();
      const { thread } = await stores.threads.reserve(workspaceId, lease, channelId, failureId);
      await stores.threads.setTs(workspaceId, lease, thread.id, ts);
      return ts;
    },
  };
}

function inMemory(): World {
  const overview = memoryOverview();
  const { listed } = overview;
  const resolve = (workspaceId: WorkspaceId, run: Run, kind: 'fixed' | 'passed-on-rerun'): void => {
    for (const { failure, ...each } of listed) {
      const isSame = failure.repository === run.repository && failure.branch === run.branch;
      if (!isSame || each.workspaceId !== workspaceId || failure.status === 'resolved') continue;
      const resolution = { ...aSighting(run), kind, title: run.title, actor: run.actor, url: run.url };
      Object.assign(failure, { status: 'resolved', resolution });
    }
  };
  return {
    overview,
    async fail(workspaceId, run, { fingerprint, headline }) {
      const { repository, branch, workflow } = run;
      const seen = aSighting(run);
      const failure = aFailure({ repository, branch, workflow, fingerprint, first: seen, last: seen });
      listed.push({ workspaceId, failure, headline, threads: [] });
      return failure.id;
    },
    passAgain: async (workspaceId, run) => resolve(workspaceId, again(run), 'passed-on-rerun'),
    fix: async (workspaceId, run) => resolve(workspaceId, fixedBy(run), 'fixed'),
    async post(_workspaceId, failureId, channelId) {
      const ts = aTs();
      const found = listed.find(({ failure }) => failure.id === failureId);
      if (found) found.threads = [...found.threads, { channelId, ts }];
      return ts;
    },
  };
}

function contract(open: () => World): void {
  const cause = (fingerprint: string) => ({ fingerprint, headline: `${fingerprint} fails` });

  test('the latest failure is the one that was met last, in these repositories and on this branch', async () => {
    const { overview, fail } = open();
    const workspaceId = aWorkspaceId();
    const [one, other] = [aRepository(), aRepository()];
    const early = await fail(workspaceId, aRun({ repository: one, updatedAt: at(1) }), cause('early'));
    const late = await fail(workspaceId, aRun({ repository: other, branch: 'topic', updatedAt: at(2) }), cause('late'));
    await fail(workspaceId, aRun({ updatedAt: at(3) }), cause('elsewhere'));

    const repositories = [one, other];
    expect((await overview.latest(workspaceId, { repositories }))?.id).toBe(late);
    expect((await overview.latest(workspaceId, { repositories, branch: 'main' }))?.id).toBe(early);
    expect(await overview.latest(workspaceId, { repositories, branch: 'none' })).toBeNull();
    expect(await overview.latest(workspaceId, { repositories: [] })).toBeNull();
    expect(await overview.latest(aWorkspaceId(), { repositories })).toBeNull();
  });

  test('a workflow is found by its name in upper or lower case, and nothing in a name is a pattern', async () => {
    const { overview, fail } = open();
    const workspaceId = aWorkspaceId();
    const repository = aRepository();
    const named = (workflow: string) => aRun({ repository, workflow, updatedAt: at(1) });
    const nightly = await fail(workspaceId, named('Nightly 100%_\\'), cause('nightly'));
    await fail(workspaceId, named('Nightly 100 of them'), cause('other'));

    const latest = (workflow: string) => overview.latest(workspaceId, { repositories: [repository], workflow });
    expect((await latest('nightly 100%_\\'))?.id).toBe(nightly);
    expect(await latest('nightly%')).toBeNull();
    expect(await latest('Nightl_ 100 of them')).toBeNull();
  });

  test('open failures come with their headline and their message in the channel, the newest first', async () => {
    const { overview, fail, fix, post } = open();
    const workspaceId = aWorkspaceId();
    const repository = aRepository();
    const channelId = aChannelId();
    const run = (branch: string, minute: number) => aRun({ repository, branch, updatedAt: at(minute) });
    const first = await fail(workspaceId, run('a', 1), cause('first'));
    const second = await fail(workspaceId, run('b', 2), cause('second'));
    const fixed = run('c', 3);
    await fail(workspaceId, fixed, cause('third'));
    await fix(workspaceId, fixed);
    const ts = await post(workspaceId, first, channelId);
    await post(workspaceId, second, aChannelId());

    const where = { repositories: [repository], channelId };
    const { failures, total } = await overview.open(workspaceId, { ...where, limit: 10 });
    expect(failures.map(({ failure, headline, threadTs }) => [failure.id, headline, threadTs])).toEqual([
      [second, 'second fails', null],
      [first, 'first fails', ts],
    ]);
    expect(total).toBe(2);
    expect(await overview.open(workspaceId, { ...where, limit: 1 })).toMatchObject({
      failures: [{ failure: { id: second } }],
      total: 2,
    });
    expect(await overview.open(aWorkspaceId(), { ...where, limit: 10 })).toEqual({ failures: [], total: 0 });
  });

  test('flaky is what passed on the same commit, by cause, the most frequent first', async () => {
    const { overview, fail, fix, passAgain } = open();
    const workspaceId = aWorkspaceId();
    const repository = aRepository();
    const flake = async (branch: string, minute: number, fingerprint: string): Promise<FailureId> => {
      const run = aRun({ repository, branch, updatedAt: at(minute) });
      const id = await fail(workspaceId, run, cause(fingerprint));
      await passAgain(workspaceId, run);
      return id;
    };
    await flake('a', 1, 'often');
    const often = await flake('b', 5, 'often');
    const once = await flake('c', 9, 'once');
    const fixed = aRun({ repository, branch: 'd', updatedAt: at(11) });
    await fail(workspaceId, fixed, cause('real'));
    await fix(workspaceId, fixed);

    const where = { repositories: [repository], since: at(0), limit: 10 };
    const found = await overview.flaky(workspaceId, where);
    expect(found.map(({ failure, headline, times, lastAt }) => [failure.id, headline, times, lastAt])).toEqual([
      [often, 'often fails', 2, at(6)],
      [once, 'once fails', 1, at(10)],
    ]);
    expect(await overview.flaky(workspaceId, { ...where, limit: 1 })).toHaveLength(1);
    expect(await overview.flaky(workspaceId, { ...where, since: at(8) })).toMatchObject([{ failure: { id: once } }]);
    expect(await overview.flaky(aWorkspaceId(), where)).toEqual([]);
  });
}

describeBothDatabases('the overview', (open) => contract(() => inDatabase(open().stores)));
describe('the overview in memory', () => {
  contract(inMemory);
});
