import {
  ClearStateStore,
  InstallProvider,
  InvalidStateError,
  type InstallationStore,
  type StateStore,
} from '@slack/oauth';
import type { WebClientOptions } from '@slack/web-api';
import type { Router } from 'express';
import type { Log, Receipts } from '../domain/ports.ts';
import { slackLogger } from './slack-logger.ts';
import { PATHS, SCOPES, type SlackOptions } from './options.ts';

/** How long a person may take between our install page and Slack's answer. */
const STATE_TTL_S = 600;

interface InstallerParts {
  log: Log;
  receipts: Receipts;
  store: InstallationStore;
  clientOptions: Omit<WebClientOptions, 'logger' | 'logLevel'>;
}

/** Slack's own install flow; it also renews tokens that expire. */
export function createInstaller(
  options: SlackOptions,
  { log, receipts, store, clientOptions }: InstallerParts,
): InstallProvider {
  return new InstallProvider({
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    stateStore: singleUse(new ClearStateStore(options.stateSecret, STATE_TTL_S), receipts),
    stateCookieExpirationSeconds: STATE_TTL_S,
    directInstall: true,
    installationStore: store,
    authorizationUrl: options.authorizeUrl,
    clientOptions,
    logger: slackLogger(log),
    installUrlOptions: {
      scopes: [...SCOPES],
      ...(options.publicUrl !== null && { redirectUri: new URL(PATHS.redirect, options.publicUrl).href }),
    },
  });
}

/** The two pages of the flow: to Slack, and back. */
export function mountInstaller(router: Router, installer: InstallProvider): void {
  router.get(PATHS.install, (request, response) => installer.handleInstallPath(request, response));
  router.get(PATHS.redirect, (request, response) => installer.handleCallback(request, response));
}

/** A state is signed, bound to the browser by a cookie, and valid for ten minutes; here it is also used up by its first use. */
function singleUse(states: StateStore, receipts: Receipts): StateStore {
  return {
    generateStateParam: (installOptions, now) => states.generateStateParam(installOptions, now),
    async verifyStateParam(now, state) {
      const installOptions = await states.verifyStateParam(now, state);
      if (!(await receipts.isFirst(`slack-state:${state}`, STATE_TTL_S * 1_000))) {
        throw new InvalidStateError('This installation was finished before');
      }
      return installOptions;
    },
  };
}
