import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import boltModule from '@slack/bolt';
import { createLocalSlack, type LocalSlack, type LocalSlackOptions } from '../../../src/sandbox/slack/local-slack.ts';

const { App, ExpressReceiver, LogLevel } = boltModule;

/** A local Slack with a real Bolt app behind it, both on free ports. */
export interface Bench {
  slack: LocalSlack;
  app: InstanceType<typeof App>;
  receiver: InstanceType<typeof ExpressReceiver>;
  installs: Map<string, unknown>;
  close(): Promise<void>;
}

export const SCOPES = ['chat:write', 'commands', 'users:read', 'channels:read', 'channels:history', 'reactions:write'];

/** Credentials that exist for one run only. */
export function credentials() {
  const secret = () => randomBytes(16).toString('hex');
  return { signingSecret: secret(), clientId: '1.2', clientSecret: secret() };
}

export async function startBench(options: Partial<LocalSlackOptions> = {}): Promise<Bench> {
  const own = credentials();
  const slack = await createLocalSlack({ appName: 'Cortex', ...own, ...options });
  const installs = new Map<string, any>();
  const receiver = new ExpressReceiver({
    ...own,
    stateSecret: randomBytes(16).toString('hex'),
    scopes: SCOPES,
    logLevel: LogLevel.ERROR,
    installationStore: {
      storeInstallation: async (installation: any) => {
        installs.set(
          installation.isEnterpriseInstall ? installation.enterprise.id : installation.team.id,
          installation,
        );
      },
      fetchInstallation: async (query: any) =>
        installs.get(query.isEnterpriseInstall ? query.enterpriseId : query.teamId),
    },
    installerOptions: {
      authorizationUrl: slack.authorizeUrl,
      clientOptions: { slackApiUrl: slack.apiUrl },
    },
  });
  const app = new App({ receiver, clientOptions: { slackApiUrl: slack.apiUrl }, logLevel: LogLevel.ERROR });
  const server = await receiver.start({ port: 0, host: '127.0.0.1' });
  const { port } = server.address() as AddressInfo;
  slack.setAppUrl(`http://127.0.0.1:${port}`);
  return {
    slack,
    app,
    receiver,
    installs,
    async close() {
      server.closeAllConnections();
      await receiver.stop();
      await slack.close();
    },
  };
}
