import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readState, signChoice, signState } from '../../src/auth/connect-token.ts';
import { InstallationId, UserId, WorkspaceId } from '../../src/domain/ids.ts';
import type { Asker } from '../../src/domain/member.ts';
import type { Ports, SeenInstallation } from '../../src/domain/ports.ts';
import { GitHubUnavailableError } from '../../src/errors.ts';
import { createHttpServer, type HttpServer } from '../../src/http/server.ts';
import { fakeLog } from '../support/fake-log.ts';
import { aClock, memoryUsers, memoryWorkspaces, only } from '../support/memory-stores.ts';
import { aQueue } from '../support/pipeline-fakes.ts';

const workspaceId = WorkspaceId.parse('T0ACME');
const asker: Asker = { workspaceId, userId: UserId.parse('U0ADA') };
const acme: SeenInstallation = { id: InstallationId.parse(7), account: 'acme', isSuspended: false };
const labs: SeenInstallation = { id: InstallationId.parse(8), account: '<b>labs</b>\u202E', isSuspended: true };
const key = randomBytes(32).toString('hex');
const clock = aClock(new Date('2026-11-28T12:00:00Z'));

let server: HttpServer;
let url: string;
let log: ReturnType<typeof fakeLog>;
/** What GitHub shows to whoever has the code. */
let shown: SeenInstallation[];
let isAdmin: boolean;
let linked: Array<[Asker, number]>;
let visits: string[];
let failure: Error | null;

beforeEach(async () => {
  [log, shown, isAdmin, linked, visits, failure] = [fakeLog(), [acme], true, [], [], null];
  const workspaces = memoryWorkspaces();
  await workspaces.saveInstall(workspaceId, { name: 'Acme & Sons', installation: {} });
  const spent = new Set<string>();
  server = createHttpServer({
    log,
    version: '1.2.3',
    checks: { vital: { database: async () => true }, helpful: { queue: async () => true } },
    connect: {
      connectKey: key,
      clock,
      log,
      workspaces,
      users: memoryUsers(),
      queue: aQueue(),
      groups: only<Ports['groups']>({ stale: async () => [] }),
      ruleFiles: only<Ports['ruleFiles']>({ stale: async () => [] }),
      directory: only<Ports['directory']>({
        membership: async ({ userId }) => ({ ...NOBODY_SPECIAL, userId, isAdmin }),
        workspace: async () => ({ url: 'https://acme.slack.com/', scopes: null }),
      }),
      spentTokens: only<Ports['spentTokens']>({
        async spend(_workspaceId, { id }) {
          return spent.size !== spent.add(id).size;
        },
      }),
      sights: { follow: async () => [] },
      installations: only<Ports['installations']>({
        ofWorkspace: async () => linked.map(([, id]) => InstallationId.parse(id)),
        async connect(who, { installationId }) {
          linked.push([who, installationId]);
          return { kind: 'linked', jobIds: [] };
        },
      }),
      githubSignIn: {
        pages: () => null,
        async installations(_server, code) {
          visits.push(code);
          if (failure !== null) throw failure;
          return code === 'good' ? { kind: 'seen', installations: shown } : { kind: 'refused' };
        },
      },
    },
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  url = `http://127.0.0.1:${port}`;
});

afterEach(() => server.close(0));

const NOBODY_SPECIAL = { isGuest: false, isBot: false, isDeactivated: false, isStranger: false };
const newState = (): string => signState({ key, clock }, asker, 0);

async function visit(
  query: Record<string, string> | string,
): Promise<{ status: number; text: string; headers: Headers }> {
  const response = await fetch(`${url}/github/callback?${new URLSearchParams(query).toString()}`, {
    redirect: 'manual',
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

async function choose(choice: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`${url}/github/callback/choice`, {
    method: 'POST',
    body: new URLSearchParams({ choice }),
  });
  return { status: response.status, text: await response.text() };
}

const choicesIn = (text: string): string[] =>
  [...text.matchAll(/name="choice" value="([^"]+)"/gu)].map(([, it = '']) => it);

describe('whoever comes back from GitHub', () => {
  test('is shown which workspace would see what, links nothing by coming, and links by the click', async () => {
    shown = [acme, labs];
    const page = await visit({ state: newState(), code: 'good' });

    expect(page.status).toBe(200);
    expect(page.text).toContain('Acme &#38; Sons</strong> (https://acme.slack.com/)');
    expect(page.text).toContain('&#60;b&#62;labs&#60;/b&#62;</strong> (suspended on GitHub)');
    expect(linked).toEqual([]);
    const [first = '', second = ''] = choicesIn(page.text);
    expect((await choose(second)).text).toContain('<h1>Linked</h1>');
    expect((await choose(first)).text).toContain('<strong>acme</strong> on GitHub is linked to');
    expect(linked).toEqual([
      [asker, labs.id],
      [asker, acme.id],
    ]);
  });

  test('gets a page that runs, loads, frames and keeps nothing', async () => {
    const { headers, text } = await visit({ state: newState(), code: 'good' });

    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]+='; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/u,
    );
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(text).not.toContain('<script');
  });

  test('is offered the one that was just installed, and nothing else', async () => {
    shown = [acme, labs];
    const { text } = await visit({ state: newState(), code: 'good', installation_id: '7', setup_action: 'install' });

    expect(choicesIn(text)).toHaveLength(1);
    expect(text).toContain('acme');
  });

  test('hears the same of an installation that is not there as of one that is not theirs', async () => {
    const [absent, foreign] = [
      await visit({ state: newState(), code: 'good', installation_id: '999999' }),
      await visit({ state: newState(), code: 'good', installation_id: '8' }),
    ];

    expect([absent.status, foreign.status]).toEqual([403, 403]);
    expect(absent.text).toBe(foreign.text);
    expect(absent.text).toContain('GitHub does not show you this installation');
  });

  test.each([
    ['nothing is visible', () => (shown = []), { code: 'good' }, 200, 'GitHub shows you no installation'],
    ['all is linked', () => linked.push([asker, 7]), { code: 'good' }, 200, 'Everything is linked already'],
    ['they said no', () => {}, { error: 'access_denied' }, 200, 'Nothing was linked'],
    ['an owner has to agree', () => {}, { code: 'good', setup_action: 'request' }, 200, 'An owner has to agree'],
    ['GitHub refuses the code', () => {}, { code: 'stale' }, 400, 'GitHub does not know this visit'],
    ['there is no code', () => {}, {}, 400, 'That cannot be read'],
    ['they are no admin any more', () => (isAdmin = false), { code: 'good' }, 403, 'This needs an admin'],
  ])('is told when %s', async (_name, prepare, query, status, words) => {
    prepare();
    const page = await visit({ state: newState(), ...query });

    expect([page.status, page.text]).toEqual([status, expect.stringContaining(`<h1>${words}`)]);
    expect(choicesIn(page.text)).toEqual([]);
  });

  test('is told an id that stands in the log when GitHub is away, and the code is in no record', async () => {
    failure = new GitHubUnavailableError('GitHub answered 502');
    const state = newState();
    const { status, text } = await visit({ state, code: 'secret-code' });

    const [, id = 'none'] = /error id is <code>(\w+)<\/code>/u.exec(text) ?? [];
    expect(status).toBe(503);
    const records = JSON.stringify(log.records);
    expect(records).toContain(id);
    expect(records).not.toContain('secret-code');
    expect(records).not.toContain(state);
  });
});

describe('a state', () => {
  test('is good once', async () => {
    const state = newState();
    await visit({ state, code: 'good' });
    const again = await visit({ state, code: 'good' });

    expect([again.status, again.text]).toEqual([400, expect.stringContaining('This link is not valid any more')]);
    expect(visits).toHaveLength(1);
  });

  test.each([
    ['of another key', () => signState({ key: 'x'.repeat(64), clock }, asker, 0)],
    ['that is too old', () => signState({ key, clock: aClock(new Date(clock.now().getTime() - 601_000)) }, asker, 0)],
    ['with another signature', () => `${newState().slice(0, -8)}AAAAAAAA`],
    ['without a signature', () => unsigned()],
    ['that is a choice', () => signChoice({ key, clock }, { asker, installationId: acme.id, account: 'acme' })],
    ['that is no token', () => 'state'],
  ])('%s is refused before GitHub is asked anything', async (_name, make) => {
    const page = await visit({ state: make(), code: 'good' });

    expect([page.status, page.text]).toEqual([400, expect.stringContaining('This link is not valid any more')]);
    expect(visits).toEqual([]);
  });

  test('carries whom it was made for', () => {
    expect(readState({ key, clock }, newState())?.asker).toEqual(asker);
  });
});

describe('what cannot be read', () => {
  test.each([
    ['no state', '', 'Which workspace is this for?'],
    ['a code twice', `state=s&code=good&code=other`, 'That cannot be read'],
    ['a code that is none', 'state=s&code=%3Cscript%3E', 'That cannot be read'],
    ['an installation that is no number', 'state=s&code=good&installation_id=7x', 'That cannot be read'],
    ['a number beyond all', 'state=s&code=good&installation_id=9999999999999999', 'That cannot be read'],
    ['a huge state', `state=${'s'.repeat(3_000)}`, 'That cannot be read'],
    ['a huge address', `state=s&more=${'s'.repeat(5_000)}`, 'That cannot be read'],
  ])('%s', async (_name, query, words) => {
    const page = await visit(query);

    expect([page.status, page.text]).toEqual([400, expect.stringContaining(words)]);
    expect(page.text).not.toContain('<script');
    expect(visits).toEqual([]);
  });

  test('a look with HEAD uses nothing up', async () => {
    const state = newState();
    const head = await fetch(`${url}/github/callback?state=${state}&code=good`, { method: 'HEAD' });

    expect(head.status).toBe(405);
    expect((await visit({ state, code: 'good' })).status).toBe(200);
  });
});

describe('a choice', () => {
  const choice = (): string => signChoice({ key, clock }, { asker, installationId: acme.id, account: 'acme' });

  test('is good once', async () => {
    const token = choice();
    await choose(token);

    expect(await choose(token)).toMatchObject({ status: 400, text: expect.stringContaining('not valid any more') });
    expect(linked).toHaveLength(1);
  });

  test.each([
    ['a state', () => newState(), 400],
    ['made up', () => `${choice().slice(0, -8)}AAAAAAAA`, 400],
    ['huge', () => 'x'.repeat(9_000), 400],
    ['that of somebody who is no admin any more', () => ((isAdmin = false), choice()), 403],
  ])('that is %s links nothing', async (_name, make, status) => {
    expect(await choose(make())).toMatchObject({ status });
    expect(linked).toEqual([]);
  });
});

function unsigned(): string {
  const [, payload = ''] = newState().split('.');
  return `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${payload}.`;
}
