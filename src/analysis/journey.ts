import type { Authorship, Confidence } from '../domain/diagnosis.ts';
import type { ModelCallId } from '../domain/ids.ts';
import type {
  Explanation,
  Findings,
  ModelProvider,
  ModelReply,
  ReusableSummary,
  TokenUsage,
} from '../domain/reasoning.ts';
import type { Landing } from './question.ts';
import { measureConfidence } from './check.ts';
import { explainOffline } from './offline.ts';
import { PROMPT_VERSION } from './prompt.ts';
import type { Reused } from './reuse.ts';
import { type Candidate, fallbackReasonOf, type Happened } from './route.ts';

/** What admins must hear. */
export type Notice = 'budget-warning' | 'budget-exhausted' | { kind: 'model-refused'; provider: ModelProvider };

export interface Reasoned {
  explanation: Explanation;
  confidence: Confidence;
  authorship: Authorship;
  /** The calls that led to it, answered or not. */
  callIds: readonly ModelCallId[];
  notices: readonly Notice[];
  /** Resolves when the ends of all these calls are kept. Never rejects. */
  settled: Promise<void>;
}

/** What happened so far on the way to an answer. */
export interface Journey {
  happened: Happened[];
  calls: Set<ModelCallId>;
  settlements: Array<Promise<void>>;
  notices: Map<string, Notice>;
  spent: TokenUsage & { costMicroUsd: number };
  best: Arrival | null;
}

export interface Arrival {
  candidate: Candidate;
  reply: ModelReply;
  explanation: Explanation;
  confidence: Confidence;
  /** A larger model, after a smaller one was asked. */
  escalated: boolean;
}

export function newJourney(...happened: Happened[]): Journey {
  const spent = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, costMicroUsd: 0 };
  return { happened, calls: new Set(), settlements: [], notices: new Map(), spent, best: null };
}

export function noteLanding(journey: Journey, landing: Landing): void {
  if (landing.crossed === 'warning') journey.notices.set('warning', 'budget-warning');
  if (landing.crossed === 'exhausted') journey.notices.set('exhausted', 'budget-exhausted');
  if (landing.kind === 'spent') return;
  if (landing.callId !== null) journey.calls.add(landing.callId);
  journey.settlements.push(landing.settled);
  const { spent } = journey;
  spent.inputTokens += landing.usage.inputTokens;
  spent.outputTokens += landing.usage.outputTokens;
  spent.cachedTokens += landing.usage.cachedTokens;
  spent.costMicroUsd += landing.costMicroUsd;
}

export function arrived({ best, spent, happened, ...rest }: Journey): Reasoned {
  if (best === null) throw new Error('There is no answer that could stand');
  const authorship: Authorship = {
    provider: best.candidate.choice.provider,
    model: best.reply.model,
    promptVersion: PROMPT_VERSION,
    ...spent,
    latencyMs: 0,
    firstTokenMs: best.reply.firstTokenMs,
    reusedFrom: null,
    escalated: best.escalated,
    fallbackReason: fallbackReasonOf(happened),
  };
  const { explanation, confidence } = best;
  return { explanation, confidence, authorship, ...owed(rest) };
}

export function fromReused(
  { summaryId, provider, model }: ReusableSummary,
  { explanation, confidence }: Reused,
): Reasoned {
  const authorship = { ...nobody(), provider, model, reusedFrom: summaryId };
  return { explanation, confidence, authorship, callIds: [], notices: [], settled: Promise.resolve() };
}

/** What the rules have to say. What models cost on the way is owed all the same. */
export function offline(findings: Findings, { spent, happened, ...rest }: Journey): Reasoned {
  const explanation = explainOffline(findings);
  const authorship = { ...nobody(), ...spent, fallbackReason: fallbackReasonOf(happened) };
  const confidence = measureConfidence({ ...explanation, findings });
  return { explanation, confidence, authorship, ...owed(rest) };
}

function owed({ calls, settlements, notices }: Pick<Journey, 'calls' | 'settlements' | 'notices'>) {
  return { callIds: [...calls], notices: [...notices.values()], settled: allOf(settlements) };
}

async function allOf(settlements: ReadonlyArray<Promise<void>>): Promise<void> {
  await Promise.all(settlements);
}

function nobody(): Authorship {
  return {
    provider: 'offline',
    model: null,
    promptVersion: PROMPT_VERSION,
    inputTokens: 0,
    outputTokens: 0,
    latencyMs: 0,
    cachedTokens: 0,
    costMicroUsd: 0,
    firstTokenMs: null,
    reusedFrom: null,
    escalated: false,
    fallbackReason: null,
  };
}
