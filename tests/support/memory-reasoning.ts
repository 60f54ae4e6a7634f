import type { WorkspaceId } from '../../src/domain/ids.ts';
import type { ModelCallStore, Models } from '../../src/domain/ports.ts';
import type { ModelProvider, ModelRoutes, UsageReport } from '../../src/domain/reasoning.ts';

// Models and usage as listeners are shown them: a report is set, not counted.

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
    circuits: () => ({}),
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

export function setUsage(): Pick<ModelCallStore, 'usage'> & { reports: Map<WorkspaceId, UsageReport> } {
  const reports = new Map<WorkspaceId, UsageReport>();
  return {
    reports,
    usage: async (workspaceId, at) => reports.get(workspaceId) ?? aUsageReport({ month: firstOf(at) }),
  };
}

function firstOf(at: Date): Date {
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1));
}
