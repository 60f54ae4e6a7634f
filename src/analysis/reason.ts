import { setTimeout as wait } from 'node:timers/promises';
import type { History } from '../domain/failure.ts';
import type { Origin } from '../domain/origin.ts';
import type { Clock, Log, Model, ModelCallStore, Models } from '../domain/ports.ts';
import type {
  Findings,
  ModelReply,
  ReasoningSettings,
  ReusableSummary,
  RunContext,
  SpendingLimits,
} from '../domain/reasoning.ts';
import type { Run } from '../domain/run.ts';
import type { WorkflowPart } from '../domain/workflow-file.ts';
import { askOnce } from './ask.ts';
import { checkAnswer, type CheckOutcome } from './check.ts';
import { type Given, redactGiven } from './given.ts';
import { arrived, fromReused, type Journey, newJourney, noteLanding, offline, type Reasoned } from './journey.ts';
import { askForRepair, writePrompt } from './prompt.ts';
import type { AskDeps, Flights, Landing, QuestionScope } from './question.ts';
import type { Redactor } from './redact.ts';
import { reuse } from './reuse.ts';
import {
  type Candidate,
  fallbackLabelOf,
  fallbackReasonOf,
  type Happened,
  nextStep,
  planRoute,
  type RoutePlan,
  type Wants,
} from './route.ts';

export interface ReasonerDeps {
  models: Models;
  /** Null where nothing is kept: then nothing is reserved, and nothing is known again. */
  calls: ModelCallStore | null;
  clock: Clock;
  /** Without one, what goes wrong on the way is told to nobody but the reader. */
  log?: Log;
  metrics?: NonNullable<AskDeps['metrics']>;
  /** Shared by all reasoners of a process, so that the same question is asked once. */
  flights?: Flights;
  wait?: AskDeps['wait'];
  chance?: () => number;
}

export interface ReasonInput {
  findings: Findings;
  run: Run | null;
  context: RunContext;
  history: History | null;
  origin?: Origin | null;
  /** What the file of the workflow says of what failed, redacted. */
  workflow?: WorkflowPart | null;
  settings: ReasoningSettings;
  limits: SpendingLimits;
  scope: QuestionScope | null;
  wants: Wants;
  reusable: ReusableSummary | null;
  redactor: Redactor;
  /** Unpredictable, new for every analysis: what fences the data. */
  mark: string;
  signal: AbortSignal;
  /** Over everything that models do together. */
  deadlineMs: number;
}

export type Reasoner = (input: ReasonInput) => Promise<Reasoned>;

const MAX_OUTPUT_TOKENS = 2_048;
/** What is settled at the deadline is settled within this time. */
const SETTLE_MS = 60_000;

/**
 * Explains a failure: with an earlier summary of the same cause, else with a model, else by rule, and says who did. It always answers;
 * it rejects only with the signal's reason, or with an error of the store before a call is made.
 */
export function createReasoner(deps: ReasonerDeps): Reasoner {
  const asking: AskDeps = {
    calls: deps.calls,
    clock: deps.clock,
    log: deps.log ?? SILENT,
    ...(deps.metrics === undefined ? {} : { metrics: deps.metrics }),
    flights: deps.flights ?? new Map(),
    wait: deps.wait ?? ((ms, signal) => wait(ms, undefined, { signal })),
    chance: deps.chance ?? Math.random,
  };
  return async (input) => {
    const started = deps.clock.now().getTime();
    const reasoned = await reason({ deps, asking, input });
    const latencyMs = Math.max(0, deps.clock.now().getTime() - started);
    return { ...reasoned, authorship: { ...reasoned.authorship, latencyMs } };
  };
}

const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => SILENT };

interface Setting {
  deps: ReasonerDeps;
  asking: AskDeps;
  input: ReasonInput;
}

async function reason(setting: Setting): Promise<Reasoned> {
  const { deps, input } = setting;
  const plan = planRoute(input, deps.models);
  input.signal.throwIfAborted();
  // Without a line of the log there is nothing that an answer could be held against.
  if (plan.candidates.length === 0 || input.findings.excerpt.length === 0) return offline(input.findings, newJourney());
  const given = await prepare(setting);
  if (given === null) {
    const reason = 'what a model would be told could not be checked for secrets';
    return offline(input.findings, newJourney({ kind: 'spent', reason }));
  }
  if (input.reusable !== null) {
    const reused = await reuse(input.reusable, given, input.redactor);
    if (reused !== null) return fromReused(input.reusable, reused);
  }
  return travel(setting, given, plan);
}

/** Null where the redactor fails: then no model may be asked. */
async function prepare({ asking, input }: Setting): Promise<Given | null> {
  try {
    return await redactGiven({ ...input, note: input.wants.note ?? null }, input.redactor);
  } catch (error) {
    asking.log.error({ error }, 'What a model would be told could not be redacted');
    return null;
  }
}

async function travel(setting: Setting, given: Given, plan: RoutePlan): Promise<Reasoned> {
  const { input } = setting;
  const journey = newJourney();
  const deadline = AbortSignal.timeout(input.deadlineMs);
  const signal = AbortSignal.any([input.signal, deadline]);
  const basis = { ...setting, given, journey, signal, prompt: writePrompt(given, input.mark) };
  let fault: Unsound | null = null;
  for (;;) {
    input.signal.throwIfAborted();
    const step = nextStep(plan, journey.happened);
    if (step.kind === 'offline' || (step.kind === 'stand' && journey.best === null))
      return offline(input.findings, journey);
    if (step.kind === 'stand') return arrived(journey);
    fault = await take(basis, step.candidate, step.isRepair ? fault : null);
  }
}

type Basis = Setting & { given: Given; journey: Journey; signal: AbortSignal; prompt: ReturnType<typeof writePrompt> };
type Unsound = Extract<CheckOutcome, { kind: 'unsound' }>;

/** One question to one model; what comes of it is noted in the journey. Returns what is wrong with the answer. */
async function take(basis: Basis, candidate: Candidate, fault: Unsound | null): Promise<Unsound | null> {
  const { journey, input, deps } = basis;
  const { provider } = candidate.choice;
  const model = deps.models.find(candidate.choice);
  if (model === null) {
    const missing = deps.models.missing(provider) ?? 'its configuration';
    journey.happened.push({ ...candidate, kind: 'unset', reason: `${provider} is not set up (${missing} is missing)` });
    return null;
  }
  const { landing, checked } = await put(basis, { model, fault });
  noteLanding(journey, landing);
  input.signal.throwIfAborted();
  if (landing.kind === 'replied') return weigh(basis, candidate, { reply: landing.reply, checked });
  journey.happened.push(misfortune(landing, candidate, input));
  if (landing.kind === 'failed' && landing.fault === 'refused')
    journey.notices.set(`refused ${provider}`, { kind: 'model-refused', provider });
  return null;
}

function misfortune(
  landing: Exclude<Landing, { kind: 'replied' }>,
  candidate: Candidate,
  { deadlineMs, redactor }: ReasonInput,
): Happened {
  switch (landing.kind) {
    case 'stopped': {
      const seconds = Math.round(deadlineMs / 100) / 10;
      return { kind: 'late', reason: `${candidate.choice.provider} did not answer within ${seconds} seconds` };
    }
    case 'spent':
      return { kind: 'spent', reason: landing.reason };
    case 'failed':
      return { ...candidate, kind: 'failed', reason: redactor.text(landing.reason), fault: landing.fault };
    default:
      return landing satisfies never;
  }
}

/** `checked` is null where the reply is somebody else's. */
async function put(
  basis: Basis,
  { model, fault }: { model: Model; fault: Unsound | null },
): Promise<{ landing: Landing; checked: CheckOutcome | null }> {
  const { asking, input, journey, prompt } = basis;
  let checked: CheckOutcome | null = null;
  const landing = await askOnce(asking, {
    model,
    request: {
      prompt: fault === null ? prompt : askForRepair(prompt, fault, input.mark),
      maxOutputTokens: MAX_OUTPUT_TOKENS,
    },
    scope: input.scope,
    tryNumber: fault === null ? 1 : 2,
    fallbackReason: fallbackReasonOf(journey.happened),
    fallbackLabel: fallbackLabelOf(journey.happened),
    limits: input.limits,
    keepPromptsDays: input.settings.keepPromptsDays,
    expiresInMs: input.deadlineMs + SETTLE_MS,
    signal: basis.signal,
    async judge(reply) {
      checked = await check(basis, reply);
      return checked.kind === 'sound' ? null : checked.reason;
    },
  });
  return { landing, checked };
}

/** What cannot be checked is not sound. */
async function check({ given, input }: Basis, { answer }: ModelReply): Promise<CheckOutcome> {
  try {
    return await checkAnswer(answer, given, input.redactor);
  } catch {
    return { kind: 'unsound', reason: 'it could not be checked', named: [] };
  }
}

/** A reply of somebody else is held against what we have, whoever checked it before. */
async function weigh(
  basis: Basis,
  candidate: Candidate,
  { reply, checked }: { reply: ModelReply; checked: CheckOutcome | null },
): Promise<Unsound | null> {
  const { journey } = basis;
  const outcome = checked ?? (await check(basis, reply));
  if (outcome.kind === 'unsound') {
    const reason = `the answer of ${candidate.choice.provider} failed a check: ${outcome.reason}`;
    journey.happened.push({ ...candidate, kind: 'unsound', reason });
    return outcome;
  }
  const { explanation, confidence } = outcome;
  const isAfterSmall = journey.happened.some(
    (event) => 'tier' in event && event.tier === 'small' && event.kind !== 'unset',
  );
  journey.happened.push({ ...candidate, kind: 'sound', confidence });
  journey.best = { candidate, reply, explanation, confidence, escalated: candidate.tier === 'large' && isAfterSmall };
  return null;
}
