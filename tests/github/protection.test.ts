import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { RepositoryName, RunId, WorkspaceId } from '../../src/domain/ids.ts';
import type { RunProtection } from '../../src/domain/reruns.ts';
import { GitHubUnavailableError } from '../../src/errors.ts';
import { createGitHub } from '../../src/github/github.ts';
import { createLocalGitHub, type LocalGitHub } from '../../src/sandbox/github/local-github.ts';
import type { RunScript } from '../../src/sandbox/github/play.ts';
import { fakeLog } from '../support/fake-log.ts';
import { fakeMetrics } from '../support/fake-metrics.ts';

const workspaceId = WorkspaceId.parse('T0ACME');
const repository = RepositoryName.parse('acme/web');
const FILE = '.github/workflows/ci.yml';
const signal = AbortSignal.timeout(60_000);
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

let local: LocalGitHub;
let runs = 0;

beforeAll(async () => {
  local = await createLocalGitHub({ appId: 4711, privateKey, webhookSecret: 'unused here' });
  local.addRepository('acme/web');
});
afterAll(() => local.close());
afterEach(() => {
  local.faults.clear();
  local.setEnvironments('acme/web', []);
});

const PROTECTED = [
  { name: 'Production', rules: ['required_reviewers'] as const },
  { name: 'preview', rules: [] },
  { name: 'slow', rules: ['wait_timer'] as const },
  { name: 'guarded', rules: ['branch_policy'] as const },
];
const jobs = (...lines: string[]): string => ['on: push', 'jobs:', ...lines].join('\n');
const TEST_JOB = ['  test:', '    runs-on: ubuntu-latest', '    steps: [{ run: npm test }]'];
const job = (...lines: string[]): string =>
  jobs(...TEST_JOB, '  deploy:', '    needs: test', ...lines.map((line) => `    ${line}`));

/** A run of a branch of its own, on which the workflow is this text. */
async function protectionOf(text: string | null, script: Partial<RunScript> = {}): Promise<RunProtection> {
  runs += 1;
  const branch = `work-${runs}`;
  if (text !== null) local.setFile('acme/web', { path: FILE, text, branch });
  const sha = `${runs}`.padStart(40, 'e');
  const base = { repository, workflow: 'CI', title: 'Work', actor: 'ada', jobs: [] };
  const { runId } = await local.play({ ...base, branch, sha, ...script });
  return await source().ofRun(workspaceId, { repository, runId: RunId.parse(runId) }, signal);
}

function source(allowed = workspaceId) {
  const settings = { appId: 4711, privateKey, webhookSecrets: [], apiUrl: local.apiUrl, webUrl: local.url };
  const installations = {
    link: async () => {},
    isLinked: async (workspace: WorkspaceId) => workspace === allowed,
    ofWorkspace: async () => [],
    workspacesOf: async () => [],
  };
  const ports = { installations, log: fakeLog(), clock: { now: () => new Date() }, metrics: fakeMetrics() };
  return createGitHub(ports, { ...settings, logHosts: [] }).runProtection;
}

test('a repository without a protected environment has none to reach, whatever its workflow says', async () => {
  expect(await protectionOf(job('environment: production'))).toEqual({ kind: 'free' });
  local.setEnvironments('acme/web', [{ name: 'preview' }]);
  expect(await protectionOf(null, { event: 'pull_request' })).toEqual({ kind: 'free' });
});

test.each<[string, string, RunProtection]>([
  ['no job names one', jobs(...TEST_JOB), { kind: 'free' }],
  ['a job names one that is not protected', job('environment: preview'), { kind: 'free' }],
  ['a job names one that there is not yet', job('environment: review-app'), { kind: 'free' }],
  ['a job names it', job('environment: production'), { kind: 'protected', environments: ['production'] }],
  [
    'with an address',
    job('environment:', '  name: Production', '  url: https://x'),
    { kind: 'protected', environments: ['Production'] },
  ],
  [
    'in quotes with an escape',
    job(String.raw`"\x65nvironment": production`),
    { kind: 'protected', environments: ['production'] },
  ],
  ['by an anchor', jobs('  a: &a', '    environment: slow', '  b: *a'), { kind: 'protected', environments: ['slow'] }],
  ['that only some branches may use', job('environment: guarded'), { kind: 'protected', environments: ['guarded'] }],
  ['the name is made up as it runs', job('environment: ${{ inputs.where }}'), { kind: 'untold', why: 'computed-name' }],
  ['the name is no name', job('environment: [production]'), { kind: 'untold', why: 'computed-name' }],
  [
    'another workflow is called',
    job('uses: ./.github/workflows/deploy.yml'),
    { kind: 'untold', why: 'called-workflow' },
  ],
  ['the file is no workflow', 'jobs: [1]', { kind: 'untold', why: 'unreadable-file' }],
  ['the file is no YAML', 'jobs: {', { kind: 'untold', why: 'unreadable-file' }],
  [
    'the file is too large',
    `${jobs(...TEST_JOB)}\n#${'x'.repeat(600_000)}`,
    { kind: 'untold', why: 'unreadable-file' },
  ],
  [
    'the file explodes',
    [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...'bcdefghij'.split('').map((each, at) => `${each}: &${each} [${`*${'abcdefghij'[at]}, `.repeat(9)}]`),
      'jobs: {t: {steps: *j}}',
    ].join('\n'),
    { kind: 'untold', why: 'unreadable-file' },
  ],
])('a run can reach a protected environment if %s', async (_name, text, expected) => {
  local.setEnvironments('acme/web', PROTECTED);
  expect(await protectionOf(text)).toEqual(expected);
});

test.each(['pull_request', 'pull_request_target', 'workflow_run', 'issue_comment'])(
  'of a run by %s nobody can tell which workflow it ran',
  async (event) => {
    local.setEnvironments('acme/web', PROTECTED);
    expect(await protectionOf(jobs(...TEST_JOB), { event })).toEqual({ kind: 'untold', why: 'merged-file' });
  },
);

test('where the workflow is gone, or environments are hidden, or too many, or not for us, it cannot be told', async () => {
  local.setEnvironments('acme/web', PROTECTED);
  expect(await protectionOf(null)).toEqual({ kind: 'untold', why: 'unreadable-file' });
  local.faults.add({ kind: 'status', path: /\/environments/u, status: 403, times: 1 });
  expect(await protectionOf(jobs(...TEST_JOB))).toEqual({ kind: 'untold', why: 'hidden' });
  local.setEnvironments(
    'acme/web',
    Array.from({ length: 101 }, (_, at) => ({ name: `preview-${at}` })),
  );
  expect(await protectionOf(jobs(...TEST_JOB))).toEqual({ kind: 'untold', why: 'hidden' });
  const foreign = source(WorkspaceId.parse('T0OTHER'));
  expect(await foreign.ofRun(workspaceId, { repository, runId: RunId.parse(1) }, signal)).toEqual({
    kind: 'untold',
    why: 'hidden',
  });
});

test('that GitHub is away is thrown', async () => {
  local.faults.add({ kind: 'status', path: /\/environments/u, status: 502, times: 9 });
  await expect(protectionOf(jobs(...TEST_JOB))).rejects.toThrow(GitHubUnavailableError);
});
