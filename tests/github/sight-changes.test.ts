import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { EventId } from '../../src/domain/ids.ts';
import { GitHubHost, installationOn } from '../../src/domain/servers.ts';
import { createEventReader } from '../../src/github/events.ts';
import { fakeLog } from '../support/fake-log.ts';
import { aServer, theseServers } from '../support/github-servers.ts';

const there = aServer({ number: 2, host: GitHubHost.parse('ghe.acme.example'), webUrl: 'https://ghe.acme.example' });
const reader = createEventReader({ log: fakeLog(), servers: theseServers(aServer(), there) });
const installation = { id: 42, account: { login: 'Acme' } };
const repository = { full_name: 'Acme/Web', default_branch: 'main', topics: ['pay'] };
const HOST = 'ghe.acme.example/';

async function read(name: string, payload: object, place = aServer()) {
  const installationId = installationOn(place, 42);
  const body = Buffer.from(JSON.stringify({ installation, repository, ...payload }));
  const event = await reader.read({
    id: EventId.parse(randomUUID()),
    deliveryId: randomUUID(),
    name,
    installationId,
    body,
  });
  return event.kind === 'sight-changed' ? event.change : event;
}

const listed = (names: string[]) => names.map((full_name) => ({ full_name }));

test.each<[string, string, object, (host: string) => object | null]>([
  ['installation', 'suspend', {}, (host) => ({ kind: 'suspended', account: `${host}acme` })],
  ['installation', 'unsuspend', {}, (host) => ({ kind: 'unsuspended', account: `${host}acme` })],
  ['installation', 'deleted', {}, (host) => ({ kind: 'uninstalled', account: `${host}acme` })],
  ['installation', 'created', {}, () => null],
  ['installation', 'new_permissions_accepted', {}, () => null],
  [
    'installation_target',
    'renamed',
    { account: { login: 'Acme' }, changes: { login: { from: 'Umbrella' } }, target_type: 'Organization' },
    (host) => ({ kind: 'account-renamed', from: `${host}umbrella`, account: `${host}acme` }),
  ],
  [
    'installation_repositories',
    'removed',
    { repositories_added: [], repositories_removed: listed(['Acme/Web', 'acme/api']) },
    (host) => ({ kind: 'out-of-sight', repositories: [`${host}acme/web`, `${host}acme/api`] }),
  ],
  [
    'installation_repositories',
    'added',
    { repositories_added: listed(['acme/web']), repositories_removed: [] },
    (host) => ({ kind: 'in-sight', repositories: [`${host}acme/web`] }),
  ],
  [
    'repository',
    'renamed',
    { changes: { repository: { name: { from: 'Site' } } } },
    (host) => ({ kind: 'renamed', from: `${host}acme/site`, repository: `${host}acme/web` }),
  ],
  [
    'repository',
    'transferred',
    { changes: { owner: { from: { organization: { login: 'Umbrella' } } } } },
    (host) => ({ kind: 'renamed', from: `${host}umbrella/web`, repository: `${host}acme/web` }),
  ],
  [
    'repository',
    'edited',
    { changes: { default_branch: { from: 'master' } } },
    (host) => ({ kind: 'default-branch', repository: `${host}acme/web`, from: 'master', to: 'main' }),
  ],
  ['repository', 'privatized', {}, (host) => ({ kind: 'privatized', repository: `${host}acme/web` })],
  ['repository', 'deleted', {}, (host) => ({ kind: 'deleted', repository: `${host}acme/web` })],
])('%s %s is read, at home and elsewhere', async (name, action, payload, expected) => {
  expect(await read(name, { action, ...payload })).toEqual(expected(''));
  expect(await read(name, { action, ...payload }, there)).toEqual(expected(HOST));
});

test('topics that were edited are told as before', async () => {
  const topics = { action: 'edited', changes: { topics: { from: [] } } };
  expect(await read('repository', topics)).toMatchObject({ kind: 'topics-told', topics: ['pay'] });
});

test.each([
  ['repository', { action: 'renamed', changes: { repository: { name: { from: '../../x' } } } }],
  ['repository', { action: 'transferred', changes: { owner: { from: {} } } }],
  ['repository', { action: 'deleted', repository: { full_name: 'github.com/acme/web' } }],
  ['installation_target', { action: 'renamed', account: { slug: 'acme' }, changes: { slug: { from: 'umbrella' } } }],
  ['installation_target', { action: 'renamed', account: { login: 'acme' }, changes: { login: { from: '../x' } } }],
])('%s says nothing with %j', async (name, payload) => {
  expect(await read(name, payload)).toMatchObject({ kind: 'ignored' });
});
