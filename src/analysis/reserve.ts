import type { WorkspaceId } from '../domain/ids.ts';
import type { Model, ModelCallStore } from '../domain/ports.ts';
import type { CallSettlement, ReserveOutcome } from '../domain/reasoning.ts';
import { type AskDeps, NOTHING, type Question, type QuestionScope } from './question.ts';
import { untilAborted } from './until-aborted.ts';

/** Where a question is booked, so that it is asked and paid once. */
export interface Booking {
  key: string;
  calls: ModelCallStore;
  scope: QuestionScope;
}

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 2_000;

/** Somebody else may be asking the same: then their answer is waited for. */
export async function reserve(
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
