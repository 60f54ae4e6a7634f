import type { Summary } from '../../src/domain/diagnosis.ts';
import type { WorkspaceId } from '../../src/domain/ids.ts';
import type { FeedbackStore, JudgedSummary, ModelCallStore, Models, SettingStore } from '../../src/domain/ports.ts';
import {
  USUAL_REASONING,
  type Feedback,
  type ModelProvider,
  type ModelRoutes,
  type ReasoningSettings,
  type UsageReport,
} from '../../src/domain/reasoning.ts';
import { RepositoryName } from '../../src/domain/ids.ts';

// What the listeners see of models, budgets and feedback. Reserving and settling are not here: those who call models have their own.

export const SOME_ROUTES: ModelRoutes = {
  small: [
    { provider: 'claude', model: 'claude-haiku-5-5' },
    { provider: 'ollama', model: 'llama3:8b' },
  ],
  large: [{ provider: 'claude', model: 'claude-sonnet-5-5' }],
};

/** Models of which `gpt` has no key; nobody can be asked. */
export function someModels(changes: Partial<Pick<Models, 'routes' | 'limits'>> = {}): Models {
  const missing: Partial<Record<ModelProvider, string>> = { gpt: 'OPENAI_API_KEY' };
  return {
    routes: SOME_ROUTES,
    limits: { monthlyBudgetUsd: 50, callsPerHour: 200 },
    find: () => null,
    missing: (provider) => missing[provider] ?? null,
    ...changes,
  };
}

export function aUsageReport(changes: Partial<UsageReport> = {}): UsageReport {
  return {
    month: new Date('2026-11-01T00:00:00Z'),
    spentMicroUsd: 0,
    reservedMicroUsd: 0,
    calls: 0,
    reused: 0,
    byModel: [],
    byRepository: [],
    byDay: [],
    feedback: { up: 0, down: 0 },
    ...changes,
  };
}

export function memoryModelCalls(): Pick<ModelCallStore, 'usage'> & { reports: Map<WorkspaceId, UsageReport> } {
  const reports = new Map<WorkspaceId, UsageReport>();
  return {
    reports,
    usage: async (workspaceId, at) => reports.get(workspaceId) ?? aUsageReport({ month: firstOf(at) }),
  };
}

function firstOf(at: Date): Date {
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1));
}

export function memorySettings(): SettingStore & { saved: Map<WorkspaceId, ReasoningSettings> } {
  const saved = new Map<WorkspaceId, ReasoningSettings>();
  return {
    saved,
    reasoning: async (workspaceId) => structuredClone(saved.get(workspaceId) ?? USUAL_REASONING),
    async saveReasoning(workspaceId, settings) {
      saved.set(workspaceId, structuredClone(settings));
    },
  };
}

/** Knows the summaries of one workspace, as `summaries` holds them at the time of the question. */
export function memoryFeedback(
  workspaceId: WorkspaceId,
  summaries: readonly Summary[],
): FeedbackStore & { given: Feedback[] } {
  const given: Feedback[] = [];
  return {
    given,
    async give(asking, feedback) {
      if (asking !== workspaceId || !summaries.some(({ id }) => id === feedback.summaryId)) return false;
      const { summaryId, userId } = feedback;
      const known = given.findIndex((each) => each.summaryId === summaryId && each.userId === userId);
      if (known >= 0) given.splice(known, 1);
      given.push({ ...feedback });
      return true;
    },
    async judged(asking, after, limit) {
      const judged =
        asking === workspaceId ? summaries.filter(({ id }) => given.some((each) => each.summaryId === id)) : [];
      const from = after === null ? 0 : judged.findIndex(({ id }) => id === after) + 1;
      return judged.slice(from, from + limit).map((summary): JudgedSummary => ({
        summaryId: summary.id,
        failureId: summary.failureId,
        repository: RepositoryName.parse(summary.run.repository),
        diagnosis: JSON.parse(JSON.stringify(summary.diagnosis)),
        feedback: given
          .filter(({ summaryId }) => summaryId === summary.id)
          .map(({ userId, opinion, reason }) => ({ userId, opinion, reason })),
      }));
    },
  };
}
