import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { InstallationId, WorkspaceId } from '../../src/domain/ids.ts';
import { GitHubUnavailableError } from '../../src/errors.ts';
import { createGitHub } from '../../src/github/github.ts';
import { createLocalGitHub, type LocalGitHub } from '../../src/sandbox/github/local-github.ts';
import { fakeLog } from '../support/fake-log.ts';
import { fakeMetrics } from '../support/fake-metrics.ts';

const workspaceId = WorkspaceId.parse('T0ACME');
const signal = AbortSignal.timeout(60_000);
const [ACME, UMBRELLA, STRANGER] = [51_423, 51_424, 51_425];
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

let local: LocalGitHub;
let linked: number[];

beforeAll(async () => {
  const installations = { [ACME]: 'acme', [UMBRELLA]: 'Umbrella', [STRANGER]: 'stranger' };
  local = await createLocalGitHub({ appId: 4711, privateKey, webhookSecret: 'unused here', installations });
  local.addRepository('acme/web', { topics: ['payments', 'typescript'], installationId: ACME });
  local.addRepository('acme/api', { topics: ['payments'], installationId: ACME });
  local.addRepository('Umbrella/Till', { topics: ['payments'], installationId: UMBRELLA });
  local.addRepository('stranger/secret', { topics: ['payments'], installationId: STRANGER });
  local.setTeam('acme/platform', ['acme/web', 'acme/api']);
  local.setTeam('acme/core', ['acme/web']);
  local.setTeam('Umbrella/core', ['Umbrella/Till']);
  local.setTeam('stranger/platform', ['stranger/secret']);
});
beforeEach(() => {
  linked = [ACME, UMBRELLA];
});
afterAll(() => local.close());
afterEach(() => local.faults.clear());

function source() {
  const settings = { appId: 4711, privateKey, webhookSecrets: [], apiUrl: local.apiUrl, webUrl: local.url };
  const installations = {
    link: async () => {},
    isLinked: async () => false,
    ofWorkspace: async () => linked.map((id) => InstallationId.parse(id)),
    workspacesOf: async () => [],
  };
  const ports = { installations, log: fakeLog(), clock: { now: () => new Date() }, metrics: fakeMetrics() };
  return createGitHub(ports, { ...settings, logHosts: [] }).groupSource;
}

const team = (name: string, organization: string | null = null) =>
  source().team(workspaceId, { organization, team: name }, signal);

test('a topic is that of the repositories of all linked installations, and of no other', async () => {
  const found = await source().topic(workspaceId, 'payments', signal);

  expect(found).toEqual({
    repositories: ['acme/web', 'acme/api', 'umbrella/till'],
    isCut: false,
    topics: ['payments', 'typescript'],
  });
});

test('no more than a thousand repositories are looked at', async () => {
  const fullNames = Array.from({ length: 1_050 }, (_, index) => `large/r${index}`);
  local.addInstallation(61_000, 'large');
  for (const fullName of fullNames) local.addRepository(fullName, { topics: ['many'], installationId: 61_000 });
  linked = [61_000];

  const { repositories, isCut } = await source().topic(workspaceId, 'many', signal);

  expect([repositories.length, isCut]).toEqual([1_000, true]);
});

test('a team is found in the only organization that has it', async () => {
  const repositories = ['acme/web', 'acme/api'];

  expect(await team('platform')).toEqual({ kind: 'team', organization: 'acme', repositories, isCut: false });
  expect(await team('core', 'umbrella')).toMatchObject({ organization: 'umbrella', repositories: ['umbrella/till'] });
});

test('a team that several organizations have, or none, is not guessed', async () => {
  expect(await team('core')).toEqual({ kind: 'which-organization', organizations: ['acme', 'umbrella'] });
  expect(await team('platfrm', 'acme')).toEqual({
    kind: 'unknown-team',
    organizations: ['acme'],
    meant: 'acme/platform',
  });
  expect(await team('zzz')).toMatchObject({ kind: 'unknown-team', meant: null });
});

test('an organization that is not linked to the workspace is none', async () => {
  expect(await team('platform', 'stranger')).toEqual({ kind: 'no-organization' });
  linked = [];
  expect(await team('platform')).toEqual({ kind: 'no-organization' });
  expect(await source().topic(workspaceId, 'payments', signal)).toMatchObject({ repositories: [] });
});

test('without the permission to see members, that is said instead of "no such team"', async () => {
  const permissions = local.world.installations.get(ACME)?.permissions ?? {};
  const { members = 'read' } = permissions;
  delete permissions['members'];
  try {
    expect(await team('platform', 'acme')).toEqual({ kind: 'teams-hidden', organizations: ['acme'] });
    expect(await team('core')).toMatchObject({ kind: 'team', organization: 'umbrella' });
  } finally {
    permissions['members'] = members;
  }
});

test('an installation that is suspended shows nothing, and GitHub being away is told', async () => {
  const suspended = local.world.installations.get(UMBRELLA);
  if (suspended === undefined) throw new Error('No installation');
  suspended.suspendedAt = new Date();
  expect(await team('core')).toMatchObject({ organization: 'acme' });
  suspended.suspendedAt = null;

  local.faults.add({ path: /\/orgs\//u, kind: 'status', status: 503 });
  await expect(team('platform', 'acme')).rejects.toBeInstanceOf(GitHubUnavailableError);
});
