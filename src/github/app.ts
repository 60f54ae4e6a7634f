import { z } from 'zod';
import type { GitHubAppSource } from '../domain/ports.ts';
import { numberThere, serverOf } from '../domain/servers.ts';
import { GitHubNotFoundError } from '../errors.ts';
import type { GitHubClient } from './client.ts';
import { callGitHub } from './errors.ts';

const Grant = { permissions: z.record(z.string(), z.string()).default({}), events: z.array(z.string()).default([]) };
const AppAnswer = z.object({ slug: z.string().regex(/^[\w-]{1,100}$/u), ...Grant });
const InstallationAnswer = z
  .object({
    account: z.object({ login: z.string().optional(), slug: z.string().optional() }).nullable(),
    suspended_at: z.string().nullable().default(null),
    html_url: z.string().nullable().default(null),
    ...Grant,
  })
  .transform(({ account, suspended_at: suspendedAt, html_url: url, ...grant }) => ({
    ...grant,
    // An enterprise has a slug where people and organizations have a login.
    account: account?.login ?? account?.slug ?? 'an account without a name',
    isSuspended: suspendedAt !== null,
    url,
  }));

/** What we ask for; docs/security.md says what for, and a test compares it with the App's manifest. */
export const GITHUB_NEEDS = {
  permissions: {
    actions: 'write',
    checks: 'read',
    contents: 'read',
    deployments: 'read',
    issues: 'write',
    members: 'read',
    metadata: 'read',
    pull_requests: 'read',
    statuses: 'read',
  },
  events: [
    'check_run',
    'deployment',
    'deployment_status',
    'pull_request',
    'push',
    'release',
    'repository',
    'status',
    'workflow_run',
  ],
} as const satisfies GitHubAppSource['needs'];

/** What GitHub says of the App and of the places where it is installed. */
export function createGitHubApp({ servers, asApp }: Pick<GitHubClient, 'servers' | 'asApp'>): GitHubAppSource {
  return {
    needs: GITHUB_NEEDS,
    async app(number, signal) {
      const app = asApp(servers.get(number));
      const { data } = await callGitHub(signal, () => app.rest.apps.getAuthenticated({ request: { signal } }));
      return AppAnswer.parse(data);
    },
    async installation(id, signal) {
      try {
        const app = asApp(servers.get(serverOf(id)));
        const question = { installation_id: numberThere(id), request: { signal } };
        const { data } = await callGitHub(signal, () => app.rest.apps.getInstallation(question));
        return InstallationAnswer.parse(data);
      } catch (error) {
        if (error instanceof GitHubNotFoundError) return null;
        throw error;
      }
    },
  };
}
