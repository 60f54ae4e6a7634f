import type { Ports } from '../domain/ports.ts';
import { createGitHubAccounts } from './accounts.ts';
import { createGitHubApp } from './app.ts';
import { type ClientDeps, createGitHubClient } from './client.ts';
import { createCodeOwnersSource } from './code-owners.ts';
import { createRunContextSource } from './context.ts';
import { createEndedRunSource } from './ended-runs.ts';
import { createEventReader } from './events.ts';
import { createGroupSource } from './groups.ts';
import { createIssueTracker } from './issues.ts';
import { createLogHosts } from './log-hosts.ts';
import { createLogSource } from './logs.ts';
import { createRunProtectionSource } from './protection.ts';
import { createRerunner } from './reruns.ts';
import { createGitHubSignIn, type OAuthClient } from './sign-in.ts';
import { createRuleFileSource } from './rule-file.ts';
import { createDeliverySource } from './redeliveries.ts';
import { createRunSource } from './runs.ts';
import { createRunTraitSource } from './traits.ts';
import { createWebhookVerifier } from './webhook.ts';

export interface GitHubSettings {
  appId: number;
  /** PEM. */
  privateKey: string;
  /** The current secret first, then the previous one during a rotation. */
  webhookSecrets: readonly string[];
  /** With what people authorize the App; without it, nobody links an installation by themselves. */
  oauth?: OAuthClient | null;
  apiUrl: string;
  webUrl: string;
  /** Hosts, besides GitHub's own storage, that logs may be fetched from: `host`, `host:port` or `*.domain`. */
  logHosts: readonly string[];
}

/** Everything that speaks to GitHub, or understands what it sends. */
export function createGitHub(
  ports: ClientDeps,
  { webhookSecrets, oauth = null, webUrl, logHosts, ...app }: GitHubSettings,
): Pick<
  Ports,
  | 'verifier'
  | 'eventReader'
  | 'githubApp'
  | 'githubSignIn'
  | 'deliverySources'
  | 'endedRuns'
  | 'runSource'
  | 'rerunner'
  | 'runProtection'
  | 'tracker'
  | 'logs'
  | 'runContext'
  | 'runTraits'
  | 'githubAccounts'
  | 'codeOwners'
  | 'groupSource'
  | 'ruleFileSource'
> {
  const client = createGitHubClient(ports, app);
  return {
    verifier: createWebhookVerifier(webhookSecrets),
    eventReader: createEventReader({
      log: ports.log,
      webUrl,
      secret: webhookSecrets[0] ?? 'unused',
      appId: app.appId,
    }),
    githubApp: createGitHubApp(client),
    githubSignIn: createGitHubSignIn(ports, { appId: app.appId, apiUrl: app.apiUrl, webUrl, oauth }),
    deliverySources: { all: () => [createDeliverySource(client, app.apiUrl)] },
    endedRuns: createEndedRunSource({ clock: ports.clock, client }),
    runSource: createRunSource({ clock: ports.clock, client, webUrl }),
    rerunner: createRerunner(client),
    runProtection: createRunProtectionSource(client),
    tracker: createIssueTracker(client),
    runContext: createRunContextSource({ client, log: ports.log }),
    runTraits: createRunTraitSource(client),
    githubAccounts: createGitHubAccounts({ client, clock: ports.clock }),
    codeOwners: createCodeOwnersSource({ client, clock: ports.clock }),
    groupSource: createGroupSource(client),
    ruleFileSource: createRuleFileSource(client),
    logs: createLogSource({ client, hosts: createLogHosts({ listed: logHosts, apiUrl: app.apiUrl }) }),
  };
}
