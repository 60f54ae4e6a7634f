import { randomUUID } from 'node:crypto';
import type { Summary } from '../../src/domain/diagnosis.ts';
import { ModelCallId, type SummaryId, type WorkspaceId } from '../../src/domain/ids.ts';
import type { Clock, ModelCallStore } from '../../src/domain/ports.ts';
import type {
  CallOutcome,
  CallSettlement,
  Feedback,
  ModelReply,
  NewModelCall,
  ReserveOutcome,
  ReusableSummary,
  SpendingLimits,
  UsageReport,
} from '../../src/domain/reasoning.ts';

export interface CallRow extends NewModelCall {
  id: ModelCallId;
  workspaceId: WorkspaceId;
  outcome: CallOutcome;
  costMicroUsd: number;
  settlement: CallSettlement | null;
  reply: ModelReply | null;
  prompt: { text: string; deleteAfter: number } | null;
  summaryId: SummaryId | null;
  createdAt: Date;
  expiresAt: number;
}

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

const monthOf = (at: Date): number => Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1);
const sum = (numbers: number[]): number => numbers.reduce((total, each) => total + each, 0);

/** What the stores around models have in common. */
export interface Shared {
  clock: Clock;
  summaries: (workspaceId: WorkspaceId) => readonly Summary[];
  words: Array<Feedback & { givenAt: Date }>;
}

interface OfWorkspace extends Omit<Shared, 'summaries'> {
  summaries: () => readonly Summary[];
}

/** Calls in memory, by the contract of the port; `calls` are the rows. */
export function memoryModelCalls(shared: Shared): { modelCalls: ModelCallStore; calls: CallRow[] } {
  const { clock } = shared;
  const calls: CallRow[] = [];
  const of = (workspaceId: WorkspaceId): OfWorkspace => ({ ...shared, summaries: () => shared.summaries(workspaceId) });
  const told = new Set<string>();
  const now = () => clock.now().getTime();
  const first = (mark: string): boolean => !told.has(mark) && told.add(mark).has(mark);
  const abandonLate = (): number => {
    const late = calls.filter(({ outcome, expiresAt }) => outcome === 'reserved' && expiresAt <= now());
    for (const call of late) Object.assign(call, { outcome: 'abandoned', costMicroUsd: call.estimateMicroUsd });
    return late.length;
  };
  const inMonth = (workspaceId: WorkspaceId, at: Date) =>
    calls.filter((call) => call.workspaceId === workspaceId && monthOf(call.createdAt) === monthOf(at));

  function admit(workspaceId: WorkspaceId, call: NewModelCall, limits: SpendingLimits): ReserveOutcome {
    const budget = Math.round(limits.monthlyBudgetUsd * 1_000_000);
    const estimateMicroUsd = Math.ceil(call.estimateMicroUsd);
    const { spentMicroUsd, reservedMicroUsd } = sums(inMonth(workspaceId, clock.now()));
    const total = spentMicroUsd + reservedMicroUsd + estimateMicroUsd;
    const month = `${workspaceId} ${monthOf(clock.now())}`;
    if (estimateMicroUsd > 0 && total > budget)
      return { kind: 'budget-exhausted', crossed: first(`${month} exhausted`) ? 'exhausted' : 'none' };
    const lastHour = calls.filter(
      (each) => each.workspaceId === workspaceId && each.createdAt.getTime() > now() - HOUR_MS,
    );
    if (lastHour.length >= limits.callsPerHour) return { kind: 'too-many-calls' };
    const id = ModelCallId.parse(randomUUID());
    calls.push({ ...EMPTY, ...call, id, workspaceId, estimateMicroUsd, ...timesOf(clock.now(), call) });
    const warns = total * 10 >= budget * 8 && first(`${month} warning`);
    return { kind: 'reserved', callId: id, crossed: warns ? 'warning' : 'none' };
  }

  const modelCalls: ModelCallStore = {
    async reserve(workspaceId, call, limits) {
      if (limits.monthlyBudgetUsd <= 0) return { kind: 'budget-exhausted', crossed: 'none' };
      abandonLate();
      const known = calls.find(
        (each) => each.workspaceId === workspaceId && each.requestKey === call.requestKey && holdsKey(each),
      );
      if (known?.outcome === 'reserved') return { kind: 'in-flight' };
      if (known?.reply) return { kind: 'answered', callId: known.id, reply: structuredClone(known.reply) };
      return admit(workspaceId, call, limits);
    },
    async settle(workspaceId, id, settlement) {
      const call = calls.find((each) => each.workspaceId === workspaceId && each.id === id);
      if (call?.outcome !== 'reserved') return;
      const { outcome, prompt, reply } = settlement;
      const kept = prompt && { text: prompt.text, deleteAfter: now() + prompt.keepDays * DAY_MS };
      const costMicroUsd = Math.round(settlement.costMicroUsd);
      Object.assign(call, { outcome, costMicroUsd, settlement, reply: structuredClone(reply), prompt: kept });
    },
    async attach(workspaceId, ids, summaryId) {
      if (!shared.summaries(workspaceId).some(({ id }) => id === summaryId)) return;
      for (const call of calls)
        if (call.workspaceId === workspaceId && ids.includes(call.id)) call.summaryId = summaryId;
    },
    usage: async (workspaceId, at) => usageOf(inMonth(workspaceId, at), at, of(workspaceId)),
    findReusable: async (workspaceId, key) => reusable(of(workspaceId), key),
    async tidy() {
      const old = calls.filter(({ prompt }) => prompt !== null && prompt.deleteAfter <= now());
      for (const call of old) call.prompt = null;
      return { abandoned: abandonLate(), promptsDeleted: old.length };
    },
    async prune(days) {
      const isOld = ({ createdAt, outcome }: CallRow) =>
        createdAt.getTime() < now() - days * DAY_MS && outcome !== 'reserved';
      const kept = calls.filter((call) => !isOld(call));
      return calls.splice(0, calls.length, ...kept).length - kept.length;
    },
  };
  return { modelCalls, calls };
}

function usageOf(month: readonly CallRow[], at: Date, { summaries, words }: OfWorkspace): UsageReport {
  const isOfMonth = (moment: Date) => monthOf(moment) === monthOf(at);
  const opinions = words.filter(({ givenAt }) => isOfMonth(givenAt)).map(({ opinion }) => opinion);
  return {
    month: new Date(monthOf(at)),
    ...sums(month),
    calls: month.length,
    reused: summaries().filter((each) => isOfMonth(each.createdAt) && isReused(each)).length,
    byModel: grouped(month, ({ provider, model }) => `${provider} ${model}`).map((group) => ({
      provider: group.first.provider,
      model: group.first.model,
      ...group.costs,
      failed: group.rows.filter(({ outcome }) => outcome !== 'reserved' && outcome !== 'answered').length,
      usage: {
        inputTokens: sum(group.rows.map(({ settlement }) => settlement?.usage.inputTokens ?? 0)),
        outputTokens: sum(group.rows.map(({ settlement }) => settlement?.usage.outputTokens ?? 0)),
        cachedTokens: sum(group.rows.map(({ settlement }) => settlement?.usage.cachedTokens ?? 0)),
      },
    })),
    byRepository: grouped(month, ({ repository }) => repository).map((group) => ({
      repository: group.first.repository,
      ...group.costs,
    })),
    byDay: grouped(month, ({ createdAt }) => createdAt.toISOString().slice(0, 10))
      .map((group) => ({ day: group.key, ...group.costs }))
      .sort((one, other) => one.day.localeCompare(other.day)),
    feedback: {
      up: opinions.filter((opinion) => opinion === 'up').length,
      down: opinions.filter((opinion) => opinion === 'down').length,
    },
  };
}

function reusable(
  { clock, summaries, words }: OfWorkspace,
  key: Parameters<ModelCallStore['findReusable']>[1],
): ReusableSummary | null {
  const { repository, fingerprint, promptVersion, hours } = key;
  const bad = new Set(words.filter(({ opinion }) => opinion === 'down').map(({ summaryId }) => summaryId));
  const isBad = ({ id }: Summary) =>
    bad.has(id) || summaries().some((each) => each.diagnosis.authorship.reusedFrom === id && bad.has(each.id));
  const found = summaries()
    .filter(({ run, diagnosis }) => run.repository === repository && diagnosis.fingerprint === fingerprint)
    .filter(({ createdAt }) => createdAt.getTime() > clock.now().getTime() - hours * HOUR_MS)
    .filter(({ diagnosis: { authorship: by } }) => by.provider !== 'offline' && by.promptVersion === promptVersion)
    .filter((each) => each.diagnosis.confidence === 'high' && !isReused(each) && !isBad(each))
    .sort((one, other) => other.createdAt.getTime() - one.createdAt.getTime())[0];
  if (found === undefined || found.diagnosis.authorship.model === null) return null;
  const { headline, cause, nextStep, evidence, confidence, authorship } = found.diagnosis;
  const { provider, model } = authorship;
  const sentences = { headline, cause, nextStep, evidence, confidence };
  return { summaryId: found.id, createdAt: found.createdAt, ...sentences, provider, model: model ?? '' };
}

function sums(month: readonly CallRow[]) {
  return {
    spentMicroUsd: sum(month.map(({ costMicroUsd }) => costMicroUsd)),
    reservedMicroUsd: sum(month.map((call) => (call.outcome === 'reserved' ? call.estimateMicroUsd : 0))),
  };
}

const EMPTY = {
  outcome: 'reserved',
  costMicroUsd: 0,
  settlement: null,
  reply: null,
  prompt: null,
  summaryId: null,
} as const;

const timesOf = (createdAt: Date, { expiresInMs }: NewModelCall) => ({
  createdAt,
  expiresAt: createdAt.getTime() + expiresInMs,
});
const holdsKey = ({ outcome }: CallRow): boolean => outcome === 'reserved' || outcome === 'answered';
const isReused = ({ diagnosis }: Summary): boolean => (diagnosis.authorship.reusedFrom ?? null) !== null;

/** The dearest first, then what was called most. */
function grouped(rows: readonly CallRow[], keyOf: (row: CallRow) => string) {
  const groups = Map.groupBy(rows, keyOf);
  return [...groups]
    .flatMap(([key, members]) => {
      const [first] = members;
      const costMicroUsd = sum(members.map((each) => each.costMicroUsd));
      return first === undefined ? [] : [{ key, first, rows: members, costs: { calls: members.length, costMicroUsd } }];
    })
    .sort(
      (one, other) =>
        other.costs.costMicroUsd - one.costs.costMicroUsd ||
        other.costs.calls - one.costs.calls ||
        one.key.localeCompare(other.key),
    );
}
