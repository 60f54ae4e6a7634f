import { expect, test } from '@jest/globals';
import { UNTOUCHED } from '../../src/domain/handling.ts';
import type { Failure } from '../../src/domain/failure.ts';
import type { WorkspaceId } from '../../src/domain/ids.ts';
import type { Run } from '../../src/domain/run.ts';
import type { Stores } from '../../src/db/database.ts';
import { LeaseLostError } from '../../src/errors.ts';
import { describeBothDatabases, describeDatabase } from '../support/database.ts';
import {
  aChannelId,
  aDiagnosis,
  aJob,
  aLease,
  anOpenFailure,
  aRun,
  aRunId,
  aTs,
  aWorkspaceId,
  claimed,
  saved,
} from './samples.ts';

const FINGERPRINT = 'the-same-cause';

/** A later run of the same workflow and branch. */
function after(run: Run, changes: Partial<Run> = {}): Run {
  return aRun({
    ...run,
    runId: aRunId(),
    number: run.number + 1,
    headSha: 'b'.repeat(40),
    startedAt: new Date(run.startedAt.getTime() + 3_600_000),
    updatedAt: new Date(run.updatedAt.getTime() + 3_600_000),
    ...changes,
  });
}

/** The same run, tried again. */
function again(run: Run, changes: Partial<Run> = {}): Run {
  return {
    ...run,
    attempt: run.attempt + 1,
    startedAt: new Date(run.startedAt.getTime() + 600_000),
    updatedAt: new Date(run.updatedAt.getTime() + 600_000),
    ...changes,
  };
}

const sightingOf = ({ runId, attempt, number, headSha, updatedAt }: Run) => ({
  runId,
  attempt,
  runNumber: number,
  headSha,
  at: updatedAt,
});

async function fail(stores: Stores, workspaceId: WorkspaceId, run: Run, revision = 0): Promise<Failure> {
  const { failureId } = await saved(stores, workspaceId, { run, fingerprint: FINGERPRINT, revision });
  const failure = await stores.failures.find(workspaceId, failureId);
  if (failure === null) throw new Error('The failure was not stored');
  return failure;
}

async function pass(stores: Stores, workspaceId: WorkspaceId, run: Run): Promise<Failure[]> {
  const resolved: Failure[] = [];
  await stores.failures.resolve(workspaceId, await aLease(stores), { ...run, conclusion: 'success' }, (all) => {
    resolved.push(...all.map(({ failure }) => failure));
    return [];
  });
  return resolved;
}

describeBothDatabases('failures and summaries', (open) => {
  test('a summary comes back as it was saved', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const run = aRun();
    const diagnosis = aDiagnosis();

    const summary = await stores.summaries.save(workspaceId, await aLease(stores), { run, revision: 0, diagnosis });

    const { repository, runId, attempt } = run;
    expect(summary).toMatchObject({ run: { repository, runId, attempt }, revision: 0, diagnosis });
    expect(Math.abs(summary.createdAt.getTime() - Date.now())).toBeLessThan(60_000);
    expect(await stores.summaries.find(workspaceId, summary.id)).toEqual(summary);
    expect(await stores.summaries.findByRun(workspaceId, run, 0)).toEqual(summary);
    expect(await stores.summaries.findByRun(workspaceId, run, 1)).toBeNull();
    expect(await stores.summaries.findByRun(workspaceId, { ...run, attempt: 2 }, 0)).toBeNull();
  });

  test('a first failure is opened with what the run says', async () => {
    const { stores } = open();
    const run = aRun();

    const failure = await fail(stores, aWorkspaceId(), run);

    expect(failure).toEqual({
      id: failure.id,
      repository: run.repository,
      branch: 'main',
      workflow: 'CI',
      fingerprint: FINGERPRINT,
      status: 'open',
      occurrences: 1,
      first: sightingOf(run),
      last: sightingOf(run),
      resolution: null,
      merge: null,
      handling: UNTOUCHED,
    });
  });

  test('the same cause in a later run counts once more and moves the last sighting', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const run = aRun();
    const first = await fail(stores, workspaceId, run);

    const second = await fail(stores, workspaceId, after(run));

    expect(second.id).toBe(first.id);
    expect(second).toMatchObject({ occurrences: 2, first: sightingOf(run), last: { runNumber: 2 } });
  });

  test('an older run that is analysed late counts, and does not become the last sighting', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const older = aRun({ number: 7 });
    const newer = after(older);
    await fail(stores, workspaceId, newer);

    const failure = await fail(stores, workspaceId, older);

    expect(failure).toMatchObject({ occurrences: 2, first: sightingOf(older), last: sightingOf(newer) });
  });

  test('another look at the same attempt does not count', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const run = aRun();
    await fail(stores, workspaceId, run);

    const failure = await fail(stores, workspaceId, run, 1);

    expect(failure.occurrences).toBe(1);
    expect((await stores.summaries.findLatest(workspaceId, run))?.revision).toBe(1);
  });

  test('another look after the failure was resolved does not open it again', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const run = aRun();
    const failure = await fail(stores, workspaceId, run);
    await pass(stores, workspaceId, after(run));

    expect(await fail(stores, workspaceId, run, 1)).toMatchObject({ id: failure.id, status: 'resolved' });
  });

  test('a second save of one revision returns the first', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const run = aRun();
    const first = await saved(stores, workspaceId, { run, fingerprint: FINGERPRINT });

    const second = await saved(stores, workspaceId, { run, fingerprint: 'something-else' });

    expect(second).toEqual(first);
    expect((await stores.failures.find(workspaceId, first.failureId))?.occurrences).toBe(1);
  });

  test('another cause, branch, workflow or repository is a failure of its own', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const run = aRun();
    const ids = [
      await saved(stores, workspaceId, { run, fingerprint: FINGERPRINT }),
      await saved(stores, workspaceId, { run: after(run), fingerprint: 'another-cause' }),
      await saved(stores, workspaceId, { run: after(run, { branch: 'topic' }), fingerprint: FINGERPRINT }),
      await saved(stores, workspaceId, { run: after(run, { workflow: 'Nightly' }), fingerprint: FINGERPRINT }),
      await saved(stores, workspaceId, { run: aRun(), fingerprint: FINGERPRINT }),
    ].map(({ failureId }) => failureId);

    expect(new Set(ids).size).toBe(5);
  });

  test('a green run resolves what was last seen before it, and says what fixed it', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const run = aRun();
    const failure = await fail(stores, workspaceId, run);
    const green = after(run, { title: 'Fix the thing', actor: 'hubot' });

    const resolved = await pass(stores, workspaceId, green);

    const resolution = {
      kind: 'fixed',
      title: 'Fix the thing',
      actor: 'hubot',
      url: green.url,
      ...sightingOf(green),
    };
    expect(resolved).toEqual([{ ...failure, status: 'resolved', resolution }]);
    expect(await stores.failures.find(workspaceId, failure.id)).toEqual(resolved[0]);
    expect(await pass(stores, workspaceId, green)).toEqual([]);
  });

  test('green on the same commit is the proof of a flaky failure', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const run = aRun();
    await fail(stores, workspaceId, run);

    const [resolved] = await pass(stores, workspaceId, again(run));

    expect(resolved?.resolution).toMatchObject({ kind: 'passed-on-rerun', attempt: 2 });
  });

  test('a green run before the last sighting, on another branch or workflow resolves nothing', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const run = aRun({ number: 5 });
    await fail(stores, workspaceId, run);

    expect(await pass(stores, workspaceId, after(run, { number: 4 }))).toEqual([]);
    expect(await pass(stores, workspaceId, after(run, { branch: 'topic' }))).toEqual([]);
    expect(await pass(stores, workspaceId, after(run, { workflow: 'Nightly' }))).toEqual([]);
    expect(await pass(stores, workspaceId, after(run, { repository: aRun().repository }))).toEqual([]);
  });

  test('an analysis that ends after the branch went green opens nothing', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const run = aRun();
    const green: Run = { ...after(run), conclusion: 'success' };
    await stores.runs.record(workspaceId, green);
    await pass(stores, workspaceId, green);

    const failure = await fail(stores, workspaceId, run);

    expect(failure).toMatchObject({ status: 'resolved', resolution: { kind: 'fixed', runNumber: green.number } });
  });

  test('the jobs that follow a resolution are stored with it, and name the threads', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const run = aRun();
    const failure = await anOpenFailure(stores, workspaceId, run);
    const lease = await aLease(stores);
    const { thread } = await stores.threads.reserve(workspaceId, lease, aChannelId(), failure.id);
    const ts = aTs();
    await stores.threads.setTs(workspaceId, lease, thread.id, ts);
    const job = aJob();

    const ids = await stores.failures.resolve(workspaceId, lease, after(run), (resolved) => {
      expect(resolved.map(({ threads }) => threads)).toEqual([[{ ...thread, ts }]]);
      return [job];
    });

    expect(ids).toHaveLength(1);
    for (const id of ids) expect((await claimed(stores, id)).kind).toBe(job.kind);
  });

  test('when the follow-up jobs cannot be made, nothing is resolved', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const run = aRun();
    const failure = await anOpenFailure(stores, workspaceId, run);

    const resolving = stores.failures.resolve(workspaceId, await aLease(stores), after(run), () => {
      throw new Error('a bug');
    });

    await expect(resolving).rejects.toThrow('a bug');
    expect((await stores.failures.find(workspaceId, failure.id))?.status).toBe('open');
  });

  test('with a lost lease nothing is saved or resolved', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const run = aRun();
    const lease = await aLease(stores);
    await stores.jobs.complete(lease, []);
    const entry = { run, revision: 0, diagnosis: aDiagnosis() };

    await expect(stores.summaries.save(workspaceId, lease, entry)).rejects.toThrow(LeaseLostError);
    await expect(stores.failures.resolve(workspaceId, lease, run, () => [aJob()])).rejects.toThrow(LeaseLostError);

    expect(await stores.summaries.findLatest(workspaceId, run)).toBeNull();
    expect(await stores.runs.find(workspaceId, run)).toBeNull();
  });

  test('a cause began in the first run that met it, after the last one that passed, and is met elsewhere', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const good = aRun({ number: 1, conclusion: 'success' });
    const bad = after(good, { conclusion: 'failure' });
    const worse = after(bad, { headSha: 'c'.repeat(40), conclusion: 'failure' });
    const elsewhere = after(worse, { branch: 'topic', number: 9 });
    for (const run of [good, bad, worse]) await stores.runs.record(workspaceId, run);
    expect(await stores.failures.beginning(workspaceId, bad, FINGERPRINT)).toMatchObject({
      firstBad: { runId: bad.runId },
      lastGood: { runId: good.runId },
      otherBranches: [],
    });

    await fail(stores, workspaceId, bad);
    await fail(stores, workspaceId, elsewhere);

    expect(await stores.failures.beginning(workspaceId, worse, FINGERPRINT)).toMatchObject({
      firstBad: { runId: bad.runId },
      lastGood: { runId: good.runId },
      otherBranches: ['topic'],
    });
    expect(await stores.failures.beginning(workspaceId, worse, 'another')).toMatchObject({
      firstBad: { runId: worse.runId },
      otherBranches: [],
    });
    expect(await stores.failures.beginning(aWorkspaceId(), worse, FINGERPRINT)).toMatchObject({ lastGood: null });
  });

  test('history knows that the same commit passed, of a pull request in another attempt only', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const good = aRun({ number: 1, conclusion: 'success', event: 'push' });
    const sameCommit = { runNumber: 1, attempt: 1, isOwnRun: false, at: good.updatedAt };
    await stores.runs.record(workspaceId, good);
    const known = async (run: Run) => (await stores.failures.history(workspaceId, run, FINGERPRINT)).sameCommit;

    expect(await known(after(good, { headSha: good.headSha }))).toEqual(sameCommit);
    expect(await known(after(good, { headSha: good.headSha, event: 'pull_request' }))).toBeNull();
    expect(await known(after(good, { headSha: good.headSha, workflow: 'Another' }))).toBeNull();
    expect(await known(after(good))).toBeNull();
    expect(await known(again(good, { event: 'pull_request' }))).toEqual({ ...sameCommit, isOwnRun: true });
    expect(await known(good)).toBeNull();
  });

  test('history knows what is open here, open on the base, was flaky, and was resolved', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const onMain = aRun({ number: 1 });
    const topic = after(onMain, { branch: 'topic', number: 2 });
    const nobody = {
      openOnBranch: null,
      openOnBase: null,
      flakyWitness: null,
      lastResolved: null,
      sameCommit: null,
      flakyMark: null,
    };
    expect(await stores.failures.history(workspaceId, topic, FINGERPRINT)).toEqual(nobody);

    const base = await fail(stores, workspaceId, onMain);
    expect(await stores.failures.history(workspaceId, topic, FINGERPRINT)).toEqual({ ...nobody, openOnBase: base });
    expect(await stores.failures.history(workspaceId, topic, 'another')).toEqual(nobody);
    expect(await stores.failures.history(workspaceId, after(onMain), FINGERPRINT)).toEqual({
      ...nobody,
      openOnBranch: base,
    });
    expect(await stores.failures.history(workspaceId, onMain, FINGERPRINT)).toEqual(nobody);

    const [flaky] = await pass(stores, workspaceId, again(onMain));
    expect(await stores.failures.history(workspaceId, topic, FINGERPRINT)).toEqual({
      ...nobody,
      flakyWitness: flaky,
      lastResolved: flaky,
    });
    const muchLater = after(topic, { updatedAt: new Date(topic.updatedAt.getTime() + 20 * 86_400_000) });
    expect(await stores.failures.history(workspaceId, muchLater, FINGERPRINT)).toEqual({
      ...nobody,
      lastResolved: flaky,
    });
  });

  test('another attempt of the run that opened a failure finds it open', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const run = aRun();
    const failure = await fail(stores, workspaceId, run);

    expect((await stores.failures.history(workspaceId, again(run), FINGERPRINT)).openOnBranch).toEqual(failure);
  });

  test('the attempts of a run count once, in whichever order they come, and another run counts', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const [run, orderly] = [aRun(), aRun({ branch: 'orderly' })];

    await fail(stores, workspaceId, again(run));
    await fail(stores, workspaceId, after(run));
    expect(await fail(stores, workspaceId, run)).toMatchObject({ occurrences: 2 });
    await fail(stores, workspaceId, orderly);
    expect(await fail(stores, workspaceId, again(orderly))).toMatchObject({ occurrences: 1, last: { attempt: 2 } });
  });

  test('recent shows the newest look at each attempt, newest first, with its failure and run', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const run = aRun();
    const next = after(run);
    const other = await saved(stores, workspaceId, { run: next, fingerprint: 'other' });
    await saved(stores, workspaceId, { run, fingerprint: FINGERPRINT });
    const second = await saved(stores, workspaceId, { run, fingerprint: FINGERPRINT, revision: 1 });

    const recent = await stores.summaries.recent(workspaceId, 10);

    expect(recent.map(({ summary }) => summary)).toEqual([second, other]);
    expect(recent[0]).toMatchObject({ failure: { id: second.failureId, fingerprint: FINGERPRINT }, run });
    expect(await stores.summaries.recent(workspaceId, 1)).toHaveLength(1);
  });

  test('what PostgreSQL cannot store is left out of a diagnosis and its run', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const odd = 'a\u0000b \udc00 back\\u0000slash \' " ? $1 :name 🐘';
    const kept = 'ab \ufffd back\\u0000slash \' " ? $1 :name 🐘';
    const run = aRun({ title: odd, branch: odd, actor: odd });
    const line = { jobId: null, line: 1, step: null, stepLine: null };
    const diagnosis = aDiagnosis({ cause: odd, excerpt: [{ ...line, text: odd }], fingerprint: odd });

    const summary = await stores.summaries.save(workspaceId, await aLease(stores), { run, revision: 0, diagnosis });

    expect(summary.diagnosis).toMatchObject({ cause: kept, excerpt: [{ ...line, text: kept }] });
    expect(await stores.runs.find(workspaceId, run)).toEqual({ ...run, title: kept, branch: kept, actor: kept });
    expect(await stores.failures.find(workspaceId, summary.failureId)).toMatchObject({
      branch: kept,
      fingerprint: kept,
    });
    expect((await stores.failures.history(workspaceId, after(run), odd)).openOnBranch?.id).toBe(summary.failureId);
    expect(await pass(stores, workspaceId, after(run))).toHaveLength(1);
  });
});

describeDatabase('failures and summaries', 'PostgreSQL', (open) => {
  test('one cause saved by many jobs at once is one failure with all of them counted', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const run = aRun();
    const runs = Array.from({ length: 12 }, (_, index) => after(run, { number: index + 1 }));

    const failures = await Promise.all(runs.map((each) => fail(stores, workspaceId, each)));

    expect(new Set(failures.map(({ id }) => id)).size).toBe(1);
    const [first] = failures;
    if (first === undefined) throw new Error('nothing was saved');
    expect(await stores.failures.find(workspaceId, first.id)).toMatchObject({
      occurrences: 12,
      first: { runNumber: 1 },
      last: { runNumber: 12 },
    });
  });

  test('one revision saved by two jobs at once is one summary', async () => {
    const { stores } = open();
    const workspaceId = aWorkspaceId();
    const run = aRun();

    const summaries = await Promise.all(
      Array.from({ length: 8 }, () => saved(stores, workspaceId, { run, fingerprint: FINGERPRINT })),
    );

    expect(new Set(summaries.map(({ id }) => id)).size).toBe(1);
  });

  test('a green run at the same time as the analysis of a failed one never leaves it open', async () => {
    const { stores } = open();
    for (let round = 0; round < 10; round += 1) {
      const workspaceId = aWorkspaceId();
      const run = aRun();
      const green: Run = { ...after(run), conclusion: 'success' };

      const [failure] = await Promise.all([
        fail(stores, workspaceId, run),
        stores.runs.record(workspaceId, green).then(() => pass(stores, workspaceId, green)),
      ]);

      expect((await stores.failures.find(workspaceId, failure.id))?.status).toBe('resolved');
    }
  });
});
