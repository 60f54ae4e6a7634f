import type { IncomingMessage, ServerResponse } from 'node:http';
import { App, ExpressReceiver } from '@slack/bolt';
import express, { type ErrorRequestHandler } from 'express';
import type { Directory, Log, Messenger, Ports } from '../domain/ports.ts';
import { errorId } from '../errors.ts';
import { registerActions } from './actions/index.ts';
import { clientOptions, createClients } from './clients.ts';
import { registerCommands } from './commands/index.ts';
import { createDirectory } from './directory.ts';
import { registerEvents } from './events/index.ts';
import { handleFailure } from './failure.ts';
import { guard, refuseFuture, requestProperties } from './guards.ts';
import { installationStore } from './installations.ts';
import { createLanes } from './lanes.ts';
import type { ListenerContext } from './listener.ts';
import { slackLogger } from './slack-logger.ts';
import { createMessenger } from './messenger.ts';
import { createInstaller, mountInstaller } from './oauth.ts';
import { PATHS, type SlackOptions } from './options.ts';
import { createRespond } from './respond.ts';
import { registerShortcuts } from './shortcuts/index.ts';
import { registerViews } from './views/index.ts';

/** Slack, ready to be served and to be posted to. */
export interface Slack {
  /** Everything under /slack; answers 404 to the rest. */
  handler: (request: IncomingMessage, response: ServerResponse) => void;
  messenger: Messenger;
  directory: Directory;
  /** Lets nobody wait in line any longer. Requests in hand end with the server that serves them. */
  stop(): Promise<void>;
}

/** Builds the adapter; nothing listens, and nothing is sent, until it is used. */
export function createSlack(core: Omit<Ports, 'messenger' | 'directory'>, options: SlackOptions): Slack {
  const { log, receipts } = core;
  const store = installationStore(core.workspaces);
  const installer = createInstaller(options, { log, receipts, store, clientOptions: clientOptions(options) });
  const clients = createClients(options, { log, installer });
  const lanes = createLanes(core);
  const respond = createRespond(options);
  const messenger = createMessenger({ clients, lanes, respond });
  const directory = createDirectory(clients);
  const context: ListenerContext = { ports: { ...core, messenger, directory }, options, respond };

  const web = express().disable('x-powered-by');
  web.post(PATHS.events, refuseFuture(core.clock));
  const receiver = createReceiver(options, { web, log });
  registerListeners(receiver, options, context);
  mountInstaller(web, installer);
  web.use((_request, response) => void response.status(404).type('text').send('There is nothing here.\n'));
  web.use(pageFailure(log));

  return {
    handler: (request, response) => void web(request, response),
    messenger,
    directory,
    async stop() {
      lanes.stop();
    },
  };
}

function createReceiver(
  { signingSecret }: SlackOptions,
  { web, log }: { web: express.Application; log: Log },
): ExpressReceiver {
  return new ExpressReceiver({
    app: web,
    signingSecret,
    endpoints: PATHS.events,
    processBeforeResponse: false,
    customPropertiesExtractor: requestProperties,
    logger: slackLogger(log),
  });
}

function registerListeners(receiver: ExpressReceiver, options: SlackOptions, context: ListenerContext): void {
  const { ports, respond } = context;
  const app = new App({
    receiver,
    // Nothing may stand between a request and its acknowledgement, so no token is looked up here: listeners post through
    // the messenger, which finds its own.
    authorize: async () => ({}),
    convoStore: false,
    extendedErrorHandler: true,
    logger: slackLogger(ports.log),
    clientOptions: clientOptions(options),
  });
  app.error(handleFailure(context));
  app.use(guard(ports, respond));
  registerCommands(app, context);
  registerActions(app, context);
  registerViews(app, context);
  registerShortcuts(app, context);
  registerEvents(app, context);
}

/** A page that failed: the id is all that the reader and the log share. */
function pageFailure(log: Log): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    const id = errorId();
    log.error({ errorId: id, err: error }, 'Slack page failed');
    response
      .status(500)
      .type('text')
      .send(`That did not work. Nothing was changed. Please try again; the error id is ${id}.\n`);
  };
}
