import type { Fields } from './fields.ts';
import type { Ack, ApiCall, Member, Outgoing, StoredMessage, StoredView, TeamSeed, Violation } from './model.ts';

export type * from './model.ts';

/** What to do with the next calls of `method` (`*` for any, `response_url` for answers), first match first. */
export interface Fault {
  method: string;
  /** Only calls that name this channel. */
  channel?: string;
  /** How many calls it hits; 1 where absent, `Infinity` for all. */
  times?: number;
  /** Answers with this HTTP status and no Slack JSON. */
  status?: number;
  /** Answers `{ok: false, error}`. */
  error?: string;
  /** Answers 429 `ratelimited` with `Retry-After`, in seconds. */
  retryAfter?: number;
  /** Waits before anything else. */
  delayMs?: number;
  /** Never answers. */
  hang?: boolean;
  /** Does what was asked, then closes the socket without an answer. */
  dropAfterAccept?: boolean;
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
}

export interface LocalSlackOptions {
  /** 0 or absent: any free port. */
  port?: number;
  signingSecret: string;
  clientId: string;
  clientSecret: string;
  appName: string;
  appId?: string;
  /** Base address of the product. */
  appUrl?: string;
  /** Paths of the product; Bolt's defaults where absent. */
  paths?: { events?: string; commands?: string; interactions?: string; install?: string };
  /** The slash commands that the app declares; `/cortex` where absent. */
  commands?: readonly string[];
  teams?: readonly TeamSeed[];
  /** The domains whose links the app shows; where the local GitHub runs, if absent. */
  unfurlDomains?: readonly string[];
  /** Milliseconds since 1970, for message times and for the life of triggers and response_urls. */
  now?: () => number;
  /** How long the app has for an answer; Slack's three seconds where absent. */
  ackTimeoutMs?: number;
  /** Waits before each retry of an event that was not acknowledged; Slack takes 0, one minute, five minutes. */
  eventRetryDelaysMs?: readonly number[];
}

export interface CommandRequest {
  user: string;
  channel: string;
  text: string;
  /** `/cortex` where absent. */
  command?: string;
}

/** A click on a message (channel and ts), on the user's Home (`view: 'home'`) or in a view (its id). */
export interface ClickRequest {
  user: string;
  channel?: string;
  ts?: string;
  view?: string;
  /** Which element: its action id, or else the text on it. */
  actionId?: string;
  text?: string;
  /** What to choose in a menu, or which of a pair of feedback buttons: the option's value. */
  value?: string | readonly string[];
}

/** What a person posts; `blocks` and `attachments` as other apps and Slack's own editor make them. */
export interface PersonalMessage {
  user: string;
  channel: string;
  text: string;
  threadTs?: string;
  blocks?: readonly Fields[];
  attachments?: readonly Fields[];
}

/** Fields of a modal by action id (or block id): text, an option's value, several values, an id, a date, a time. */
export type ViewValues = Record<string, string | readonly string[] | null>;

export interface SubmitOutcome extends Ack {
  /** What the app said is wrong, by block id; or what a required field lacks, when nothing was sent (`status` -1). */
  errors: Record<string, string>;
}

/** What happened at the end of an installation. */
export interface InstallOutcome {
  /** The status of the product's last answer. */
  status: number;
  /** Where that answer sends the browser, if anywhere. */
  location: string | null;
  body: string;
}

export interface ChannelChanges {
  isArchived?: boolean;
  /** Whether the app is in it. */
  isMember?: boolean;
  isShared?: boolean;
  isPrivate?: boolean;
  name?: string;
}

/** What a test or the demo does as a person would, and what it sees. Every `user` and `channel` is an id. */
export interface Driver {
  /** Walks through the product's own install page, as an admin in a browser. */
  install(teamId: string, options?: { user?: string; orgWide?: boolean }): Promise<InstallOutcome>;
  /** Installs without the product: returns a bot token that works. */
  grant(teamId: string, scopes: readonly string[]): string;
  /** Removes the app: its tokens die, and the app hears `tokens_revoked` and `app_uninstalled`. */
  revoke(teamId: string): Promise<void>;
  command(request: CommandRequest): Promise<Ack>;
  click(request: ClickRequest): Promise<Ack>;
  /** Chooses something of the app's in the menu of a message. */
  shortcut(request: { user: string; channel: string; ts: string; callbackId: string }): Promise<Ack>;
  submit(view: StoredView | string, values?: ViewValues): Promise<SubmitOutcome>;
  /** Closes a modal; the app hears of it if it asked to. */
  dismiss(view: StoredView | string): Promise<Ack | null>;
  openHome(user: string, tab?: 'home' | 'messages'): Promise<Ack>;
  /** Posts as a person; a mention of the app sends `app_mention`, a link to one of its domains `link_shared`. */
  say(message: PersonalMessage): Promise<StoredMessage>;
  /** Sends an event; `fields` are added to the event itself. Returns its event id and the first answer. */
  event(type: string, options?: { team?: string; fields?: Fields }): Promise<Ack & { eventId: string }>;
  /** Sends an earlier event once more, byte for byte, with Slack's retry headers. */
  redeliver(eventId: string, options?: { num?: number; reason?: string }): Promise<Ack>;
  /** Sends Slack's check of a Request URL. */
  verifyUrl(): Promise<Ack>;
  /** Changes a person; the app hears `user_change` unless `silent`. */
  setMember(
    user: string,
    changes: Partial<Omit<Member, 'id' | 'teamId'>>,
    options?: { silent?: boolean },
  ): Promise<void>;
  setChannel(channel: string, changes: ChannelChanges): void;
  /** Lets somebody into a channel (the app, where no user is given); the app hears `member_joined_channel`. */
  invite(channel: string, user?: string): Promise<Ack>;

  /** Top-level messages that everybody sees, oldest first. */
  messages(channel: string): StoredMessage[];
  /** What stands between this person and the app, oldest first. */
  directMessages(user: string): StoredMessage[];
  /** The parent and its replies, oldest first. */
  thread(channel: string, ts: string): StoredMessage[];
  /** What only this person sees, oldest first. */
  ephemerals(user: string): StoredMessage[];
  home(user: string): StoredView | null;
  /** The person's open modals, the uppermost last. */
  modals(user: string): StoredView[];
  member(user: string): Member;
  /** A message or view as readable plain text. */
  render(shown: Pick<StoredMessage, 'text' | 'blocks'> | StoredView): string;
}

/** A running local Slack. */
export interface LocalSlack extends Driver {
  /** The page, where a person can act. */
  readonly url: string;
  /** What the product's Slack client takes as its API address; ends with `/api/`. */
  readonly apiUrl: string;
  readonly authorizeUrl: string;
  readonly appId: string;
  setAppUrl(url: string): void;
  readonly faults: Faults;
  /** Allows so many messages a second and channel, then answers 429; null for no limit (the default). */
  setMessageRate(perSecond: number | null): void;
  calls(method?: string): ApiCall[];
  outgoing(kind?: Outgoing['kind']): Outgoing[];
  violations(): Violation[];
  /** Resolves with the first truthy answer, asked again at each change; rejects after `timeoutMs` (10 s). */
  waitFor<Value>(
    predicate: () => Value | null | undefined | false,
    options?: { timeoutMs?: number; what?: string },
  ): Promise<Value>;
  close(): Promise<void>;
}
