import type { Models } from '../domain/ports.ts';
import type { AnalysisWants } from '../domain/jobs.ts';
import type { ModelProvider, ModelTier, ReasoningSettings } from '../domain/reasoning.ts';
import { choiceOf } from './route.ts';

export type WantsPlan =
  | { kind: 'wants'; wants: AnalysisWants | null }
  /** This workspace asks no model of that provider; `missing` is what the operator would have to set, null if an admin's word is. */
  | { kind: 'not-configured'; provider: ModelProvider; missing: string | null };

/** What is wanted by the name of a tier or a provider. Only models that the workspace asks anyway can be chosen: logs go to no other. */
export function planWants(
  name: ModelTier | ModelProvider | 'offline' | null,
  { models, settings }: { models: Pick<Models, 'routes' | 'missing'>; settings: Pick<ReasoningSettings, 'routes'> },
): WantsPlan {
  if (name === null) return { kind: 'wants', wants: null };
  if (name === 'small' || name === 'large') return { kind: 'wants', wants: { tier: name } };
  if (name === 'offline') return { kind: 'wants', wants: { choice: name } };
  const choice = choiceOf({ routes: settings.routes ?? models.routes }, name);
  if (choice === null) return { kind: 'not-configured', provider: name, missing: models.missing(name) };
  return { kind: 'wants', wants: { choice } };
}
