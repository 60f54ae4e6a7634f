import { randomBytes } from 'node:crypto';
import { App, ExpressReceiver, LogLevel, type Installation } from '@slack/bolt';
import { createLocalSlack, type LocalSlack, type LocalSlackOptions } from '../../../src/sandbox/slack/local-slack.ts';

type AnyInstallation = Installation;

/** A local Slack with a real Bolt app behind it, both on free ports. */
export interface Bench {
  slack: LocalSlack;
  app: App;
  appUrl: string;
  installs: Map<string, AnyInstallation>;
  close(): Promise<void>;
}

export const SCOPES = [
  'app_mentions:read',
  'chat:write',
  'commands',
  'users:read',
  'channels:read',
  'channels:history',
  'reactions:write',
];

/** Credentials that exist for one run only. */
export function credentials() {
  const secret = () => randomBytes(16).toString('hex');
  return { signingSecret: secret(), clientId: '1.2', clientSecret: secret() };
}

/** Starts both; nothing is installed yet. */
export async function startBench(options: Partial<LocalSlackOptions> = {}): Promise<Bench> {
  const own = credentials();
  const slack = await createLocalSlack({ appName: 'Cortex', ...own, ...options });
  const installs = new Map<string, AnyInstallation>();
  const receiver = new ExpressReceiver({
    ...own,
    stateSecret: randomBytes(16).toString('hex'),
    scopes: SCOPES,
    logLevel: LogLevel.ERROR,
    installationStore: {
      async storeInstallation(installation) {
        const owner = installation.isEnterpriseInstall ? installation.enterprise : installation.team;
        installs.set(owner?.id ?? '', installation);
      },
      async fetchInstallation(query) {
        const found = installs.get((query.isEnterpriseInstall ? query.enterpriseId : query.teamId) ?? '');
        if (!found) throw new Error('not installed');
        return found;
      },
    },
    installerOptions: { authorizationUrl: slack.authorizeUrl, clientOptions: { slackApiUrl: slack.apiUrl } },
  });
  const app = new App({ receiver, clientOptions: { slackApiUrl: slack.apiUrl }, logLevel: LogLevel.ERROR });
  const server = await receiver.start({ port: 0, host: '127.0.0.1' });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const appUrl = `http://127.0.0.1:${address.port}`;
  slack.setAppUrl(appUrl);
  return {
    slack,
    app,
    appUrl,
    installs,
    async close() {
      server.closeAllConnections();
      await receiver.stop();
      await slack.close();
    },
  };
}
