import type { Authorship, Diagnosis } from '../domain/diagnosis.ts';
import type { UserId } from '../domain/ids.ts';
import type { AnalysisWants } from '../domain/jobs.ts';
import type { Models } from '../domain/ports.ts';
import { MODEL_PROVIDERS, type ModelChoice, type ReasoningSettings } from '../domain/reasoning.ts';
import { redactText } from './given.ts';
import { createRedactor, type Redaction } from './redact.ts';
import { limitsOf, planRoute } from './route.ts';

/** Who can be asked to look at a failure again. */
export interface LookChoices {
  /** Who wrote what stands there, or whoever is asked first where that model is not asked any more. */
  same: ModelChoice | 'offline';
  /** Null where nobody else could be asked. */
  larger: ModelChoice | null;
}

type Setting = { models: Pick<Models, 'routes' | 'limits'>; settings: ReasoningSettings };

/** Only models that the workspace asks anyway: logs go to no other. */
export function planLooks(
  { provider, model }: Pick<Authorship, 'provider' | 'model'>,
  { models, settings }: Setting,
): LookChoices {
  const limits = limitsOf(settings, models);
  const { candidates } = planRoute({ settings, limits, wants: { tier: 'large' } }, models);
  const author = MODEL_PROVIDERS.find((each) => each === provider);
  const known = candidates.find(({ choice }) => choice.provider === author && choice.model === model);
  const first = candidates[0]?.choice ?? 'offline';
  const same = author === undefined ? 'offline' : (known?.choice ?? first);
  const large = candidates.find(({ tier }) => tier === 'large') ?? candidates[0];
  return { same, larger: large === undefined || isSame(large.choice, same) ? null : large.choice };
}

function isSame(choice: ModelChoice, other: ModelChoice | 'offline'): boolean {
  return other !== 'offline' && choice.provider === other.provider && choice.model === other.model;
}

/** Who asked for a look, with what they noted as it may be shown: what is secret in it is taken out. */
export async function describeAsker(
  { person, wants }: { person: UserId; wants: AnalysisWants },
  redaction: Redaction,
): Promise<NonNullable<Diagnosis['asked']>> {
  const { note } = wants;
  return { by: person, note: note === undefined ? null : await redactText(note, createRedactor(redaction)) };
}
