import { createHash } from 'node:crypto';
import type { ModelCallId } from '../domain/ids.ts';
import type { ModelRequest } from '../domain/ports.ts';
import type { CallSettlement, ModelReply, TokenUsage } from '../domain/reasoning.ts';
import { AppError, ModelFailedError, type ModelFault } from '../errors.ts';
import { type AskDeps, type Landing, NOTHING, type Question, type QuestionScope } from './question.ts';
import { type Booking, reserve } from './reserve.ts';
import { untilAborted } from './until-aborted.ts';

const AT_ONCE = Promise.resolve();
const STOPPED: Landing = {
  kind: 'stopped',
  callId: null,
  usage: NOTHING,
  costMicroUsd: 0,
  settled: AT_ONCE,
  crossed: 'none',
};

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
    if (signal.aborted) return STOPPED;
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

function takeOff(deps: AskDeps, question: Question, booking: Booking): Promise<Landing> {
  const flight = reserveAndCall(deps, question, booking);
  deps.flights.set(booking.key, flight);
  // Until its end is kept the store would call it under way. Those who wait for it look for themselves how it ended.
  void flight
    .then((landing) => (landing.kind === 'spent' ? undefined : landing.settled))
    .catch(() => {})
    .finally(() => deps.flights.delete(booking.key));
  return flight;
}

async function reserveAndCall(deps: AskDeps, question: Question, booking: Booking): Promise<Landing> {
  const reserved = await reserve(deps, question, booking);
  switch (reserved.kind) {
    case 'stopped':
      return STOPPED;
    case 'budget-exhausted':
      return { kind: 'spent', reason: "this month's budget for models is spent", crossed: reserved.crossed };
    case 'too-many-calls':
      return { kind: 'spent', reason: 'the models were asked as often this hour as they may be', crossed: 'none' };
    case 'answered': {
      const { reply, callId } = reserved;
      const costMicroUsd = question.model.costMicroUsd(reply.usage);
      return { kind: 'replied', reply, callId, usage: reply.usage, costMicroUsd, settled: AT_ONCE, crossed: 'none' };
    }
    case 'reserved': {
      const landing = await makeCall(deps, question, { ...booking, callId: reserved.callId });
      return { ...landing, crossed: reserved.crossed };
    }
    default:
      return reserved satisfies never;
  }
}

/** The call itself, and its settlement whatever happens, beside what is done with the answer. */
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
    measure(deps, question, { ...ended, totalMs });
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
    const settled = settle({ outcome: problem === null ? 'answered' : 'unsound', usage, costMicroUsd, problem, reply });
    return { kind: 'replied', reply, callId, usage, costMicroUsd, settled, crossed: 'none' };
  } catch (error) {
    const failure = failureOf(error, question);
    const settled = settle({ ...failure, outcome: 'failed', problem: failure.reason, reply: null });
    return signal.aborted
      ? { kind: 'stopped', callId, usage: failure.usage, costMicroUsd: failure.costMicroUsd, settled, crossed: 'none' }
      : { kind: 'failed', ...failure, callId, settled, crossed: 'none' };
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

function measure({ metrics }: AskDeps, question: Question, ended: Ended & { totalMs: number }): void {
  const { provider, model } = question.model;
  const { version } = question.request.prompt;
  const labels = { provider, model, outcome: ended.outcome, prompt: version, fallback: question.fallbackLabel };
  metrics?.modelCalls.add(1, labels);
  metrics?.modelSeconds.observe(ended.totalMs / 1000, labels);
  const repository = question.scope?.repository ?? 'none';
  if (ended.costMicroUsd > 0) metrics?.modelCost.add(ended.costMicroUsd / 1_000_000, { ...labels, repository });
  const { inputTokens, outputTokens, cachedTokens } = ended.usage;
  for (const [direction, tokens] of Object.entries({ input: inputTokens, output: outputTokens, cached: cachedTokens }))
    if (tokens > 0) metrics?.modelTokens.add(tokens, { provider, model, prompt: version, direction });
}

function textOf({ prompt }: ModelRequest): string {
  return [prompt.shared, prompt.data, prompt.task].join('\n\n');
}
