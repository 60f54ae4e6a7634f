import type { AppClient } from '../outgoing/app-client.ts';
import type { EventSender } from '../outgoing/events.ts';
import type { ResponseUrls } from '../outgoing/response-urls.ts';
import type { World } from '../world.ts';

/** What an act needs: the state, and the ways to the app. */
export interface Stand {
  world: World;
  app: AppClient;
  events: EventSender;
  urls: ResponseUrls;
}

/** Who speaks where Slack itself does. */
export const SLACKBOT = 'USLACKBOT';
