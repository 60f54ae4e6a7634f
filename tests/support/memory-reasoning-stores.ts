import { type GitHubAnswers, NO_ANSWERS } from '../../src/domain/github-answers.ts';
import type { SummaryId, UserId, WorkspaceId } from '../../src/domain/ids.ts';
import type { FeedbackStore, JudgedSummary, SettingStore } from '../../src/domain/ports.ts';
import { type Feedback, type ReasoningSettings, USUAL_REASONING } from '../../src/domain/reasoning.ts';
import type { OpenReruns } from '../../src/domain/reruns.ts';
import { memoryModelCalls, type Shared } from './memory-model-calls.ts';

/**
 * Model calls, feedback and settings in memory, by the contract of their ports: what is said about a summary decides whether it
 * is reused. `summaries` gives those of a workspace.
 */
export function memoryReasoningStores({ clock, summaries }: Pick<Shared, 'clock' | 'summaries'>) {
  const words: Shared['words'] = [];
  const calls = memoryModelCalls({ clock, summaries, words });
  return { ...calls, feedback: memoryFeedback({ clock, summaries, words }), settings: memorySettings(), words };
}

/** `given` is every person's newest word, in the order in which they came. */
function memoryFeedback({ clock, summaries, words }: Shared): FeedbackStore & { readonly given: Feedback[] } {
  const isOf = (summaryId: SummaryId, userId: UserId) => (each: Feedback) =>
    each.summaryId === summaryId && each.userId === userId;
  return {
    get given() {
      return words.map(({ summaryId, userId, opinion, reason }) => ({ summaryId, userId, opinion, reason }));
    },
    async give(workspaceId, feedback) {
      const { summaryId, userId } = feedback;
      if (!summaries(workspaceId).some(({ id }) => id === summaryId)) return false;
      const before = words.findIndex(isOf(summaryId, userId));
      if (before >= 0) words.splice(before, 1);
      words.push({ ...feedback, givenAt: clock.now() });
      return true;
    },
    async judged(workspaceId, after, limit) {
      const all = [...summaries(workspaceId)]
        .sort((one, other) => one.createdAt.getTime() - other.createdAt.getTime() || one.id.localeCompare(other.id))
        .map(({ id, failureId, run, diagnosis }): JudgedSummary => ({
          summaryId: id,
          failureId,
          repository: run.repository,
          diagnosis,
          feedback: words
            .filter(({ summaryId }) => summaryId === id)
            .map(({ userId, opinion, reason }) => ({ userId, opinion, reason })),
        }));
      const start = after === null ? 0 : all.findIndex(({ summaryId }) => summaryId === after) + 1;
      if (after !== null && start === 0) return [];
      return all
        .slice(start)
        .filter(({ feedback }) => feedback.length > 0)
        .slice(0, limit);
    },
  };
}

function memorySettings(): SettingStore & { saved: Map<WorkspaceId, ReasoningSettings> } {
  const saved = new Map<WorkspaceId, ReasoningSettings>();
  const reruns = new Map<WorkspaceId, OpenReruns>();
  const answers = new Map<WorkspaceId, GitHubAnswers>();
  return {
    saved,
    reasoning: async (workspaceId) => structuredClone(saved.get(workspaceId) ?? USUAL_REASONING),
    async saveReasoning(workspaceId, settings) {
      saved.set(workspaceId, structuredClone(settings));
    },
    openReruns: async (workspaceId) => [...(reruns.get(workspaceId) ?? [])],
    async saveOpenReruns({ workspaceId }, open) {
      reruns.set(workspaceId, [...open]);
    },
    githubAnswers: async (workspaceId) => answers.get(workspaceId) ?? NO_ANSWERS,
    async saveGitHubAnswers({ workspaceId }, wanted) {
      answers.set(workspaceId, wanted);
    },
  };
}
