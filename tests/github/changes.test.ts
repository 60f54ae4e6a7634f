import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { RepositoryName, WorkspaceId } from '../../src/domain/ids.ts';
import type { Ports } from '../../src/domain/ports.ts';
import { GitHubNotFoundError } from '../../src/errors.ts';
import { createGitHub } from '../../src/github/github.ts';
import { createLocalGitHub, type LocalGitHub } from '../../src/sandbox/github/local-github.ts';
import { fakeLog } from '../support/fake-log.ts';
import { only } from '../support/memory-stores.ts';

const workspaceId = WorkspaceId.parse('T0ACME');
const repository = RepositoryName.parse('acme/web');
const signal = AbortSignal.timeout(60_000);
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const shaOf = (at: number): string => at.toString(16).padStart(40, '0');
let local: LocalGitHub;
let changes: Ports['runChanges'];

beforeAll(async () => {
  local = await createLocalGitHub({ appId: 4711, privateKey, webhookSecret: 'unused here' });
  const installations = only<Ports['installations']>({ isLinked: async (workspace) => workspace === workspaceId });
  const settings = {
    appId: 4711,
    privateKey,
    webhookSecrets: [],
    apiUrl: local.apiUrl,
    webUrl: local.url,
    logHosts: [],
  };
  const deps = { installations, log: fakeLog(), clock: { now: () => new Date() } };
  changes = createGitHub(deps, settings).runChanges;
  const kept = local.addRepository('acme/web');
  for (let at = 1; at <= 40; at += 1) {
    const author = local.world.account('octo-ada');
    const files = [{ path: `src/${at}.ts` }];
    local.world.commit(kept, { sha: shaOf(at), message: `Change ${at}\n\nWhy.`, author, at: new Date(), files });
  }
});
afterAll(() => local.close());

test('names the commits between two, whose they are, and what the newest of them change', async () => {
  const found = await changes.between(workspaceId, { repository, base: shaOf(1), head: shaOf(8) }, signal);

  expect(found.total).toBe(7);
  expect(found.changes[0]).toEqual({ sha: shaOf(2), title: 'Change 2', actor: 'octo-ada', paths: [] });
  expect(found.changes.slice(-5).map(({ paths }) => paths)).toEqual([4, 5, 6, 7, 8].map((at) => [`src/${at}.ts`]));
});

test('counts many commits without looking at them', async () => {
  const asked = local.journal.length;
  const found = await changes.between(workspaceId, { repository, base: shaOf(1), head: shaOf(40) }, signal);

  expect(found).toEqual({ total: 39, changes: [] });
  expect(local.journal.slice(asked).filter(({ path }) => path.includes('/commits/'))).toEqual([]);
});

test('shows nothing to a workspace that may not see the repository', async () => {
  const stranger = WorkspaceId.parse('T0OTHER');
  const asked = changes.between(stranger, { repository, base: shaOf(1), head: shaOf(2) }, signal);

  await expect(asked).rejects.toBeInstanceOf(GitHubNotFoundError);
});
