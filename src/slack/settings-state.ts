import { createHash } from 'node:crypto';
import type { WorkspaceId } from '../domain/ids.ts';
import type { Ports } from '../domain/ports.ts';
import { GitHubAnswers } from '../domain/github-answers.ts';
import { ReasoningSettings } from '../domain/reasoning.ts';
import type { OpenReruns } from '../domain/reruns.ts';
import type { SettingsState } from '../messages/settings.ts';

/** The settings of a workspace, and what the operator configured. */
export async function readSettingsState(
  { models, settings }: Pick<Ports, 'models' | 'settings'>,
  workspaceId: WorkspaceId,
): Promise<SettingsState> {
  const { routes, limits } = models;
  const missing = {
    claude: models.missing('claude'),
    gpt: models.missing('gpt'),
    ollama: models.missing('ollama'),
  };
  const openReruns = await settings.openReruns(workspaceId);
  const answers = await settings.githubAnswers(workspaceId);
  return { settings: await settings.reasoning(workspaceId), routes, limits, missing, openReruns, answers };
}

/** The same for equal settings: tells whether they changed since a window was opened. */
export function versionOf(settings: ReasoningSettings | OpenReruns | GitHubAnswers): string {
  const text = JSON.stringify(inOrder(settings));
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}

/** Parsed for the order of the keys. */
function inOrder(settings: ReasoningSettings | OpenReruns | GitHubAnswers): unknown {
  if (Array.isArray(settings)) return settings;
  return 'check' in settings ? GitHubAnswers.parse(settings) : ReasoningSettings.parse(settings);
}
