import { readFile } from 'node:fs/promises';
import express, { type Request, type Response, type Router } from 'express';
import type { Driver, StoredMessage, StoredView, ViewValues } from './contract.ts';
import { type Fields, fieldsOf, isFields, textOf } from './fields.ts';
import { parseMrkdwn } from './text/mrkdwn.ts';
import { presentBlocks, presentFields } from './text/present.ts';
import { directChannel, liveGrant, type Channel, type World } from './world.ts';

interface PageSetting {
  world: World;
  driver: Driver;
  commands: readonly string[];
}

const TYPES: Readonly<Record<string, string>> = { html: 'text/html', css: 'text/css', js: 'text/javascript' };

/** The page itself, what it shows, and what a person does on it. */
export function pageRouter(setting: PageSetting): Router {
  const router = express.Router();
  router.get('/', (_request, response) => void sendAsset(response, 'index.html'));
  router.use(assetRouter());
  router.get('/ui/state', (request, response) => {
    response.json(stateFor(setting, request.query));
  });
  router.get('/ui/changes', (request, response) => streamChanges(setting.world, request, response));
  router.post('/ui/:act', express.json({ limit: '1mb' }), (request, response) => {
    void act(setting, request.params.act, request.body)
      .then((result) => response.json(result))
      .catch((error: unknown) =>
        response.status(400).json({ error: error instanceof Error ? error.message : 'failed' }),
      );
  });
  return router;
}

/** What the pages are made of, the one that draws single states included: `/page/gallery.html`. */
export function assetRouter(): Router {
  const router = express.Router();
  router.get('/page/:file', (request, response) => void sendAsset(response, request.params.file));
  return router;
}

const FILE_NAME = /^[a-z-]+\.(html|css|js)$/u;

async function sendAsset(response: Response, file: string): Promise<void> {
  const type = TYPES[FILE_NAME.exec(file)?.[1] ?? ''];
  try {
    if (!type) throw new Error('not an asset');
    const body = await readFile(new URL(`./page/${file}`, import.meta.url), 'utf8');
    response
      .set('Content-Security-Policy', "default-src 'self'; img-src * data:; style-src 'self'; frame-ancestors 'none'")
      .set('Cache-Control', 'no-store')
      .type(type)
      .send(body);
  } catch {
    response.status(404).type('text').send('Not found');
  }
}

/** Server-sent events: one line whenever anything changed; the page then asks for the state. */
function streamChanges(world: World, request: Request, response: Response): void {
  response.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.flushHeaders();
  response.write('data: ready\n\n');
  const stop = world.onChange(() => response.write('data: change\n\n'));
  request.on('close', stop);
}

function stateFor({ world, commands }: PageSetting, query: unknown): Fields {
  const team = world.teams.get(textOf(query, 'team')) ?? [...world.teams.values()][0];
  if (!team) return {};
  const people = [...world.members.values()].filter((member) => member.teamId === team.id);
  const humans = people.filter((member) => !member.isBot);
  const me = humans.find((member) => member.id === textOf(query, 'user')) ?? humans[0];
  if (!me) return {};
  const channels = [...world.channels.values()].filter(
    (channel) => channel.teamId === team.id && channel.directWith === null && channel.members.has(me.id),
  );
  const home = world.homes.get(me.id);
  const stack = world.modals.get(me.id) ?? [];
  return {
    team: { id: team.id, name: team.name },
    teams: [...world.teams.values()].map(({ id, name }) => ({ id, name })),
    me,
    people,
    app: {
      id: world.appId,
      name: world.appName,
      botUserId: team.botUserId,
      isInstalled: liveGrant(world, team.id) !== null,
      commands,
    },
    channels: channels.map((channel) => channelFor(channel, me.id)),
    direct: channelFor(directChannel(world, me.id), me.id),
    home: home ? viewFor(home) : null,
    modals: stack.map(viewFor),
  };
}

function channelFor(channel: Channel, userId: string): Fields {
  const { id, name, topic, isPrivate, isArchived, isShared, members } = channel;
  const seen = channel.messages.filter(({ ephemeralFor }) => (ephemeralFor ?? userId) === userId);
  return { id, name, topic, isPrivate, isArchived, isShared, members: [...members], messages: seen.map(messageFor) };
}

function messageFor(message: StoredMessage): Fields {
  return { ...message, blocks: presentBlocks(message.blocks), nodes: parseMrkdwn(message.text) };
}

function viewFor(view: StoredView): Fields {
  return {
    ...view,
    blocks: presentBlocks(view.blocks),
    title: view.title && presentFields(view.title),
  };
}

async function act({ world, driver }: PageSetting, name: string, body: unknown): Promise<unknown> {
  const [user, channel, text] = ['user', 'channel', 'text'].map((key) => textOf(body, key));
  if (user === undefined || channel === undefined || text === undefined) throw new Error('malformed');
  switch (name) {
    case 'command':
      return driver.command({ user, channel, text, command: textOf(body, 'command') });
    case 'message': {
      const threadTs = textOf(body, 'threadTs');
      return driver.say({ user, channel, text: asSource(world, text), ...(threadTs ? { threadTs } : {}) });
    }
    case 'home':
      return driver.openHome(user, textOf(body, 'tab') === 'messages' ? 'messages' : 'home');
    case 'click':
      return driver.click(clickOf(body, user));
    case 'submit':
      return driver.submit(textOf(body, 'view'), valuesOf(fieldsOf(body, 'values')));
    case 'dismiss':
      return driver.dismiss(textOf(body, 'view'));
    default:
      throw new Error('unknown act');
  }
}

function clickOf(body: unknown, user: string): Parameters<Driver['click']>[0] {
  const value = valuesOf(body)['value'];
  const optional = ['channel', 'ts', 'view', 'actionId'].filter((key) => textOf(body, key) !== '');
  const named = Object.fromEntries(optional.map((key) => [key, textOf(body, key)]));
  return { user, ...named, ...(value === undefined || value === null ? {} : { value }) };
}

function valuesOf(body: unknown): ViewValues {
  const entries = Object.entries(isFields(body) ? body : {});
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key,
      Array.isArray(value) ? value.map(String) : typeof value === 'string' ? value : null,
    ]),
  );
}

/** What a person types becomes mrkdwn: escaped, with mentions of people and the app by their handles. */
function asSource(world: World, typed: string): string {
  const escaped = typed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return escaped.replaceAll(/@([\w.-]+)/gu, (whole, handle) => {
    const member = [...world.members.values()].find((known) => known.name === handle);
    return member ? `<@${member.id}>` : whole;
  });
}
