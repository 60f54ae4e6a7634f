import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { RepositoryName, RunId, WorkspaceId } from '../../src/domain/ids.ts';
import type { Run } from '../../src/domain/run.ts';
import { GitHubUnavailableError } from '../../src/errors.ts';
import { createGitHub } from '../../src/github/github.ts';
import { createLocalGitHub, type LocalGitHub } from '../../src/sandbox/github/local-github.ts';
import type { RunScript } from '../../src/sandbox/github/play.ts';
import { fakeLog } from '../support/fake-log.ts';
import { fakeMetrics } from '../support/fake-metrics.ts';
import { aRun } from '../support/report-builders.ts';

const workspaceId = WorkspaceId.parse('T0ACME');
const signal = AbortSignal.timeout(60_000);
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const FILES = [{ path: 'src/a.ts' }, { path: 'docs/b.md' }];

let local: LocalGitHub;

beforeAll(async () => {
  local = await createLocalGitHub({ appId: 4711, privateKey, webhookSecret: 'unused here' });
  local.addRepository('acme/web');
});
afterAll(() => local.close());
afterEach(() => local.faults.clear());

function source() {
  const settings = { appId: 4711, privateKey, webhookSecrets: [], apiUrl: local.apiUrl, webUrl: local.url };
  const installations = {
    link: async () => {},
    isLinked: async (workspace: WorkspaceId) => workspace === workspaceId,
    ofWorkspace: async () => [],
    workspacesOf: async () => [],
  };
  const ports = { installations, log: fakeLog(), clock: { now: () => new Date() }, metrics: fakeMetrics() };
  return createGitHub(ports, { ...settings, logHosts: [] }).runTraits;
}

/** A run that was played, as it is stored. */
async function played(number: number, script: Partial<RunScript>): Promise<Run> {
  const sha = `${number}`.padStart(40, 'abc');
  const base = { repository: 'acme/web', workflow: 'CI', branch: 'work', title: 'Work', actor: 'ada', jobs: [] };
  const { runId } = await local.play({ ...base, sha, files: FILES, ...script });
  const { pullRequest: pull } = script;
  const event = pull ? 'pull_request' : 'push';
  return aRun({ runId: RunId.parse(runId), headSha: sha, event, pullRequest: pull?.number ?? null });
}

test('of a pull request, its labels and all of its files', async () => {
  const run = await played(1, { pullRequest: { number: 5, title: 'Work', labels: ['bug', 'needs review'] } });

  expect(await source().traits(workspaceId, run, signal)).toEqual({
    labels: ['bug', 'needs review'],
    paths: ['src/a.ts', 'docs/b.md'],
  });
});

test('of a push, the files of its commit, even where its branch has a pull request', async () => {
  const run = await played(2, {});

  const traits = await source().traits(workspaceId, { ...run, pullRequest: 5 }, signal);

  expect(traits).toEqual({ labels: [], paths: ['src/a.ts', 'docs/b.md'] });
});

test('no more than three pages of files are asked for', async () => {
  const files = Array.from({ length: 450 }, (_, index) => ({ path: `src/${index}.ts` }));
  const run = await played(3, { files, pullRequest: { number: 6, title: 'Work' } });

  const { paths } = await source().traits(workspaceId, run, signal);

  expect(paths).toHaveLength(300);
  expect(local.journal.filter(({ path }) => path.includes('/pulls/6/files'))).toHaveLength(3);
});

test('what is not there, or not for the workspace, is left out', async () => {
  const nothing = { labels: [], paths: [] };
  const gone = aRun({ headSha: 'f'.repeat(40), event: 'push' });

  expect(await source().traits(workspaceId, gone, signal)).toEqual(nothing);
  expect(await source().traits(WorkspaceId.parse('T0OTHER'), gone, signal)).toEqual(nothing);
  const hidden = aRun({ repository: RepositoryName.parse('acme/hidden') });
  expect(await source().traits(workspaceId, hidden, signal)).toEqual(nothing);
});

test('where GitHub is away, it is for the job to try again', async () => {
  const run = await played(4, {});
  local.faults.add({ kind: 'status', method: 'GET', path: /\/commits\//u, status: 502, message: 'Bad gateway' });

  await expect(source().traits(workspaceId, run, signal)).rejects.toThrow(GitHubUnavailableError);
});
