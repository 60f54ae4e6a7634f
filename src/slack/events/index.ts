import type { App } from '@slack/bolt';
import type { ListenerContext } from '../listener.ts';
import { appHomeOpened } from './app-home-opened.ts';
import { appMentioned } from './app-mention.ts';
import { appUninstalled } from './app-uninstalled.ts';
import { linkShared } from './link-shared.ts';
import { tokensRevoked } from './tokens-revoked.ts';
import { userChanged } from './user-change.ts';

/** The events that we listen to; a test compares them with slack-manifest.yml. */
export const EVENTS = [
  'app_home_opened',
  'app_mention',
  'app_uninstalled',
  'link_shared',
  'tokens_revoked',
  'user_change',
] as const;

/** Events that come when the app is not installed any more. */
export const FAREWELL_EVENTS: ReadonlySet<string> = new Set(['app_uninstalled', 'tokens_revoked']);

export function registerEvents(app: App, context: ListenerContext): void {
  app.event('app_home_opened', ({ event, context: request }) => appHomeOpened(context, event, request));
  app.event('app_mention', ({ event, context: request }) => appMentioned(context, event, request));
  app.event('app_uninstalled', ({ event, context: request }) => appUninstalled(context, event, request));
  app.event('link_shared', ({ event, context: request }) => linkShared(context, event, request));
  app.event('tokens_revoked', ({ event, context: request }) => tokensRevoked(context, event, request));
  app.event('user_change', ({ event, context: request }) => userChanged(context, event, request));
}
