import { readFileSync } from 'node:fs';
import { globSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { SHORTCUT } from '../../src/messages/action-ids.ts';
import { COMMANDS } from '../../src/slack/commands/index.ts';
import { EVENTS } from '../../src/slack/events/index.ts';
import { COMMAND_NAME, METHODS, PATHS, SCOPES } from '../../src/slack/options.ts';

const manifest = parse(readFileSync('slack-manifest.yml', 'utf8'));
const source = globSync('src/slack/**/*.ts')
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

/** Events that need no scope, or the one that we ask for anyway: docs.slack.dev/reference/events. */
const EVENT_SCOPES: Record<(typeof EVENTS)[number], string | null> = {
  app_home_opened: null,
  app_mention: 'app_mentions:read',
  app_uninstalled: null,
  link_shared: 'links:read',
  tokens_revoked: null,
  user_change: 'users:read',
};

describe('slack-manifest.yml', () => {
  test('fits the schema of Slack', () => {
    const schema = JSON.parse(readFileSync('tests/fixtures/slack-manifest.v2.schema.json', 'utf8'));
    const ajv = new Ajv({ strict: false, allErrors: true });
    addFormats.default(ajv);
    const isValid = ajv.validate(schema, manifest);
    expect(ajv.errors ?? []).toEqual([]);
    expect(isValid).toBe(true);
  });

  test('asks for the scopes that the installation asks for, and no others', () => {
    expect(manifest.oauth_config.scopes).toEqual({ bot: [...SCOPES] });
  });

  test('asks for no scope that no method, event or command needs', () => {
    const needed = new Set<string | null>([
      'commands',
      'groups:read',
      ...Object.values(METHODS),
      ...Object.values(EVENT_SCOPES),
    ]);
    expect(SCOPES.filter((scope) => !needed.has(scope))).toEqual([]);
    expect([...needed].filter((scope) => scope !== null && !SCOPES.some((asked) => asked === scope))).toEqual([]);
    expect(SCOPES.filter((scope) => scope.endsWith(':history'))).toEqual([]);
  });

  test('names exactly the methods that the code calls, besides looking back where a workspace allows it', () => {
    const called = [...source.matchAll(/\bclient\.(\w+(?:\.\w+)+)\(/gu)].map(([, method]) => method ?? '');
    const lookingBack = ['conversations.history', 'conversations.open', 'conversations.replies'];
    expect([...new Set(called)].sort()).toEqual([...Object.keys(METHODS), ...lookingBack].sort());
  });

  test('subscribes to exactly the events that are listened to', () => {
    expect(manifest.settings.event_subscriptions.bot_events).toEqual([...EVENTS]);
    const registered = [...source.matchAll(/app\.event\('(\w+)'/gu)].map(([, name]) => name);
    expect(new Set(registered)).toEqual(new Set(EVENTS));
  });

  test('names the paths and the command that are served', () => {
    const path = (address: string) => new URL(address).pathname;
    expect(path(manifest.settings.event_subscriptions.request_url)).toBe(PATHS.events);
    expect(path(manifest.settings.interactivity.request_url)).toBe(PATHS.events);
    expect(manifest.oauth_config.redirect_urls.map(path)).toEqual([PATHS.redirect]);
    expect(manifest.features.slash_commands.map(({ command }: { command: string }) => command)).toEqual([COMMAND_NAME]);
    for (const word of manifest.features.slash_commands[0].usage_hint.match(/(?<=^|\| )\w+/gu)) {
      expect(COMMANDS.map(({ name }) => name)).toContain(word);
    }
    expect(manifest.features.app_home.home_tab_enabled).toBe(true);
  });

  test('offers exactly the message shortcuts that are listened to', () => {
    const offered = manifest.features.shortcuts.map(({ type, callback_id: id }: Record<string, string>) => [type, id]);
    expect(offered).toEqual(Object.values(SHORTCUT).map((id) => ['message', id]));
  });

  test('lets the app write to a person without a scope for it, and nobody write to the app', () => {
    expect(manifest.features.app_home).toMatchObject({
      messages_tab_enabled: true,
      messages_tab_read_only_enabled: true,
    });
    expect(SCOPES.filter((scope) => scope.startsWith('im:'))).toEqual([]);
  });
});
