import { expect, test } from '@jest/globals';
import { RepositoryName } from '../../src/domain/ids.ts';
import { RUN_STATUSES, type Run, type RunState } from '../../src/domain/run.ts';
import { advance } from '../../src/domain/run-state.ts';
import { describeBothDatabases } from '../support/database.ts';
import { aRule } from '../support/rules.ts';
import { anOpenFailure, aRepository, aRun, aRunId, aWorkspaceId, saved } from './samples.ts';

const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 22, 10, minute));

describeBothDatabases('the run store', (open) => {
  test('a run comes back as it was recorded', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const run = aRun({ pullRequest: 12, title: `It's "quoted" \\ ? $1 :x` });

    expect(await stores.runs.record(workspaceId, run)).toBe('applied');

    expect(await stores.runs.find(workspaceId, run)).toEqual(run);
    expect(await stores.runs.find(workspaceId, { ...run, attempt: 2 })).toBeNull();
  });

  test('failing runs of a repository or an owner come newest first, with what the newest look found', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const repository = RepositoryName.parse('acme_x/web');
    const run = (minute: number, changes: Partial<Run> = {}): Run =>
      aRun({ repository, runId: aRunId(), updatedAt: at(minute), actorType: 'bot', ...changes });
    const looked = run(5);
    const late = run(9, { conclusion: 'timed_out' });
    const other = run(7, { repository: RepositoryName.parse('acme_x/api') });
    const foreign = run(8, { repository: RepositoryName.parse('acmexx/web') });
    const passed = run(8, { conclusion: 'success' });
    for (const each of [run(1), looked, late, other, foreign, passed]) await stores.runs.record(workspaceId, each);
    await saved(stores, workspaceId, { run: looked, fingerprint: 'one' });
    const verdict = { kind: 'flaky' as const, reasons: [] };
    const job = { jobId: null, name: 'lint', conclusion: 'failure', url: null, failedStep: null, headline: '-' };
    const jobs = [{ ...job, fingerprint: 'one' }];
    await saved(stores, workspaceId, { run: looked, fingerprint: 'one', revision: 1, verdict, jobs });

    const since = { since: at(2), limit: 9, states: ['failed'] as const };
    const ofRepository = await stores.runs.recent(workspaceId, aRule('acme_x/web').target, since);
    const ofOwner = await stores.runs.recent(workspaceId, aRule('acme_x/*').target, { ...since, limit: 2 });

    expect(ofRepository).toEqual([
      { run: late, finding: null },
      { run: looked, finding: { verdict: 'flaky', jobs: ['lint'] } },
    ]);
    expect(ofOwner.map((each) => each.run)).toEqual([late, other]);
  });

  test('runs of a repository are found by how they stand', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const repository = aRepository();
    const run = (minute: number, changes: Partial<Run>): Run =>
      aRun({ repository, runId: aRunId(), updatedAt: at(minute), ...changes });
    const failed = run(4, { conclusion: 'failure' });
    const passed = run(3, { conclusion: 'success' });
    const waiting = run(2, { status: 'waiting', conclusion: 'action_required' });
    const running = run(1, { status: 'in_progress', conclusion: null });
    for (const each of [failed, passed, waiting, running]) await stores.runs.record(workspaceId, each);
    const found = async (...states: RunState[]) => {
      const which = { since: at(0), limit: 9, states };
      return (await stores.runs.recent(workspaceId, aRule(repository).target, which)).map((each) => each.run);
    };

    expect(await found('failed', 'ended')).toEqual([failed, passed]);
    expect(await found('waiting')).toEqual([waiting]);
    expect(await found('under-way')).toEqual([running]);
  });

  test('what GitHub was asked for stays with a run as it goes on, in its own workspace', async () => {
    const { stores } = open();
    const [workspaceId, stranger] = [aWorkspaceId(), aWorkspaceId()];
    const run = aRun({ status: 'in_progress', conclusion: null });
    for (const each of [workspaceId, stranger]) await stores.runs.record(each, run);
    const traits = { labels: ['bug'], paths: ['src/a "b".ts'] };

    await stores.runs.saveTraits(workspaceId, run, traits);
    const done = { ...run, status: 'completed', conclusion: 'failure' } as const;
    await stores.runs.record(workspaceId, done);

    expect(await stores.runs.find(workspaceId, run)).toEqual({ ...done, traits });
    expect(await stores.runs.find(stranger, run)).toEqual(run);
  });

  test('a run only moves forward, in whatever order its states arrive', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const run = aRun({ conclusion: null });
    const states = RUN_STATUSES.map((status): Run => ({ ...run, status }));
    const [requested, , , , inProgress] = states;
    if (requested === undefined || inProgress === undefined) throw new Error('no states');

    expect(await stores.runs.record(workspaceId, inProgress)).toBe('applied');
    expect(await stores.runs.record(workspaceId, inProgress)).toBe('late');
    expect(await stores.runs.record(workspaceId, requested)).toBe('late');
    expect((await stores.runs.find(workspaceId, run))?.status).toBe('in_progress');
    expect(await stores.runs.record(workspaceId, aRun({ ...run, status: 'completed', conclusion: 'failure' }))).toBe(
      'applied',
    );
    expect(await stores.runs.find(workspaceId, run)).toMatchObject({ status: 'completed', conclusion: 'failure' });
  });

  test('states are judged as the pure rule judges them', async () => {
    const { stores } = open();
    const run = aRun();
    const standings = [1, 2].flatMap((attempt) =>
      RUN_STATUSES.flatMap((status) =>
        [null, 'action_required' as const].map((conclusion): Run => ({ ...run, attempt, status, conclusion })),
      ),
    );
    const pairs = standings.flatMap((known) => standings.map((next) => ({ known, next })));
    const judged = await Promise.all(
      pairs.map(async ({ known, next }) => {
        const workspaceId = aWorkspaceId();
        await stores.runs.record(workspaceId, known);
        return await stores.runs.record(workspaceId, next);
      }),
    );

    expect(judged).toEqual(pairs.map(({ known, next }) => (advance(known, next) === 'applied' ? 'applied' : 'late')));
  });

  test('an older attempt is late once a newer one is known', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const run = aRun();

    expect(await stores.runs.record(workspaceId, { ...run, attempt: 2, status: 'queued', conclusion: null })).toBe(
      'applied',
    );
    expect(await stores.runs.record(workspaceId, run)).toBe('late');
    expect(await stores.runs.record(workspaceId, { ...run, attempt: 3 })).toBe('applied');
  });

  test('repositories come with the latest run of their default branch, the most active first', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const [quiet, busy] = [aRepository(), aRepository()];
    const latest = aRun({ repository: busy, number: 4, updatedAt: at(20) });
    const late = { runId: aRunId(), repository: busy };
    await stores.runs.record(workspaceId, aRun({ repository: quiet, updatedAt: at(5) }));
    await stores.runs.record(workspaceId, latest);
    await stores.runs.record(workspaceId, aRun({ ...late, number: 3, attempt: 2, updatedAt: at(30) }));
    await stores.runs.record(workspaceId, aRun({ ...late, runId: aRunId(), number: 9, branch: 'topic' }));
    await stores.runs.record(workspaceId, aRun({ ...late, runId: aRunId(), number: 9, event: 'pull_request' }));
    const running = { number: 10, status: 'in_progress', conclusion: null } as const;
    await stores.runs.record(workspaceId, aRun({ ...late, runId: aRunId(), ...running, updatedAt: at(40) }));
    await anOpenFailure(stores, workspaceId, aRun({ repository: busy, branch: 'topic' }));
    await anOpenFailure(stores, workspaceId, aRun({ repository: busy }));

    const statuses = await stores.runs.statuses(workspaceId, 10);

    expect(statuses.map(({ repository, openFailures }) => [repository, openFailures])).toEqual([
      [busy, 2],
      [quiet, 0],
    ]);
    expect(statuses[0]?.latest).toEqual(latest);
    expect(await stores.runs.statuses(workspaceId, 1)).toHaveLength(1);
    expect(await stores.runs.statuses(workspaceId, 10, [quiet])).toMatchObject([{ repository: quiet }]);
    expect(await stores.runs.statuses(workspaceId, 10, [])).toEqual([]);
  });

  test('a repository without a completed run has no latest run', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const run = aRun({ status: 'queued', conclusion: null });
    await stores.runs.record(workspaceId, run);

    expect(await stores.runs.statuses(workspaceId, 10)).toEqual([
      { repository: run.repository, latest: null, openFailures: 0 },
    ]);
  });

  test('the default branch follows the newest word about it', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const repository = aRepository();
    const onTrunk = aRun({ repository, branch: 'trunk', defaultBranch: 'trunk', number: 2, updatedAt: at(30) });
    await stores.runs.record(workspaceId, onTrunk);
    await stores.runs.record(workspaceId, aRun({ repository, updatedAt: at(10) }));

    expect((await stores.runs.statuses(workspaceId, 1))[0]?.latest).toEqual(onTrunk);
  });
});
