import { z } from 'zod';
import type { Authorship, Diagnosis, Summary } from '../../src/domain/diagnosis.ts';
import { type ModelCallId, SummaryId, type WorkspaceId } from '../../src/domain/ids.ts';
import type { FeedbackStore, ModelCallStore, SettingStore } from '../../src/domain/ports.ts';
import type { Run } from '../../src/domain/run.ts';
import { describe } from '@jest/globals';
import { describeBothDatabases, type TestDatabase } from '../support/database.ts';
import { aClock } from '../support/memory-stores.ts';
import { memoryReasoningStores } from '../support/memory-reasoning-stores.ts';
import { aSummary } from '../support/report-builders.ts';
import { aDiagnosis, aRun, saved } from './samples.ts';

export interface SummaryParts extends Partial<Omit<Diagnosis, 'authorship'>> {
  run?: Run;
  authorship?: Partial<Authorship>;
}

/** How a call stands, as far as no store tells. */
const CallState = z.object({
  outcome: z.string(),
  costMicroUsd: z.number(),
  prompt: z.string().nullable(),
  summaryId: SummaryId.nullable(),
});
export type CallState = z.infer<typeof CallState>;

/** The stores around models, and ways to let time pass for one workspace. */
export interface Desk {
  modelCalls: ModelCallStore;
  feedback: FeedbackStore;
  settings: SettingStore;
  readonly now: () => Date;
  readonly pass: (workspaceId: WorkspaceId, ms: number) => Promise<void>;
  readonly passMonth: (workspaceId: WorkspaceId) => Promise<void>;
  readonly save: (workspaceId: WorkspaceId, parts?: SummaryParts) => Promise<Summary>;
  /** Null where there is no such call. */
  readonly call: (id: ModelCallId) => Promise<CallState | null>;
}

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** A model's summary, sure of itself. */
export const BY_MODEL: Authorship = {
  provider: 'claude',
  model: 'claude-haiku-5-5',
  promptVersion: '1',
  inputTokens: 3000,
  outputTokens: 200,
  latencyMs: 800,
  fallbackReason: null,
  cachedTokens: 0,
  costMicroUsd: 700,
  firstTokenMs: 120,
  reusedFrom: null,
  escalated: false,
};

/** Runs the same tests on both databases, and on the stores in memory that stand in for them elsewhere. */
export function describeReasoningStores(name: string, tests: (open: () => Desk) => void): void {
  describeBothDatabases(name, (open) => tests(() => databaseDesk(open())));
  describe(`${name}, in memory`, () => {
    tests(memoryDesk);
  });
}

export function databaseDesk({ stores, sql }: TestDatabase): Desk {
  const { modelCalls, feedback, settings } = stores;
  /** Time passes in the database alone, for the rows of this workspace: they become older. */
  const shift = async (workspaceId: WorkspaceId, interval: string): Promise<void> => {
    for (const [table, columns] of Object.entries(TIMES)) {
      const moved = columns.map((column) => `${column} = ${column} - $2::text::interval`).join(', ');
      await sql(`update ${table} set ${moved} where workspace_id = $1`, [workspaceId, interval]);
    }
  };
  return {
    modelCalls,
    feedback,
    settings,
    now: () => new Date(),
    pass: (workspaceId, ms) => shift(workspaceId, `${ms} milliseconds`),
    async passMonth(workspaceId) {
      // From any day of the month, so many days back lie in the month before; its row goes with them.
      await shift(workspaceId, '31 days');
      for (const table of ['model_calls', 'model_budgets'])
        await sql(`update ${table} set month = (month - interval '1 month')::date where workspace_id = $1`, [
          workspaceId,
        ]);
    },
    async save(workspaceId, parts = {}) {
      return await saved(stores, workspaceId, diagnosisOf(parts));
    },
    async call(id) {
      const [row] = await sql(
        `select outcome, cost_micro_usd::float8 as "costMicroUsd", prompt, summary_id as "summaryId" from model_calls where id = $1`,
        [id],
      );
      return row === undefined ? null : CallState.parse(row);
    },
  };
}

const TIMES = {
  model_calls: ['created_at', 'expires_at', 'settled_at', 'prompt_delete_after'],
  summaries: ['created_at'],
  feedback: ['given_at'],
};

function diagnosisOf({ run = aRun(), authorship, ...changes }: SummaryParts) {
  const { fingerprint } = aDiagnosis();
  return { run, fingerprint, ...changes, authorship: { ...BY_MODEL, ...authorship } };
}

function memoryDesk(): Desk {
  const clock = aClock(new Date('2026-11-15T12:00:00Z'));
  const summaries: Summary[] = [];
  const { calls, ...stores } = memoryReasoningStores({ clock, summaries: () => summaries });
  return {
    ...stores,
    now: () => clock.now(),
    pass: async (_workspaceId, ms) => clock.move(ms),
    passMonth: async () => clock.move(31 * DAY_MS),
    async save(_workspaceId, parts = {}) {
      const { run, ...changes } = diagnosisOf(parts);
      const { repository, runId, attempt } = run;
      const summary = aSummary({
        run: { repository, runId, attempt },
        diagnosis: aDiagnosis(changes),
        createdAt: clock.now(),
      });
      summaries.push(summary);
      clock.move(1);
      return summary;
    },
    async call(id) {
      const row = calls.find((each) => each.id === id);
      if (row === undefined) return null;
      const { outcome, costMicroUsd, prompt, summaryId } = row;
      return { outcome, costMicroUsd, prompt: prompt?.text ?? null, summaryId };
    },
  };
}
