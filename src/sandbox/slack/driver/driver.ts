import type { Ack, ChannelChanges, Driver, Member, PersonalMessage, StoredMessage } from '../contract.ts';
import { issueGrant } from '../api/auth.ts';
import { memberJson } from '../api/users.ts';
import { walkInstallation } from '../installation.ts';
import { addMessage, findLinks, findMessage, threadOf } from '../messages.ts';
import { renderText } from '../text/render.ts';
import { viewJson } from '../views.ts';
import {
  directChannel,
  liveGrant,
  mustFindChannel,
  mustFindMember,
  mustFindTeam,
  newId,
  type World,
} from '../world.ts';
import { runClick, runShortcut } from './click.ts';
import { runCommand } from './command.ts';
import { runDismiss, runSubmit } from './modal.ts';
import type { Stand } from './stand.ts';

interface Addresses {
  authorizeUrl: () => string;
  installPath: string;
}

export function buildDriver(stand: Stand, addresses: Addresses): Driver {
  return { ...acts(stand), ...changes(stand, addresses), ...sights(stand.world) };
}

type Acts = Pick<
  Driver,
  'command' | 'click' | 'shortcut' | 'submit' | 'dismiss' | 'openHome' | 'say' | 'event' | 'redeliver' | 'verifyUrl'
>;

function acts(stand: Stand): Acts {
  const { world, events } = stand;
  return {
    command: (request) => runCommand(stand, request),
    click: (request) => runClick(stand, request),
    shortcut: (request) => runShortcut(stand, request),
    submit: (view, values) => runSubmit(stand, view, values),
    dismiss: (view) => runDismiss(stand, view),
    openHome(user, tab = 'home') {
      const { teamId } = mustFindMember(world, user);
      const home = world.homes.get(user);
      const view = home && tab === 'home' ? { view: viewJson(home, world) } : {};
      return events.send('app_home_opened', teamId, { user, channel: directChannel(world, user).id, tab, ...view });
    },
    say: (message) => say(stand, message),
    event: (type, { team = firstTeam(world), fields = {} } = {}) => events.send(type, team, fields),
    redeliver: (eventId, { num = 1, reason = 'http_timeout' } = {}) => events.redeliver(eventId, { num, reason }),
    verifyUrl: () => events.verifyUrl(),
  };
}

async function say({ world, events }: Stand, said: PersonalMessage): Promise<StoredMessage> {
  const channel = mustFindChannel(world, said.channel);
  const team = mustFindTeam(world, channel.teamId);
  const message = addMessage(world, channel, {
    userId: mustFindMember(world, said.user).id,
    text: said.text,
    blocks: said.blocks ?? [],
    attachments: said.attachments ?? [],
    threadTs: said.threadTs ?? null,
  });
  const thread = message.threadTs ? { thread_ts: message.threadTs } : {};
  const fields = { user: said.user, text: said.text, ts: message.ts, channel: channel.id, team: team.id, ...thread };
  const hasApp = channel.members.has(team.botUserId);
  if (channel.directWith) await events.send('message', team.id, { channel_type: 'im', ...fields });
  else if (hasApp && hears(world, team.id, 'app_mentions:read') && said.text.includes(`<@${team.botUserId}>`)) {
    await events.send('app_mention', team.id, fields);
  }
  await shareLinks({ world, events }, message);
  return structuredClone(message);
}

/** Slack tells only apps that were allowed to hear it. */
function hears(world: World, teamId: string, scope: string): boolean {
  return liveGrant(world, teamId)?.scopes.includes(scope) ?? false;
}

/** docs.slack.dev/reference/events/link_shared: also from channels that the app is not in. */
async function shareLinks({ world, events }: Pick<Stand, 'world' | 'events'>, message: StoredMessage): Promise<void> {
  const { teamId, channelId, ts, threadTs, userId } = message;
  const isOurs = (domain: string) => world.unfurlDomains.some((our) => domain === our || domain.endsWith(`.${our}`));
  const links = findLinks(message).filter(({ domain }) => isOurs(domain));
  if (links.length === 0 || !hears(world, teamId, 'links:read')) return;
  const unfurlId = newId('unfurl');
  world.unfurls.set(unfurlId, { channel: channelId, ts });
  await events.send('link_shared', teamId, {
    channel: channelId,
    is_bot_user_member: mustFindChannel(world, channelId).members.has(mustFindTeam(world, teamId).botUserId),
    user: userId,
    message_ts: ts,
    ...(threadTs ? { thread_ts: threadTs } : {}),
    unfurl_id: unfurlId,
    source: 'conversations_history',
    links,
  });
}

type Changes = Pick<Driver, 'install' | 'grant' | 'revoke' | 'setMember' | 'setChannel' | 'invite'>;

function changes(stand: Stand, addresses: Addresses): Changes {
  const { world, app, events } = stand;
  return {
    install(teamId, { user, orgWide = false } = {}) {
      mustFindTeam(world, teamId);
      const choices = { auto: 'allow', team: teamId, ...(user ? { user } : {}), ...(orgWide ? { org: '1' } : {}) };
      const installUrl = app.appUrl() + addresses.installPath;
      return walkInstallation({ installUrl, authorizeUrl: addresses.authorizeUrl(), choices });
    },
    grant(teamId, scopes) {
      mustFindTeam(world, teamId);
      return issueGrant(world, { teamId, scopes, isOrgWide: false }).token;
    },
    async revoke(teamId) {
      const { botUserId } = mustFindTeam(world, teamId);
      for (const grant of world.grants.values()) {
        if (grant.teamIds.includes(teamId) && grant.state === 'live') grant.state = 'account_inactive';
      }
      world.changed();
      await events.send('tokens_revoked', teamId, { tokens: { oauth: [], bot: [botUserId] } });
      await events.send('app_uninstalled', teamId, {});
    },
    async setMember(user, change, { silent = false } = {}) {
      const member = mustFindMember(world, user);
      Object.assign(member, change);
      world.changed();
      if (!silent) await events.send('user_change', member.teamId, { user: memberJson(member, world), cache_ts: 0 });
    },
    setChannel: (channel, change) => changeChannel(world, channel, change),
    invite: (channel, user) => invite(stand, channel, user),
  };
}

function changeChannel(world: World, id: string, { isMember, ...change }: ChannelChanges): void {
  const channel = mustFindChannel(world, id);
  Object.assign(channel, change);
  const { botUserId } = mustFindTeam(world, channel.teamId);
  if (isMember === true) channel.members.add(botUserId);
  if (isMember === false) channel.members.delete(botUserId);
  world.changed();
}

async function invite({ world, events }: Stand, id: string, user?: string): Promise<Ack> {
  const channel = mustFindChannel(world, id);
  const invited = user ?? mustFindTeam(world, channel.teamId).botUserId;
  channel.members.add(mustFindMember(world, invited).id);
  world.changed();
  const fields = { user: invited, channel: id, channel_type: channel.isPrivate ? 'G' : 'C', team: channel.teamId };
  return events.send('member_joined_channel', channel.teamId, fields);
}

type Sights = Pick<
  Driver,
  'messages' | 'directMessages' | 'thread' | 'ephemerals' | 'home' | 'modals' | 'member' | 'render'
>;

/** Copies, so that what a test has seen does not change under it. */
function sights(world: World): Sights {
  return {
    messages(id) {
      const { messages } = mustFindChannel(world, id);
      return structuredClone(
        messages.filter(({ threadTs, ephemeralFor }) => threadTs === null && ephemeralFor === null),
      );
    },
    directMessages(user) {
      const { messages } = directChannel(world, user);
      return structuredClone(messages.filter(({ ephemeralFor }) => ephemeralFor === null));
    },
    thread(id, ts) {
      const channel = mustFindChannel(world, id);
      const asked = findMessage(channel, ts);
      return structuredClone(threadOf(channel, asked?.threadTs ?? ts));
    },
    ephemerals(user) {
      const all = [...world.channels.values()].flatMap((channel) => channel.messages);
      const own = all.filter((message) => message.ephemeralFor === user);
      return structuredClone(own.toSorted((one, other) => Number(one.ts) - Number(other.ts)));
    },
    home: (user) => structuredClone(world.homes.get(user) ?? null),
    modals: (user) => structuredClone(world.modals.get(user) ?? []),
    member: (user): Member => structuredClone(mustFindMember(world, user)),
    render: (shown) => renderText(world, shown),
  };
}

function firstTeam(world: World): string {
  const [team] = world.teams.keys();
  if (team === undefined) throw new Error('The local Slack has no team');
  return team;
}
