import type { Confidence } from '../domain/diagnosis.ts';
import type { Models } from '../domain/ports.ts';
import type { ModelChoice, ModelProvider, ModelTier, ReasoningSettings, SpendingLimits } from '../domain/reasoning.ts';
import type { ModelFault } from '../errors.ts';

/** What a person, or a command, wants of an analysis. */
export interface Wants {
  /** Whom to ask first; the small model by default. */
  tier?: ModelTier;
  /** This model and no other, or none at all. */
  choice?: ModelChoice | 'offline';
  /** What to look at, in the words of the person who asks; foreign text. */
  note?: string;
}

/** Who can be asked, in order. */
export interface RoutePlan {
  start: ModelTier;
  candidates: readonly Candidate[];
  /** A sound answer with low confidence is put to a larger model as well. */
  mayEscalate: boolean;
}

export interface Candidate {
  tier: ModelTier;
  choice: ModelChoice;
}

/** What became of a question. Reasons are sentences without foreign text. */
export type Happened =
  | (Candidate & { kind: 'sound'; confidence: Confidence })
  | (Candidate & { kind: 'unsound'; reason: string })
  | (Candidate & { kind: 'failed'; reason: string; fault: ModelFault })
  /** Its key or address is not set; nothing was asked. */
  | (Candidate & { kind: 'unset'; reason: string })
  /** The budget, or the calls of this hour. */
  | { kind: 'spent'; reason: string }
  | { kind: 'late'; reason: string };

export type Step =
  | { kind: 'ask'; candidate: Candidate; isRepair: boolean }
  /** The sound answer at hand is the answer. */
  | { kind: 'stand' }
  | { kind: 'offline' };

/** Enough for a repair, a larger model with a repair, and two more providers. */
const MOST_QUESTIONS = 6;
/** With these the whole provider is out of reach, and its other models need not be asked. */
const OUT_OF_REACH: ReadonlySet<ModelFault> = new Set(['refused', 'unreachable', 'circuit-open']);

/** Whom this analysis may ask; nobody where a person wants none or the workspace has no budget. */
export function planRoute(
  { settings, limits, wants }: { settings: ReasoningSettings; limits: SpendingLimits; wants: Wants },
  models: Pick<Models, 'routes'>,
): RoutePlan {
  const { choice, tier = 'small' } = wants;
  const nobody: RoutePlan = { start: 'small', candidates: [], mayEscalate: false };
  if (choice === 'offline' || limits.monthlyBudgetUsd <= 0 || limits.callsPerHour <= 0) return nobody;
  if (choice !== undefined) return { start: tier, candidates: [{ tier, choice }], mayEscalate: false };
  const routes = settings.routes ?? models.routes;
  const candidates = [...routes.small.map(asSmall), ...routes.large.map(asLarge)];
  return { start: tier, candidates, mayEscalate: tier === 'small' };
}

const asSmall = (choice: ModelChoice): Candidate => ({ tier: 'small', choice });
const asLarge = (choice: ModelChoice): Candidate => ({ tier: 'large', choice });

/** What a workspace may spend: what its admins say, else what the operator configured. */
export function limitsOf(settings: ReasoningSettings, { limits }: Pick<Models, 'limits'>): SpendingLimits {
  return {
    monthlyBudgetUsd: settings.monthlyBudgetUsd ?? limits.monthlyBudgetUsd,
    callsPerHour: settings.callsPerHour ?? limits.callsPerHour,
  };
}

/** Where no model is configured. */
export const NO_MODELS: Models = {
  find: () => null,
  missing: () => 'its configuration',
  routes: { small: [], large: [] },
  limits: { monthlyBudgetUsd: 0, callsPerHour: 0 },
  circuits: () => ({}),
};

/** The model of this provider that is asked first; null where no route names one. */
export function choiceOf({ routes }: Pick<Models, 'routes'>, provider: ModelProvider): ModelChoice | null {
  return [...routes.small, ...routes.large].find((choice) => choice.provider === provider) ?? null;
}

/**
 * What to do next. An answer that fails its check is sent back once; then, or where a sound one has low confidence, a larger model is
 * asked; on any failure the next one; with a sound answer at hand nothing is tried twice; without money or time nothing more is asked.
 */
export function nextStep(plan: RoutePlan, happened: readonly Happened[]): Step {
  const end: Step = happened.some(({ kind }) => kind === 'sound') ? { kind: 'stand' } : { kind: 'offline' };
  const last = happened.at(-1);
  const asked = happened.filter(({ kind }) => kind === 'sound' || kind === 'unsound' || kind === 'failed').length;
  if (last?.kind === 'spent' || last?.kind === 'late' || asked >= MOST_QUESTIONS) return end;
  if (end.kind === 'stand') return afterSound(plan, happened);
  if (last?.kind === 'unsound' && timesAsked(last.choice, happened) === 1)
    return { kind: 'ask', candidate: { tier: last.tier, choice: last.choice }, isRepair: true };
  const isEscalated = happened.some(({ kind }) => kind === 'unsound');
  const tier = isEscalated ? 'large' : plan.start;
  const candidate = remaining(plan, happened, tier)[0];
  return candidate === undefined ? end : { kind: 'ask', candidate, isRepair: false };
}

/** One larger model is asked, once, and what comes of it that is not sound leaves the answer at hand where it is. */
function afterSound(plan: RoutePlan, happened: readonly Happened[]): Step {
  const at = happened.findIndex(({ kind }) => kind === 'sound');
  const sound = happened[at];
  const since = happened.slice(at + 1).filter(({ kind }) => kind !== 'unset');
  if (sound?.kind !== 'sound' || sound.confidence !== 'low' || sound.tier === 'large' || since.length > 0)
    return { kind: 'stand' };
  const candidate = remaining(plan, happened, 'large').find(({ tier }) => tier === 'large');
  return plan.mayEscalate && candidate !== undefined ? { kind: 'ask', candidate, isRepair: false } : { kind: 'stand' };
}

/** Those that were not tried and whose provider is in reach; the ones of this tier first. */
function remaining(plan: RoutePlan, happened: readonly Happened[], first: ModelTier): Candidate[] {
  const gone = new Set(
    happened.flatMap((event) => (isOutOfReach(event) && 'choice' in event ? event.choice.provider : [])),
  );
  return plan.candidates
    .filter(({ choice }) => timesAsked(choice, happened) === 0 && !gone.has(choice.provider))
    .toSorted((left, right) => Number(right.tier === first) - Number(left.tier === first));
}

function isOutOfReach(event: Happened): boolean {
  return event.kind === 'unset' || (event.kind === 'failed' && OUT_OF_REACH.has(event.fault));
}

function timesAsked({ provider, model }: ModelChoice, happened: readonly Happened[]): number {
  return happened.filter(
    (event) => 'choice' in event && event.choice.provider === provider && event.choice.model === model,
  ).length;
}

const REASON_LENGTH = 300;

/** Why the first choice did not answer, or why no larger one did, in the order in which it went; null where all went well. */
export function fallbackReasonOf(happened: readonly Happened[]): string | null {
  const sound = happened.findIndex(({ kind }) => kind === 'sound');
  const reasons = happened.flatMap((event, index) => {
    if (event.kind === 'sound') return [];
    return sound >= 0 && index > sound ? `no larger model answered: ${event.reason}` : event.reason;
  });
  const words = [...new Set(reasons)].join('; ');
  return words === '' ? null : words.length <= REASON_LENGTH ? words : `${words.slice(0, REASON_LENGTH - 1)}…`;
}

/** The last misfortune before this question, as a word for a metric's label: `none`, a fault of a model, or how an event is called. */
export function fallbackLabelOf(happened: readonly Happened[]): string {
  const last = happened.findLast(({ kind }) => kind !== 'sound');
  if (last === undefined) return 'none';
  return last.kind === 'failed' ? last.fault : last.kind;
}
