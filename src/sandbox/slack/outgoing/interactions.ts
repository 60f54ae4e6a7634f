import type { StoredMessage, StoredView } from '../contract.ts';
import type { Fields } from '../fields.ts';
import { textOf } from '../fields.ts';
import { messageJson } from '../messages.ts';
import { valueOf, viewJson } from '../views.ts';
import { mustFindChannel, mustFindMember, mustFindTeam, newId, type Team, type World } from '../world.ts';
import { VERIFICATION_TOKEN } from './app-client.ts';

/** A trigger_id in Slack's form, good for one modal. */
export function newTrigger(world: World, place: { teamId: string; userId: string; viewId?: string }): string {
  const id = `${Date.now()}.${Math.floor(Math.random() * 1e12)}.${newId('').toLowerCase()}`;
  const { teamId, userId, viewId = null } = place;
  world.triggers.set(id, { id, teamId, userId, viewId, at: world.now(), used: false });
  return id;
}

function whoAndWhere(world: World, userId: string, team: Team): Fields {
  const member = mustFindMember(world, userId);
  const { enterprise } = team;
  return {
    user: { id: member.id, username: member.name, name: member.name, team_id: member.teamId },
    api_app_id: world.appId,
    token: VERIFICATION_TOKEN,
    team: {
      id: team.id,
      domain: team.domain,
      ...(enterprise ? { enterprise_id: enterprise.id, enterprise_name: enterprise.name } : {}),
    },
    enterprise,
    is_enterprise_install: isOrgWide(world, team),
  };
}

function isOrgWide(world: World, team: Team): boolean {
  return [...world.grants.values()].some(
    (grant) => grant.state === 'live' && grant.enterpriseId !== null && grant.teamIds.includes(team.id),
  );
}

/** The form of a slash command. */
export function commandForm(
  world: World,
  typed: { userId: string; channelId: string; command: string; text: string; responseUrl: string },
): Record<string, string> {
  const channel = mustFindChannel(world, typed.channelId);
  const member = mustFindMember(world, typed.userId);
  const team = mustFindTeam(world, channel.teamId);
  return {
    token: VERIFICATION_TOKEN,
    team_id: team.id,
    team_domain: team.domain,
    ...(team.enterprise ? { enterprise_id: team.enterprise.id, enterprise_name: team.enterprise.name } : {}),
    channel_id: channel.id,
    channel_name: channel.directWith ? 'directmessage' : channel.name,
    user_id: member.id,
    user_name: member.name,
    command: typed.command,
    text: typed.text,
    api_app_id: world.appId,
    is_enterprise_install: String(isOrgWide(world, team)),
    response_url: typed.responseUrl,
    trigger_id: newTrigger(world, { teamId: team.id, userId: member.id }),
  };
}

/** What was clicked or chosen. */
export interface Choice {
  block: Fields;
  element: Fields;
  /** The option's value, the date and so on; null for a button. */
  value: string | readonly string[] | null;
}

function actionJson({ block, element, value }: Choice): Fields {
  const type = textOf(element, 'type');
  const base = {
    type,
    action_id: element['action_id'],
    block_id: block['block_id'],
    action_ts: `${Math.floor(Date.now() / 1000)}.${String(Date.now() % 1000).padStart(3, '0')}000`,
  };
  if (type === 'button' || type === 'icon_button' || type === 'workflow_button') {
    const { text, value: own, style } = element;
    return { ...base, text, ...(own === undefined ? {} : { value: own }), ...(style === undefined ? {} : { style }) };
  }
  if (type === 'feedback_buttons') return { ...base, value };
  return { ...base, ...valueOf(element, value) };
}

/** `block_actions` on a message. Slack leaves the message itself out where only one person sees it. */
export function messageActionPayload(
  world: World,
  click: { userId: string; message: StoredMessage; choice: Choice; responseUrl: string; values: Fields },
): Fields {
  const { message, userId } = click;
  const channel = mustFindChannel(world, message.channelId);
  const team = mustFindTeam(world, channel.teamId);
  const isEphemeral = message.ephemeralFor !== null;
  return {
    type: 'block_actions',
    ...whoAndWhere(world, userId, team),
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: isEphemeral,
      ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    },
    trigger_id: newTrigger(world, { teamId: team.id, userId }),
    channel: { id: channel.id, name: channel.directWith ? 'directmessage' : channel.name },
    ...(isEphemeral ? {} : { message: messageJson(message, world) }),
    state: { values: click.values },
    response_url: click.responseUrl,
    actions: [actionJson(click.choice)],
  };
}

/** `message_action`: a message shortcut. */
export function shortcutPayload(
  world: World,
  chosen: { userId: string; message: StoredMessage; callbackId: string; responseUrl: string },
): Fields {
  const { message, userId, callbackId } = chosen;
  const channel = mustFindChannel(world, message.channelId);
  const team = mustFindTeam(world, channel.teamId);
  return {
    type: 'message_action',
    ...whoAndWhere(world, userId, team),
    callback_id: callbackId,
    action_ts: `${Math.floor(Date.now() / 1000)}.${String(Date.now() % 1000).padStart(3, '0')}000`,
    trigger_id: newTrigger(world, { teamId: team.id, userId }),
    channel: { id: channel.id, name: channel.directWith ? 'directmessage' : channel.name },
    message_ts: message.ts,
    message: messageJson(message, world),
    response_url: chosen.responseUrl,
  };
}

/** `block_actions` on the Home or in a modal. */
export function viewActionPayload(world: World, click: { userId: string; view: StoredView; choice: Choice }): Fields {
  const { view, userId, choice } = click;
  const team = mustFindTeam(world, view.teamId);
  return {
    type: 'block_actions',
    ...whoAndWhere(world, userId, team),
    container: { type: 'view', view_id: view.id },
    trigger_id: newTrigger(world, { teamId: team.id, userId, viewId: view.id }),
    view: viewJson(view, world),
    actions: [actionJson(choice)],
  };
}

export function submissionPayload(world: World, view: StoredView): Fields {
  const team = mustFindTeam(world, view.teamId);
  return {
    type: 'view_submission',
    ...whoAndWhere(world, view.userId, team),
    trigger_id: newTrigger(world, { teamId: team.id, userId: view.userId, viewId: view.id }),
    view: viewJson(view, world),
    response_urls: [],
  };
}

export function closedPayload(world: World, view: StoredView, isCleared: boolean): Fields {
  const team = mustFindTeam(world, view.teamId);
  return {
    type: 'view_closed',
    ...whoAndWhere(world, view.userId, team),
    view: viewJson(view, world),
    is_cleared: isCleared,
  };
}
