import type { GitHubSite } from '../../src/domain/github-apps.ts';
import { HOME } from '../../src/domain/servers.ts';
import { createServers, type GitHubServer, type GitHubServers } from '../../src/github/servers.ts';
import { fakeLog } from './fake-log.ts';

/** github.com alone, as Slack's side knows it. */
export const THE_SITE: readonly GitHubSite[] = [{ ...HOME, webUrl: 'https://github.com', hasApp: true }];

/** The server at home, if nothing else is said. */
export function aServer({
  app,
  ...changes
}: Partial<Omit<GitHubServer, 'app'>> & { app?: Partial<GitHubServer['app']> } = {}): GitHubServer {
  return {
    ...HOME,
    apiUrl: 'https://api.github.example',
    webUrl: 'https://github.example',
    logHosts: [],
    ...changes,
    app: { appId: 271_828, privateKey: 'a key', webhookSecrets: [], oauth: null, ...app },
  };
}

/** These and no others. */
export function theseServers(...servers: readonly GitHubServer[]): GitHubServers {
  const [home = aServer()] = servers;
  return { ...createServers({ log: fakeLog() }, home), all: () => servers };
}
