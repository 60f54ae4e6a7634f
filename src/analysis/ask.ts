import { createHash } from 'node:crypto';
import type { ModelCallId, RepositoryName, RunId, WorkspaceId } from '../domain/ids.ts';
import type { Clock, Log, Metrics, Model, ModelCallStore, ModelRequest } from '../domain/ports.ts';
import type { CallSettlement, ModelReply, ReserveOutcome, SpendingLimits, TokenUsage } from '../domain/reasoning.ts';
import { AppError, ModelFailedError, type ModelFault } from '../errors.ts';
import { untilAborted } from './until-aborted.ts';

export interface AskDeps {
  calls: ModelCallStore | null;
  clock: Clock;
  log: Log;
  metrics?: Pick<Metrics, 'modelCalls' | 'modelSeconds' | 'modelCost' | 'modelTokens'>;
  /** Resolves after so many ms, or rejects when the signal fires. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Between 0 and 1. */
  chance: () => number;
  flights: Flights;
}

/** Questions under way in this process, by their key: whoever asks the same waits for the one answer. */
export type Flights = Map<string, Promise<Landing>>;

/** Where a question belongs, so that the same one is known again; null for a log without a workspace. */
export interface QuestionScope {
  workspaceId: WorkspaceId;
  repository: RepositoryName;
  runId: RunId;
  attempt: number;
  revision: number;
  logDigest: string;
  fingerprint: string;
}

export interface Question {
  model: Model;
  request: ModelRequest;
  scope: QuestionScope | null;
  /** Counts the questions to this model within one analysis. */
  tryNumber: number;
  fallbackReason: string | null;
  limits: SpendingLimits;
  /** 0 for not to keep the prompt. */
  keepPromptsDays: number;
  expiresInMs: number;
  signal: AbortSignal;
  /** What is wrong with a reply, in a sentence of ours; null where it is sound. Decides how the call is settled, and never rejects. */
  judge: (reply: ModelReply) => Promise<string | null>;
}

interface Bill {
  callId: ModelCallId | null;
  usage: TokenUsage;
  costMicroUsd: number;
}

export type Crossed = 'none' | 'warning' | 'exhausted';

/** How a question ended. `stopped`: the signal of the one who asked fired. */
export type Landing =
  | ({ kind: 'replied'; reply: ModelReply; crossed: Crossed } & Bill)
  | ({ kind: 'failed'; reason: string; fault: ModelFault; crossed: Crossed } & Bill)
  | { kind: 'spent'; reason: string; crossed: Crossed }
  | ({ kind: 'stopped'; crossed: Crossed } & Bill);

const NOTHING: TokenUsage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0 };

/**
 * Asks once and pays once: the same question is one call, whoever asks it and however often, in this process and in any other. Never
 * rejects for what a model does; rejects with what the store throws before the call is made.
 */
export async function askOnce(deps: AskDeps, question: Question): Promise<Landing> {
  const { scope, signal } = question;
  if (scope === null || deps.calls === null) return makeCall(deps, question, null);
  const key = keyOf(question, scope);
  for (;;) {
    const underWay = deps.flights.get(key);
    if (underWay === undefined) return takeOff(deps, question, { key, calls: deps.calls, scope });
    const landing = await untilAborted(underWay, signal).catch(() => null);
    if (signal.aborted) return { kind: 'stopped', callId: null, usage: NOTHING, costMicroUsd: 0, crossed: 'none' };
    // Whoever asked first gave up, or failed before there was a call: the question is still open.
    if (landing !== null && landing.kind !== 'stopped') return { ...landing, crossed: 'none' };
  }
}

/** The same question has the same key; the random mark in the prompt is no part of it. */
function keyOf({ model, request, tryNumber }: Question, scope: QuestionScope): string {
  const { workspaceId, repository, runId, attempt, revision, logDigest } = scope;
  const { provider, model: name } = model;
  const parts = [workspaceId, repository, runId, attempt, revision, logDigest, request.prompt.version, provider, name];
  return createHash('sha256')
    .update(JSON.stringify([...parts, tryNumber]))
    .digest('hex');
}

interface Booking {
  key: string;
  calls: ModelCallStore;
  scope: QuestionScope;
}

function takeOff(deps: AskDeps, question: Question, booking: Booking): Promise<Landing> {
  const flight = reserveAndCall(deps, question, booking).finally(() => deps.flights.delete(booking.key));
  flight.catch(() => {}); // those who wait for it look for themselves
  deps.flights.set(booking.key, flight);
  return flight;
}

async function reserveAndCall(deps: AskDeps, question: Question, booking: Booking): Promise<Landing> {
  const stopped: Landing = { kind: 'stopped', callId: null, usage: NOTHING, costMicroUsd: 0, crossed: 'none' };
  const reserved = await reserve(deps, question, booking);
  switch (reserved.kind) {
    case 'stopped':
      return stopped;
    case 'budget-exhausted':
      return { kind: 'spent', reason: "this month's budget for models is spent", crossed: reserved.crossed };
    case 'too-many-calls':
      return { kind: 'spent', reason: 'the models were asked as often this hour as they may be', crossed: 'none' };
    case 'answered': {
      const { reply, callId } = reserved;
      const costMicroUsd = question.model.costMicroUsd(reply.usage);
      return { kind: 'replied', reply, callId, usage: reply.usage, costMicroUsd, crossed: 'none' };
    }
    case 'reserved': {
      const landing = await makeCall(deps, question, { ...booking, callId: reserved.callId });
      return { ...landing, crossed: reserved.crossed };
    }
    default:
      return reserved satisfies never;
  }
}

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 2_000;

/** Somebody else may be asking the same: then their answer is waited for. */
async function reserve(
  deps: AskDeps,
  question: Question,
  { key, calls, scope }: Booking,
): Promise<Exclude<ReserveOutcome, { kind: 'in-flight' }> | { kind: 'stopped' }> {
  const { model, request, signal, limits, fallbackReason, expiresInMs } = question;
  const { workspaceId, logDigest: _logDigest, revision: _revision, ...run } = scope;
  const { provider, model: name } = model;
  const call = {
    ...run,
    requestKey: key,
    provider,
    model: name,
    promptVersion: request.prompt.version,
    estimateMicroUsd: model.estimateMicroUsd(request),
    fallbackReason,
    expiresInMs,
  };
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 1.6, LONGEST_WAIT_MS)) {
    if (signal.aborted) return { kind: 'stopped' };
    const asked = calls.reserve(workspaceId, call, limits);
    try {
      const outcome = await untilAborted(asked, signal);
      if (outcome.kind !== 'in-flight') return outcome;
      await deps.wait(waitMs * (0.5 + deps.chance()), signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      void giveBack(deps, asked, { calls, workspaceId, model });
      return { kind: 'stopped' };
    }
  }
}

/** A reservation that came too late is not one that money was spent on. */
async function giveBack(
  deps: AskDeps,
  asked: Promise<ReserveOutcome>,
  { calls, workspaceId, model }: { calls: ModelCallStore; workspaceId: WorkspaceId; model: Model },
): Promise<void> {
  try {
    const outcome = await asked;
    if (outcome.kind !== 'reserved') return;
    const problem = 'time was up before the model was asked';
    await calls.settle(workspaceId, outcome.callId, { ...unpaid(model), outcome: 'failed', problem });
  } catch (error) {
    deps.log.warn({ error }, 'A reservation was not given back; it will be abandoned');
  }
}

function unpaid({ model }: Model): Omit<CallSettlement, 'outcome' | 'problem'> {
  return { usage: NOTHING, costMicroUsd: 0, firstTokenMs: null, totalMs: 0, model, reply: null, prompt: null };
}

/** The call itself, and its settlement whatever happens. */
async function makeCall(
  deps: AskDeps,
  question: Question,
  booked: (Booking & { callId: ModelCallId }) | null,
): Promise<Landing> {
  const { model, request, signal } = question;
  const started = deps.clock.now().getTime();
  const callId = booked?.callId ?? null;
  const settle = async (ended: Ended): Promise<void> => {
    const totalMs = Math.max(0, deps.clock.now().getTime() - started);
    measure(deps, model, { ...ended, totalMs });
    if (booked === null) return;
    const settlement: CallSettlement = {
      outcome: ended.outcome,
      usage: ended.usage,
      costMicroUsd: ended.costMicroUsd,
      firstTokenMs: ended.reply?.firstTokenMs ?? null,
      totalMs,
      model: ended.reply?.model ?? model.model,
      problem: ended.problem,
      reply: ended.outcome === 'answered' ? ended.reply : null,
      prompt: question.keepPromptsDays > 0 ? { text: textOf(request), keepDays: question.keepPromptsDays } : null,
    };
    try {
      await booked.calls.settle(booked.scope.workspaceId, booked.callId, settlement);
    } catch (error) {
      // It will be abandoned, and counted as spent: rather that than an answer thrown away.
      deps.log.warn({ error, callId: booked.callId }, 'A call to a model was not settled');
    }
  };
  try {
    const reply = await untilAborted(model.ask(request, signal), signal);
    const { usage } = reply;
    const costMicroUsd = model.costMicroUsd(usage);
    const problem = await question.judge(reply);
    await settle({ outcome: problem === null ? 'answered' : 'unsound', usage, costMicroUsd, problem, reply });
    return { kind: 'replied', reply, callId, usage, costMicroUsd, crossed: 'none' };
  } catch (error) {
    const failure = failureOf(error, question);
    await settle({ ...failure, outcome: 'failed', problem: failure.reason, reply: null });
    return signal.aborted
      ? { kind: 'stopped', callId, usage: failure.usage, costMicroUsd: failure.costMicroUsd, crossed: 'none' }
      : { kind: 'failed', ...failure, callId, crossed: 'none' };
  }
}

interface Ended {
  outcome: CallSettlement['outcome'];
  usage: TokenUsage;
  costMicroUsd: number;
  problem: string | null;
  reply: ModelReply | null;
}

/** These ended before a model had read anything. */
const UNPAID: ReadonlySet<ModelFault> = new Set([
  'unreachable',
  'overloaded',
  'rate-limited',
  'refused',
  'circuit-open',
]);

/** Where nobody knows what it cost, it cost what was set aside for it. */
function failureOf(error: unknown, { model, request, signal }: Question) {
  const failed = error instanceof ModelFailedError ? error : null;
  const usage = failed?.usage ?? null;
  const fault = failed?.fault ?? 'unknown';
  const isFree = usage === null && !signal.aborted && UNPAID.has(fault);
  const costMicroUsd = usage !== null ? model.costMicroUsd(usage) : isFree ? 0 : model.estimateMicroUsd(request);
  const reason = error instanceof AppError && !signal.aborted ? error.message : `${model.provider} failed unexpectedly`;
  return {
    usage: usage ?? NOTHING,
    costMicroUsd,
    fault,
    reason: signal.aborted ? 'stopped before it had answered' : reason,
  };
}

function measure({ metrics }: AskDeps, { provider, model }: Model, ended: Ended & { totalMs: number }): void {
  const labels = { provider, model, outcome: ended.outcome };
  metrics?.modelCalls.add(1, labels);
  metrics?.modelSeconds.observe(ended.totalMs / 1000, labels);
  if (ended.costMicroUsd > 0) metrics?.modelCost.add(ended.costMicroUsd / 1_000_000, labels);
  const { inputTokens, outputTokens, cachedTokens } = ended.usage;
  for (const [direction, tokens] of Object.entries({ input: inputTokens, output: outputTokens, cached: cachedTokens }))
    if (tokens > 0) metrics?.modelTokens.add(tokens, { provider, model, direction });
}

function textOf({ prompt }: ModelRequest): string {
  return [prompt.shared, prompt.data, prompt.task].join('\n\n');
}
