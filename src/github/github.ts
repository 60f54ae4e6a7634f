import type { GitHubAddresses, OAuthClient } from '../domain/github-apps.ts';
import type { Ports } from '../domain/ports.ts';
import { createGitHubAccounts } from './accounts.ts';
import { createGitHubAnswerer } from './answers.ts';
import { createGitHubApp } from './app.ts';
import { type ClientDeps, createGitHubClient } from './client.ts';
import { createChangeSource } from './changes.ts';
import { createCodeOwnersSource } from './code-owners.ts';
import { createRunContextSource } from './context.ts';
import { createEndedRunSource } from './ended-runs.ts';
import { createEventReader } from './events.ts';
import { createGroupSource } from './groups.ts';
import { createIssueTracker } from './issues.ts';
import { createLinkedLogSource } from './linked-logs.ts';
import { createServerLogHosts } from './log-hosts.ts';
import { createLogSource } from './logs.ts';
import { createRunProtectionSource } from './protection.ts';
import { createRerunner } from './reruns.ts';
import { createServers, type HomeSettings, type ServersDeps } from './servers.ts';
import { createGitHubSignIn } from './sign-in.ts';
import { createRuleFileSource } from './rule-file.ts';
import { createDeliverySource } from './redeliveries.ts';
import { createRunSource } from './runs.ts';
import { createRunTraitSource } from './traits.ts';
import { createWebhookVerifier } from './webhook.ts';
import { createWorkflowFileSource } from './workflow-files.ts';

/** The server at home; where it has no keys, those count that were set up. */
export interface GitHubSettings extends GitHubAddresses {
  appId: number | null;
  /** PEM. */
  privateKey: string | null;
  /** The current secret first, then the previous one during a rotation. */
  webhookSecrets: readonly string[];
  /** With what people authorize the App; without it, nobody links an installation by themselves. */
  oauth?: OAuthClient | null;
}

/** Everything that speaks to GitHub, or understands what it sends. */
export function createGitHub(
  ports: ClientDeps & ServersDeps,
  settings: GitHubSettings,
): Pick<
  Ports,
  | 'verifier'
  | 'eventReader'
  | 'githubServers'
  | 'githubApp'
  | 'githubSignIn'
  | 'deliverySources'
  | 'endedRuns'
  | 'runSource'
  | 'rerunner'
  | 'runProtection'
  | 'tracker'
  | 'logs'
  | 'linkedLogs'
  | 'githubAnswerer'
  | 'runContext'
  | 'runTraits'
  | 'runChanges'
  | 'workflowFiles'
  | 'githubAccounts'
  | 'codeOwners'
  | 'groupSource'
  | 'ruleFileSource'
> {
  const servers = createServers(ports, homeOf(settings));
  const client = createGitHubClient(ports, servers);
  return {
    verifier: createWebhookVerifier(servers),
    eventReader: createEventReader({ log: ports.log, servers }),
    githubServers: servers,
    githubApp: createGitHubApp(client),
    githubSignIn: createGitHubSignIn({ log: ports.log, servers }),
    deliverySources: {
      all: () => servers.all().map((server) => createDeliverySource(client.asApp(server), server)),
    },
    endedRuns: createEndedRunSource({ clock: ports.clock, client }),
    runSource: createRunSource({ clock: ports.clock, client }),
    rerunner: createRerunner(client),
    runProtection: createRunProtectionSource(client),
    tracker: createIssueTracker(client),
    runContext: createRunContextSource({ client, log: ports.log }),
    runTraits: createRunTraitSource(client),
    runChanges: createChangeSource(client),
    workflowFiles: createWorkflowFileSource({ client, clock: ports.clock }),
    githubAccounts: createGitHubAccounts({ client, clock: ports.clock }),
    codeOwners: createCodeOwnersSource({ client, clock: ports.clock }),
    groupSource: createGroupSource(client),
    ruleFileSource: createRuleFileSource(client),
    linkedLogs: createLinkedLogSource(),
    githubAnswerer: createGitHubAnswerer(client),
    logs: createLogSource({ client, hostsOf: createServerLogHosts() }),
  };
}

function homeOf({ appId, privateKey, webhookSecrets, oauth = null, ...addresses }: GitHubSettings): HomeSettings {
  const { apiUrl, webUrl, logHosts } = addresses;
  const app = appId === null || privateKey === null ? null : { appId, privateKey, webhookSecrets, oauth };
  return { apiUrl, webUrl, logHosts, app };
}
