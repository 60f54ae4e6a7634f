import { NO_ANSWERS } from '../../src/domain/github-answers.ts';
import { randomUUID } from 'node:crypto';
import { ModelCallId, type SummaryId } from '../../src/domain/ids.ts';
import type { Model, ModelCallStore, ModelRequest, Models, SettingStore } from '../../src/domain/ports.ts';
import {
  type CallSettlement,
  type CrossedBudget,
  type ModelAnswer,
  type ModelChoice,
  type ModelReply,
  type ModelRoutes,
  type NewModelCall,
  type ReasoningSettings,
  type TokenUsage,
  USUAL_REASONING,
} from '../../src/domain/reasoning.ts';

export const USAGE: TokenUsage = { inputTokens: 100, outputTokens: 20, cachedTokens: 10 };
/** What a fake model asks for a token, in millionths of a dollar, and what it sets aside for a question. */
export const TOKEN_COST = 2;
export const ESTIMATE = 1_000;

/** The numbered lines of the log in a request, as a model reads them. */
export function linesIn({ prompt }: ModelRequest): Array<{ number: number; text: string }> {
  const [, body = ''] = /Log lines, each with its number\n<<DATA [^\n]*\n([^]*?)\n<<END /u.exec(prompt.data) ?? [];
  return body.split('\n').flatMap((line) => {
    const match = /^(\d{1,3}): (.*)$/u.exec(line);
    return match === null ? [] : [{ number: Number(match[1]), text: match[2] ?? '' }];
  });
}

export type Answering = (
  request: ModelRequest,
  signal: AbortSignal,
  call: number,
) => Partial<ModelAnswer> | Promise<Partial<ModelAnswer>>;

/** A model that answers soundly, unless told otherwise, and keeps what it was asked. Without `evidence` it copies the first line. */
export function aModel(
  { provider = 'claude', model = 'small-1' }: Partial<ModelChoice> = {},
  answer: Answering = () => ({}),
): Model & { requests: ModelRequest[] } {
  const requests: ModelRequest[] = [];
  return {
    provider,
    model,
    requests,
    estimateMicroUsd: () => ESTIMATE,
    costMicroUsd: ({ inputTokens, outputTokens }) => (inputTokens + outputTokens) * TOKEN_COST,
    async ask(request, signal): Promise<ModelReply> {
      requests.push(request);
      const given = await answer(request, signal, requests.length);
      const whole = {
        headline: 'Discount is applied twice in the cart',
        cause: 'The total is reduced twice, so applies the discount once fails.',
        nextStep: 'Look at how the discount is applied.',
        evidence: linesIn(request).slice(0, 1),
        ...given,
      };
      return { answer: whole, model: `${model}-of-today`, usage: USAGE, firstTokenMs: 40 };
    },
  };
}

export function someModels(
  { small = [], large = [] }: { small?: readonly Model[]; large?: readonly Model[] },
  change: Partial<Models> = {},
): Models {
  const all = [...small, ...large];
  const choices = (models: readonly Model[]): ModelChoice[] =>
    models.map(({ provider, model }) => ({ provider, model }));
  const routes: ModelRoutes = { small: choices(small), large: choices(large) };
  return {
    find: ({ provider, model }) => all.find((each) => each.provider === provider && each.model === model) ?? null,
    missing: (provider) => (all.some((each) => each.provider === provider) ? null : `${provider.toUpperCase()}_KEY`),
    routes,
    limits: { monthlyBudgetUsd: 50, callsPerHour: 100 },
    circuits: () => ({}),
    ...change,
  };
}

interface Row {
  call: NewModelCall;
  settlement: CallSettlement | null;
}

/** Calls as the database keeps them, without a clock: reservations do not expire. `crossed` is what the next ones are told. */
export function aCallStore(
  change: Partial<ModelCallStore> = {},
): ModelCallStore & { rows: Map<ModelCallId, Row>; attached: Map<ModelCallId, SummaryId>; crossed: CrossedBudget[] } {
  const rows = new Map<ModelCallId, Row>();
  const attached = new Map<ModelCallId, SummaryId>();
  const crossed: CrossedBudget[] = [];
  return {
    rows,
    attached,
    crossed,
    async reserve(_workspaceId, call, { monthlyBudgetUsd, callsPerHour }) {
      const same = [...rows].filter(([, row]) => row.call.requestKey === call.requestKey);
      for (const [callId, { settlement }] of same) {
        if (settlement === null) return { kind: 'in-flight' };
        if (settlement.reply !== null) return { kind: 'answered', callId, reply: settlement.reply };
      }
      if (rows.size >= callsPerHour) return { kind: 'too-many-calls' };
      const spent = [...rows.values()].reduce(
        (sum, row) => sum + (row.settlement?.costMicroUsd ?? row.call.estimateMicroUsd),
        0,
      );
      if (spent + call.estimateMicroUsd > monthlyBudgetUsd * 1_000_000)
        return { kind: 'budget-exhausted', crossed: crossed.shift() ?? 'none' };
      const callId = ModelCallId.parse(randomUUID());
      rows.set(callId, { call, settlement: null });
      return { kind: 'reserved', callId, crossed: crossed.shift() ?? 'none' };
    },
    async settle(_workspaceId, id, settlement) {
      const row = rows.get(id);
      if (row !== undefined) row.settlement ??= settlement;
    },
    async attach(_workspaceId, ids, summaryId) {
      for (const id of ids) attached.set(id, summaryId);
    },
    usage: () => Promise.reject(new Error('Nothing here asks for usage')),
    findReusable: async () => null,
    prune: async () => 0,
    tidy: async () => ({ abandoned: 0, promptsDeleted: 0 }),
    ...change,
  };
}

export function someSettings(change: Partial<ReasoningSettings> = {}): SettingStore {
  return {
    reasoning: async () => ({ ...USUAL_REASONING, ...change }),
    saveReasoning: async () => {},
    openReruns: async () => [],
    saveOpenReruns: async () => {},
    githubAnswers: async () => NO_ANSWERS,
    saveGitHubAnswers: async () => {},
  };
}
