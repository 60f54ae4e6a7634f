import { formsWantedOf } from '../../domain/github-answers.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import { serverOf } from '../../domain/servers.ts';
import { WorkspaceRevokedError } from '../../errors.ts';
import { budgetFinding } from '../../messages/doctor/platform-words.ts';
import {
  answerFindings,
  installationFindings,
  notConnectedFinding,
  scopeFindings,
  slackRevokedFinding,
  slackTokenFinding,
} from '../../messages/doctor/workspace-words.ts';
import type { Check } from './check.ts';

/** A workspace has a handful; each costs a question to GitHub. */
const MOST_INSTALLATIONS = 10;

export interface WorkspacePlace {
  workspaceId: WorkspaceId;
  neededScopes: readonly string[];
}

/** Of what a workspace has given us. */
export const WORKSPACE_CHECKS: ReadonlyArray<Check<WorkspacePlace>> = [
  {
    name: 'Slack',
    needsDatabase: true,
    async run({ directory }, { workspaceId, neededScopes }) {
      try {
        const { url, scopes } = await directory.workspace(workspaceId);
        const missing = scopes === null ? [] : neededScopes.filter((scope) => !scopes.includes(scope));
        return [slackTokenFinding(url), ...scopeFindings(missing)];
      } catch (error) {
        if (error instanceof WorkspaceRevokedError) return [slackRevokedFinding(error.reason)];
        throw error;
      }
    },
  },
  {
    name: 'GitHub installations',
    needsDatabase: true,
    async run({ installations, githubApp, githubServers, vitals, settings, clock }, { workspaceId }, signal) {
      const ids = (await installations.ofWorkspace(workspaceId)).slice(0, MOST_INSTALLATIONS);
      if (ids.length === 0) return [notConnectedFinding()];
      const last = await vitals.lastDeliveries(ids);
      const answers = await settings.githubAnswers(workspaceId);
      const found = await Promise.all(
        ids.map(async (id) => {
          const sight = await githubApp.installation(id, signal);
          const host = githubServers.sites().find(({ number }) => number === serverOf(id))?.host ?? null;
          const account = host === null ? (sight?.account ?? '') : `${host}/${sight?.account ?? ''}`;
          return [
            ...installationFindings(id, sight, {
              needs: githubApp.needs,
              last: last.find(({ installationId }) => installationId === id) ?? null,
              now: clock.now(),
            }),
            ...(sight === null || sight.isSuspended ? [] : answerFindings(sight, formsWantedOf(answers, account))),
          ];
        }),
      );
      return found.flat();
    },
  },
  {
    name: 'Budget',
    needsDatabase: true,
    async run({ models, modelCalls, settings, clock }, { workspaceId }) {
      if (models.routes.small.length + models.routes.large.length === 0) return [];
      const [report, { monthlyBudgetUsd }] = await Promise.all([
        modelCalls.usage(workspaceId, clock.now()),
        settings.reasoning(workspaceId),
      ]);
      return [budgetFinding(report, monthlyBudgetUsd ?? models.limits.monthlyBudgetUsd)];
    },
  },
];
