import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { AppTier } from '../../src/domain/setup.ts';
import { GITHUB_NEEDS } from '../../src/github/app.ts';
import { createGitHubSetup } from '../../src/github/setup.ts';
import { CALLBACK_PATH } from '../../src/http/connect.ts';

const root = path.resolve(import.meta.dirname, '../..');
const manifest = parse(readFileSync(path.join(root, 'manifests/github-app.yml'), 'utf8'));

test('the App asks for exactly the events that are read', () => {
  const sources = ['events.ts', 'happening-events.ts', 'repository-news.ts', 'sight-changes.ts'].map((file) =>
    readFileSync(path.join(root, 'src/github', file), 'utf8'),
  );
  const listened = [...sources.join('\n').matchAll(/webhooks\.on\(\s*(\[[^\]]+\]|'[^']+')/gu)].map((match) => match[1]);
  const handled = [...listened.join('\n').matchAll(/'(\w+)(?:\.\w+)?'/gu)].map((match) => match[1] ?? '');
  // These come to every App, and cannot be asked for.
  const asked = handled.filter((name) => !name.startsWith('installation'));

  expect(manifest.default_events).toEqual([...new Set(asked)].toSorted());
});

test('the App may read, run jobs again, create issues, and nothing else', () => {
  const { actions, issues, ...others } = manifest.default_permissions;
  expect([actions, issues]).toEqual(['write', 'write']);
  expect(new Set(Object.values(others))).toEqual(new Set(['read']));
});

test('every permission has a line that says what it is for, in the manifest and in the documentation', () => {
  const text = readFileSync(path.join(root, 'manifests/github-app.yml'), 'utf8');
  const security = readFileSync(path.join(root, 'docs/security.md'), 'utf8');
  const titles = {
    actions: 'Actions',
    checks: 'Checks',
    contents: 'Contents',
    deployments: 'Deployments',
    issues: 'Issues',
    members: 'Members',
    metadata: 'Metadata',
    pull_requests: 'Pull requests',
    statuses: 'Commit statuses',
  };

  expect(Object.keys(manifest.default_permissions).sort()).toEqual(Object.keys(titles).sort());
  for (const [name, title] of Object.entries(titles)) {
    expect(text).toMatch(new RegExp(`#[^\\n]+\\n  ${name}: (?:read|write)`, 'u'));
    expect(security).toContain(`| ${title} `);
  }
});

test('the App is told of the route that takes deliveries in', () => {
  const server = readFileSync(path.join(root, 'src/http/server.ts'), 'utf8');

  expect(server).toContain(`'${new URL(manifest.hook_attributes.url).pathname}'`);
});

test('people who authorize the App come back to the route that waits for them', () => {
  const [callback = ''] = manifest.callback_urls;

  expect(new URL(callback).pathname).toBe(CALLBACK_PATH);
  expect(manifest.request_oauth_on_install).toBe(true);
});

test('the doctor looks for exactly what the App asks for', () => {
  expect(GITHUB_NEEDS).toEqual({
    permissions: manifest.default_permissions,
    events: manifest.default_events,
  });
});

describe('what `cortex setup github` asks GitHub for', () => {
  const own = {
    publicUrl: 'https://cortex.example.com',
    createdUrl: 'https://cortex.example.com/github/setup/created',
  };
  const plan = {
    webUrl: 'https://github.com',
    apiUrl: 'https://api.github.com',
    logHosts: [],
    organization: null,
    isPublic: false,
  };
  const asked = (tier: AppTier) => JSON.parse(createGitHubSetup().form({ ...plan, tier }, own, 'a state').manifest);

  test('is this manifest, at our own address', () => {
    expect(asked('actions')).toEqual({ ...manifest, redirect_url: own.createdUrl });
  });

  test('is without anything that writes, where it shall only read', () => {
    const { actions: _, issues: __, ...others } = manifest.default_permissions;

    expect(asked('read-only').default_permissions).toEqual({ ...others, actions: 'read' });
    expect(asked('read-only').default_events).toEqual(manifest.default_events);
  });

  test('may write checks and pull requests where it shall answer there, and nothing else beyond the usual', () => {
    expect(asked('answers').default_permissions).toEqual({
      ...manifest.default_permissions,
      checks: 'write',
      pull_requests: 'write',
    });
    expect(asked('answers').default_events).toEqual(manifest.default_events);
  });

  test.each([
    [null, 'https://github.com/settings/apps/new?state=a+state'],
    ['acme', 'https://github.com/organizations/acme/settings/apps/new?state=a+state'],
  ])('goes to the settings of %s', (organization, action) => {
    const form = createGitHubSetup().form({ ...plan, organization, tier: 'actions' }, own, 'a state');

    expect(form.action).toBe(action);
    expect(JSON.parse(form.manifest).name.length).toBeLessThanOrEqual(34);
  });
});
