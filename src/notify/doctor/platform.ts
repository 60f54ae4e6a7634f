import {
  backlogFindings,
  clockFinding,
  configurationFinding,
  modelAwayFinding,
  modelMissingFinding,
  modelRouteFinding,
  queueFinding,
  schemaFinding,
} from '../../messages/doctor/platform-words.ts';
import { appFindings, appRefusedFinding, noAppFinding } from '../../messages/doctor/workspace-words.ts';
import { GitHubForbiddenError } from '../../errors.ts';
import type { Check } from './check.ts';

/** Of the product itself, whoever uses it. */
export const PLATFORM_CHECKS: readonly Check[] = [
  {
    name: 'Configuration',
    needsDatabase: true,
    run: async ({ vitals }) => [configurationFinding(vitals)],
  },
  {
    name: 'Database',
    needsDatabase: true,
    run: async ({ vitals }) => [schemaFinding(await vitals.isBehind())],
  },
  {
    name: 'Clock',
    needsDatabase: true,
    async run({ vitals, clock }) {
      const before = clock.now().getTime();
      const theirs = (await vitals.now()).getTime();
      // The answer was given somewhere between.
      return [clockFinding(theirs - (before + clock.now().getTime()) / 2)];
    },
  },
  {
    name: 'Queue',
    needsDatabase: false,
    run: async ({ queue }) => [queueFinding(await queue.isHealthy(), queue.description)],
  },
  {
    name: 'Jobs',
    needsDatabase: true,
    run: async ({ vitals }) => backlogFindings(await vitals.backlog()),
  },
  {
    name: 'GitHub App',
    needsDatabase: false,
    async run({ githubApp, githubServers }, _place, signal) {
      const found = githubServers.sites().map(async ({ number, host, hasApp }) => {
        if (!hasApp) return [noAppFinding()];
        try {
          return appFindings({ ...(await githubApp.app(number, signal)), host }, githubApp.needs);
        } catch (error) {
          if (error instanceof GitHubForbiddenError) return [appRefusedFinding(host)];
          throw error;
        }
      });
      return (await Promise.all(found)).flat();
    },
  },
  {
    name: 'Models',
    needsDatabase: false,
    async run({ models }) {
      const routes = [...models.routes.small, ...models.routes.large];
      const providers = [...new Set(routes.map(({ provider }) => provider))];
      const away = Object.entries(models.circuits()).filter(([, isOpen]) => isOpen > 0);
      return [
        modelRouteFinding([...new Set(routes.map(({ provider, model }) => `${provider}:${model}`))]),
        ...providers.flatMap((provider) => {
          const missing = models.missing(provider);
          return missing === null ? [] : [modelMissingFinding(provider, missing)];
        }),
        ...away.map(([provider]) => modelAwayFinding(provider)),
      ];
    },
  },
];
