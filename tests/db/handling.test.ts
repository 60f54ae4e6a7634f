import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Stores } from '../../src/db/database.ts';
import type { Failure } from '../../src/domain/failure.ts';
import { SummaryId, type WorkspaceId } from '../../src/domain/ids.ts';
import { JobId } from '../../src/domain/ids.ts';
import type { Lease } from '../../src/domain/jobs.ts';
import type {
  AuditStore,
  FailureActionStore,
  IssueStore,
  MergeStore,
  MuteStore,
  RerunStore,
} from '../../src/domain/ports.ts';
import type { Run } from '../../src/domain/run.ts';
import { describeBothDatabases } from '../support/database.ts';
import { memoryActions } from '../support/memory-actions.ts';
import { aFailure, aSighting } from '../support/report-builders.ts';
import { aChannelId, aFailureId, aLease, anAsker, aRun, aWorkspaceId, saved } from './samples.ts';

/** What people do about failures, told to a store. */
interface World {
  failureActions: FailureActionStore;
  audit: AuditStore;
  merges: MergeStore;
  issues: IssueStore;
  reruns: RerunStore;
  mutes: MuteStore;
  fail: (workspaceId: WorkspaceId, run: Run) => Promise<{ failure: Failure; summaryId: SummaryId }>;
  fix: (workspaceId: WorkspaceId, run: Run) => Promise<void>;
  lease: () => Promise<Lease>;
}

const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 22, 10, minute));

function inDatabase(stores: Stores): World {
  const { failureActions, audit, merges, issues, reruns, mutes } = stores;
  return {
    failureActions,
    audit,
    merges,
    issues,
    reruns,
    mutes,
    lease: () => aLease(stores),
    async fail(workspaceId, run) {
      const { failureId, id } = await saved(stores, workspaceId, { run, fingerprint: 'f1' });
      const failure = await stores.failures.find(workspaceId, failureId);
      if (failure === null) throw new Error('The failure was not kept');
      return { failure, summaryId: id };
    },
    async fix(workspaceId, run) {
      const later = { ...run, number: run.number + 1, headSha: 'f'.repeat(40), conclusion: 'success' } as const;
      await stores.failures.resolve(workspaceId, await aLease(stores), later, () => []);
    },
  };
}

function inMemory(): World {
  const kept: Array<{ workspaceId: WorkspaceId; failure: Failure }> = [];
  const failures = (workspaceId: WorkspaceId) =>
    kept.filter((each) => each.workspaceId === workspaceId).map(({ failure }) => failure);
  return {
    ...memoryActions({ failures }),
    lease: async () => ({ jobId: JobId.parse(randomUUID()), token: randomUUID() }),
    async fail(workspaceId, run) {
      const { repository, branch, workflow } = run;
      const failure = aFailure({ repository, branch, workflow, first: aSighting(run), last: aSighting(run) });
      kept.push({ workspaceId, failure });
      return { failure: structuredClone(failure), summaryId: SummaryId.parse(randomUUID()) };
    },
    async fix(workspaceId, { repository }) {
      for (const failure of failures(workspaceId)) if (failure.repository === repository) failure.status = 'resolved';
    },
  };
}

describe('what people do about failures, in memory', () => {
  const world = inMemory();
  testHandling(() => world);
});

describeBothDatabases('what people do about failures', (open) => testHandling(() => inDatabase(open().stores)));

/** What every store of this keeps to. */
function testHandling(open: () => World): void {
  test('the first to acknowledge has it, and an entry says so', async () => {
    const { failureActions, audit, fail } = open();
    const [ada, ben] = [anAsker(), anAsker()];
    const { failure } = await fail(ada.workspaceId, aRun());
    const action = { kind: 'acknowledge' } as const;

    const first = await failureActions.apply(ada, failure.id, { action, at: at(1) });
    const colleague = { ...ben, workspaceId: ada.workspaceId };
    const second = await failureActions.apply(colleague, failure.id, { action, at: at(2) });

    expect([first.kind, second.kind]).toEqual(['done', 'unchanged']);
    const acknowledgement = { by: ada.userId, at: at(1) };
    expect(second).toMatchObject({ failure: { handling: { acknowledgement } } });
    expect(await audit.about(ada.workspaceId, { kind: 'failure', id: failure.id })).toMatchObject([
      { actor: ada.userId, action: 'acknowledge', at: at(1) },
    ]);
    expect(await audit.about(ben.workspaceId, { kind: 'failure', id: failure.id })).toEqual([]);
  });

  test('nothing is done about what is over, and what another workspace has is not there', async () => {
    const { failureActions, audit, reruns, fail, fix } = open();
    const asker = anAsker();
    const run = aRun();
    const { failure } = await fail(asker.workspaceId, run);
    await fix(asker.workspaceId, run);
    const action = { kind: 'snooze', until: at(60) } as const;

    expect((await failureActions.apply(asker, failure.id, { action, at: at(1) })).kind).toBe('resolved');
    expect((await failureActions.apply(anAsker(), failure.id, { action, at: at(1) })).kind).toBe('gone');
    expect((await reruns.reserve(asker, failure.id, at(1))).kind).toBe('resolved');
    expect((await reruns.reserve(anAsker(), failure.id, at(1))).kind).toBe('gone');
    expect(await audit.about(asker.workspaceId, { kind: 'failure', id: failure.id })).toEqual([]);
  });

  test('a mark holds for its cause in its repository until it ends or is taken off', async () => {
    const { failureActions, fail } = open();
    const asker = anAsker();
    const { failure } = await fail(asker.workspaceId, aRun());
    const { repository, fingerprint } = failure;
    const find = (workspaceId: WorkspaceId, minute: number) =>
      failureActions.findFlakyMark(workspaceId, { repository, fingerprint, at: at(minute) });
    await failureActions.apply(asker, failure.id, { action: { kind: 'mark-flaky', until: at(30) }, at: at(1) });

    expect(await find(asker.workspaceId, 29)).toEqual({ by: asker.userId, at: at(1), until: at(30) });
    expect(await find(asker.workspaceId, 30)).toBeNull();
    expect(await find(aWorkspaceId(), 29)).toBeNull();

    const unmark = { action: { kind: 'unmark-flaky' }, at: at(2) } as const;
    expect((await failureActions.apply(asker, failure.id, unmark)).kind).toBe('done');
    expect((await failureActions.apply(asker, failure.id, unmark)).kind).toBe('unchanged');
    expect(await find(asker.workspaceId, 29)).toBeNull();
  });

  test('one person gets the re-run of an attempt; a reservation that nobody confirmed lapses', async () => {
    const { reruns, fail } = open();
    const [ada, other] = [anAsker(), anAsker()];
    const ben = { ...other, workspaceId: ada.workspaceId };
    const { failure } = await fail(ada.workspaceId, aRun());

    const first = await reruns.reserve(ada, failure.id, at(1));
    expect(first.kind).toBe('reserved');
    expect(await reruns.reserve(ben, failure.id, at(1))).toEqual({ kind: 'taken', by: ada.userId });
    expect((await reruns.reserve(ben, failure.id, at(3))).kind).toBe('reserved');

    const run = { repository: failure.repository, runId: failure.last.runId, attempt: failure.last.attempt };
    await reruns.release(ada, run);
    expect((await reruns.reserve(ada, failure.id, at(3))).kind).toBe('taken');
    await reruns.release(ben, run);
    expect((await reruns.reserve(ada, failure.id, at(3))).kind).toBe('reserved');
  });

  test('a confirmed re-run is kept until a later attempt ends', async () => {
    const { reruns, failureActions, audit, fail, lease } = open();
    const asker = anAsker();
    const { failure } = await fail(asker.workspaceId, aRun());
    const run = { repository: failure.repository, runId: failure.last.runId, attempt: failure.last.attempt };
    await reruns.reserve(asker, failure.id, at(1));
    await reruns.confirm(asker, failure.id, { run, debug: true, at: at(1) });
    await reruns.release(asker, run);

    expect((await reruns.reserve(anAsker(asker.workspaceId), failure.id, at(9))).kind).toBe('taken');
    const seen = () =>
      failureActions
        .apply(asker, failure.id, { action: { kind: 'unmark-flaky' }, at: at(9) })
        .then((outcome) => outcome);
    expect(await seen()).toMatchObject({ failure: { handling: { rerun: { by: asker.userId, at: at(1) } } } });
    expect(await audit.about(asker.workspaceId, { kind: 'failure', id: failure.id })).toMatchObject([
      { action: 'rerun', details: { debug: true, attempt: run.attempt } },
    ]);

    await reruns.end(asker.workspaceId, await lease(), { ...run, attempt: run.attempt + 1 });
    expect(await seen()).toMatchObject({ failure: { handling: { rerun: null } } });
  });

  test('a failure is merged once, into where the other one goes on, and never in a circle', async () => {
    const { merges, audit, failureActions, fail, fix } = open();
    const asker = anAsker();
    const { workspaceId } = asker;
    const run = aRun();
    const branches = ['one', 'two', 'three', 'four'].map((branch) => aRun({ repository: run.repository, branch }));
    const failures = await Promise.all(branches.map((each) => fail(workspaceId, each)));
    const [one, two, three, four] = failures.map(({ failure }) => failure.id);
    if (!one || !two || !three || !four) throw new Error('Failures are missing');
    const merge = (id: typeof one, into: typeof one, minute = 1) => merges.merge(asker, id, { into, at: at(minute) });

    expect(await merge(one, one)).toEqual({ kind: 'itself' });
    expect((await merge(one, two)).kind).toBe('done');
    expect(await merge(one, three)).toMatchObject({
      kind: 'merged',
      failure: { merge: { into: two, by: asker.userId } },
    });
    expect(await merge(two, one)).toEqual({ kind: 'itself' });
    expect((await merge(two, three, 2)).kind).toBe('done');
    // One that was merged itself stands for where it goes on.
    expect(await merge(four, one, 3)).toMatchObject({ kind: 'done', into: { id: three } });
    expect(await merges.end(workspaceId, one)).toMatchObject({ failure: { id: three } });
    expect(await merges.mergedInto(workspaceId, three)).toEqual({ count: 2, by: asker.userId, at: at(3) });
    expect(await merges.mergedInto(workspaceId, four)).toBeNull();

    const action = { kind: 'acknowledge' } as const;
    expect((await failureActions.apply(asker, one, { action, at: at(4) })).kind).toBe('merged');
    expect(await merges.merge(anAsker(), three, { into: one, at: at(4) })).toEqual({ kind: 'gone' });
    expect(await merges.end(aWorkspaceId(), one)).toBeNull();
    expect((await merges.split(anAsker(), one, at(4))).kind).toBe('gone');

    const foreign = await fail(workspaceId, aRun());
    expect(await merge(foreign.failure.id, three)).toEqual({ kind: 'other-over' });
    expect(await merges.split(asker, two, at(5))).toMatchObject({
      kind: 'done',
      failure: { status: 'open', merge: null },
    });
    expect((await merges.split(asker, two, at(6))).kind).toBe('not-merged');
    const entries = await audit.about(workspaceId, { kind: 'failure', id: two });
    expect(entries.map((each) => each.action)).toEqual(['merge', 'split']);
    await fix(workspaceId, branches[1] ?? run);
    expect((await merge(three, two)).kind).toMatch(/other-over|resolved/u);
  });

  test('a failure has one issue, which one person creates; an unsure end is looked after by the next', async () => {
    const { issues, audit, fail, fix } = open();
    const [ada, other] = [anAsker(), anAsker()];
    const ben = { ...other, workspaceId: ada.workspaceId };
    const run = aRun();
    const { failure } = await fail(ada.workspaceId, run);
    const { id } = failure;

    expect(await issues.reserve(ada, id, at(1))).toMatchObject({ kind: 'reserved', failure: { id }, mayExist: false });
    expect(await issues.reserve(ben, id, at(1))).toEqual({ kind: 'taken', by: ada.userId });
    await issues.release(ben, id, { isUnsure: false });
    expect((await issues.reserve(ben, id, at(1))).kind).toBe('taken');
    await issues.release(ada, id, { isUnsure: true });
    expect(await issues.reserve(ben, id, at(1))).toMatchObject({ kind: 'reserved', mayExist: true });
    await issues.release(ben, id, { isUnsure: false });
    expect(await issues.reserve(ben, id, at(1))).toMatchObject({ kind: 'reserved', mayExist: false });
    expect(await issues.find(ada.workspaceId, id)).toBeNull();

    const issue = { number: 7, url: 'https://github.com/acme/web/issues/7', by: ben.userId, at: at(2) };
    await issues.confirm(ben, id, issue);
    await issues.release(ben, id, { isUnsure: false });

    expect(await issues.find(ada.workspaceId, id)).toEqual(issue);
    expect(await issues.reserve(ada, id, at(30))).toEqual({ kind: 'existing', issue });
    expect(await issues.find(other.workspaceId, id)).toBeNull();
    expect((await issues.reserve(other, id, at(30))).kind).toBe('gone');
    expect(await audit.about(ada.workspaceId, { kind: 'failure', id })).toMatchObject([
      { actor: ben.userId, action: 'create-issue', details: { number: 7 } },
    ]);
    const { failure: second } = await fail(ada.workspaceId, aRun({ repository: run.repository, branch: 'other' }));
    await fix(ada.workspaceId, aRun({ repository: run.repository, branch: 'other' }));
    expect((await issues.reserve(ada, second.id, at(3))).kind).toBe('resolved');
  });

  test('a mute covers its scope until it ends, and a later one replaces it', async () => {
    const { mutes } = open();
    const asker = anAsker();
    const [channelId, { repository }] = [aChannelId(), aRun()];
    await mutes.mute(asker, channelId, { scope: '*', until: at(10), at: at(1) });
    await mutes.mute(asker, channelId, { scope: repository, until: at(30), at: at(1) });
    await mutes.mute(asker, channelId, { scope: '*', until: at(20), at: at(2) });

    const scopes = async (minute: number) =>
      (await mutes.current(asker.workspaceId, channelId, at(minute))).map(({ scope, until }) => [scope, until]);
    expect(await scopes(3)).toEqual([
      [repository, at(30)],
      ['*', at(20)],
    ]);
    expect(await scopes(20)).toEqual([[repository, at(30)]]);
    expect(await mutes.current(asker.workspaceId, aChannelId(), at(3))).toEqual([]);
  });

  test('what was held back is due when its time has come and no mute covers it, and stays until it is let go of', async () => {
    const { mutes, fail, fix } = open();
    const asker = anAsker();
    const { workspaceId } = asker;
    const channelId = aChannelId();
    const runs = [aRun(), aRun(), aRun(), aRun()];
    const failed = await Promise.all(runs.map((run) => fail(workspaceId, run)));
    const [muted, fixed, free, later] = failed;
    const hold = { occasion: 'mute', dueAt: null } as const;
    for (const each of failed) {
      const held = { failureId: each.failure.id, summaryId: each.summaryId };
      await mutes.hold(workspaceId, channelId, {
        ...held,
        ...(each === later ? { occasion: 'quiet', dueAt: at(20) } : hold),
      });
    }
    await mutes.mute(asker, channelId, { scope: muted?.failure.repository ?? '*', until: at(30), at: at(1) });
    if (runs[1]) await fix(workspaceId, runs[1]);
    const due = async (minute: number) => {
      const found = await mutes.due(workspaceId, channelId, { at: at(minute), limit: 9 });
      return new Map(found.map((each) => [each.failureId, each]));
    };

    const first = await due(5);
    expect([...first.keys()].toSorted()).toEqual([fixed?.failure.id, free?.failure.id].toSorted());
    expect(first.get(fixed?.failure.id ?? aFailureId())).toMatchObject({ ...hold, isOpen: false });
    expect(first.get(free?.failure.id ?? aFailureId())).toMatchObject({ isOpen: true, summaryId: free?.summaryId });
    expect([...(await due(20)).keys()]).toHaveLength(3);
    for (const told of first.values()) await mutes.letGo(workspaceId, channelId, told);
    if (later) {
      const newer = { failureId: later.failure.id, summaryId: free?.summaryId ?? later.summaryId };
      await mutes.letGo(workspaceId, channelId, newer);
    }
    expect([...(await due(20)).values()]).toMatchObject([
      { failureId: later?.failure.id, occasion: 'quiet', dueAt: at(20) },
    ]);

    expect(await mutes.unmute(asker, channelId, at(6))).toMatchObject({
      ended: 1,
      held: 1,
      jobIds: [expect.anything()],
    });
    expect([...(await due(6)).keys()]).toEqual([muted?.failure.id]);
    expect(await mutes.due(aWorkspaceId(), channelId, { at: at(50), limit: 9 })).toEqual([]);
  });
}
