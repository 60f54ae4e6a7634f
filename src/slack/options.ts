import type { GitHubSite } from '../domain/github-apps.ts';

/** What the Slack adapter is configured with. */
export interface SlackOptions {
  signingSecret: string;
  clientId: string;
  clientSecret: string;
  /** Signs the `state` of an installation that is under way. */
  stateSecret: string;
  /** Base address of Slack's Web API, such as `https://slack.com/api/`. */
  apiUrl: string;
  /** Slack's authorize page. */
  authorizeUrl: string;
  /** Our own base address as Slack sees it; null where Slack's configured redirect address is to be used. */
  publicUrl: string | null;
  /** The servers whose addresses people paste, as they are known at the moment. */
  githubSites: () => readonly GitHubSite[];
  /** Signs what a person carries through a browser while they link a GitHub installation. */
  connectKey: string;
}

/** Where Slack sends people and requests; the manifest names the same. */
export const PATHS = {
  events: '/slack/events',
  install: '/slack/install',
  redirect: '/slack/oauth_redirect',
} as const;

export const COMMAND_NAME = '/cortex';

/** The scopes that we ask for, each for what it is needed; a test compares them with slack-manifest.yml. */
export const SCOPES = [
  'commands',
  'app_mentions:read',
  'links:read',
  'links:write',
  'chat:write',
  'files:write',
  'users:read',
  'users:read.email',
  'usergroups:read',
  'channels:read',
  'groups:read',
] as const;

/** Every Web API method that we call, with the scope that it needs; null where a bot token is enough. */
export const METHODS = {
  'chat.postMessage': 'chat:write',
  'chat.postEphemeral': 'chat:write',
  'chat.update': 'chat:write',
  'chat.unfurl': 'links:write',
  'chat.startStream': 'chat:write',
  'chat.appendStream': 'chat:write',
  'chat.stopStream': 'chat:write',
  'files.getUploadURLExternal': 'files:write',
  'files.completeUploadExternal': 'files:write',
  'views.publish': null,
  'views.open': null,
  'users.info': 'users:read',
  'users.list': 'users:read',
  'users.lookupByEmail': 'users:read.email',
  'usergroups.list': 'usergroups:read',
  'auth.teams.list': null,
  'auth.test': null,
  'conversations.info': 'channels:read',
} as const satisfies Record<string, (typeof SCOPES)[number] | null>;
