import type { Fields } from './fields.ts';

/** A person, or the app's own bot, in one team. Ids are unique over all teams. */
export interface Member {
  id: string;
  teamId: string;
  /** The handle, without `@`. */
  name: string;
  realName: string;
  isAdmin: boolean;
  isOwner: boolean;
  /** The one who the workspace belongs to; Slack sets `isOwner` and `isAdmin` too. */
  isPrimaryOwner: boolean;
  /** A guest in several channels. */
  isRestricted: boolean;
  /** A guest in one channel; Slack sets `isRestricted` too. */
  isUltraRestricted: boolean;
  /** Null where Slack shows none. */
  email: string | null;
  isEmailConfirmed: boolean;
  isBot: boolean;
  isDeleted: boolean;
  /** From another workspace, seen through a shared channel. */
  isStranger: boolean;
}

export interface MemberSeed extends Partial<Omit<Member, 'id' | 'teamId'>> {
  id: string;
}

export interface ChannelSeed {
  id: string;
  name: string;
  topic?: string;
  isPrivate?: boolean;
  isArchived?: boolean;
  isShared?: boolean;
  /** User ids; all of the team's people where absent. */
  members?: readonly string[];
  /** Whether the app is in the channel once it is installed; true where absent. */
  hasApp?: boolean;
}

/** People that are called together, by a handle without the `@`. */
export interface UserGroupSeed {
  id: string;
  handle: string;
  members: readonly string[];
  isDisabled?: boolean;
}

export interface TeamSeed {
  id: string;
  name: string;
  domain?: string;
  enterprise?: { id: string; name: string };
  members: readonly MemberSeed[];
  channels: readonly ChannelSeed[];
  userGroups?: readonly UserGroupSeed[];
}

export interface MessageEdit {
  user: string;
  ts: string;
}

/** A message as Slack keeps it; `blocks` have their generated ids. */
export interface StoredMessage {
  ts: string;
  channelId: string;
  teamId: string;
  userId: string;
  /** Set for what the app posted. */
  botId: string | null;
  text: string;
  blocks: Fields[];
  /** What stands below the message: of other apps, and what `chat.unfurl` adds. */
  attachments: Fields[];
  /** Text files shared with it. */
  files: SharedFile[];
  threadTs: string | null;
  edited: MessageEdit | null;
  metadata: Fields | null;
  /** Emoji name to the users who gave it. */
  reactions: Record<string, string[]>;
  /** The only person who sees it; null for everybody in the channel. */
  ephemeralFor: string | null;
  /** How many replies stand under it. */
  replyCount: number;
}

/** A text file in a channel. */
export interface SharedFile {
  id: string;
  name: string;
  title: string;
  text: string;
}

/** A published Home or an open modal. */
export interface StoredView {
  id: string;
  teamId: string;
  userId: string;
  type: 'home' | 'modal';
  /** Changes with every update; what `views.update` compares with. */
  hash: string;
  rootViewId: string;
  previousViewId: string | null;
  callbackId: string;
  privateMetadata: string;
  externalId: string;
  blocks: Fields[];
  title: Fields | null;
  submit: Fields | null;
  close: Fields | null;
  clearOnClose: boolean;
  notifyOnClose: boolean;
  /** The last `response_action: errors`, by block id. */
  errors: Record<string, string>;
  /** What is filled in, by block id and action id. */
  values: Record<string, Record<string, Fields>>;
}

/** The app's answer to one signed request; `status` is 0 when none came within three seconds. */
export interface Ack {
  status: number;
  ackMs: number;
  body: string;
}

/** One signed request to the app. */
export interface Outgoing extends Ack {
  kind:
    'command' | 'block_actions' | 'message_action' | 'view_submission' | 'view_closed' | 'event' | 'url_verification';
  /** The command's text, the action id, the callback id, or the event's type. */
  subject: string;
  eventId: string | null;
  retryNum: number;
  at: number;
}

/** One request to the Web API or to a response_url. */
export interface ApiCall {
  /** `chat.postMessage` and so on, or `response_url`. */
  method: string;
  at: number;
  teamId: string | null;
  args: Fields;
  status: number;
  ok: boolean;
  error: string | null;
}

/** Something that Slack would have refused. */
export interface Violation {
  method: string;
  error: string;
  /** In Slack's words, with the JSON pointer. */
  messages: string[];
}
