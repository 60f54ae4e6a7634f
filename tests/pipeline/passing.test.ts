import { expect, test } from '@jest/globals';
import { RunId, WorkspaceId } from '../../src/domain/ids.ts';
import type { RunSource } from '../../src/domain/ports.ts';
import { openPassing } from '../../src/pipeline/passing.ts';
import { fakeMetrics } from '../support/fake-metrics.ts';
import { aGitHub, aJobContext, aWorkflowJob } from '../support/pipeline-fakes.ts';
import { aRun } from '../support/report-builders.ts';

const workspaceId = WorkspaceId.parse('T0ACME');
const run = aRun();
const request = { workspaceId, run, job: aWorkflowJob() };
const passed = {
  run: { repository: run.repository, runId: RunId.parse(9), attempt: 1 },
  job: aWorkflowJob({ conclusion: 'success' }),
  log: 'all is well',
};

function setUp(changes: Partial<RunSource>) {
  const metrics = fakeMetrics();
  const github = aGitHub({ passed });
  const runSource = { ...github.runSource, ...changes };
  return { metrics, context: aJobContext({ ...github, metrics, runSource }) };
}

test('a search that takes too long is given up, whether GitHub heeds the signal or not', async () => {
  const { context, metrics } = setUp({ lastPassing: () => new Promise(() => {}) });

  expect(await openPassing(context, request, 20)).toBeNull();
  expect(metrics.measured).toMatchObject([{ metric: 'comparisons', labels: { outcome: 'failed' } }]);
});

test('a search is over when the job is', async () => {
  const { context } = setUp({ lastPassing: () => new Promise(() => {}) });
  const lost = new AbortController();
  const search = openPassing({ ...context, signal: lost.signal }, request);
  lost.abort(new Error('lease lost'));

  expect(await search).toBeNull();
});

test('a job that was skipped or failed in the run that passed has no passing log', async () => {
  const { context, metrics } = setUp({ jobs: async () => [aWorkflowJob({ conclusion: 'skipped' })] });

  expect(await openPassing(context, request)).toBeNull();
  expect(metrics.of('comparisons')).toMatchObject([{ labels: { outcome: 'none' } }]);
});
