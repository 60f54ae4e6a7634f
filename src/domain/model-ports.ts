import type { GitHubAnswers } from './github-answers.ts';
import type { FailureId, ModelCallId, RepositoryName, SummaryId, WorkspaceId } from './ids.ts';
import type { Asker } from './member.ts';
import type { OpenReruns } from './reruns.ts';
import type { Run } from './run.ts';
import type {
  CallSettlement,
  Feedback,
  ModelChoice,
  ModelReply,
  ModelRoutes,
  NewModelCall,
  Prompt,
  ReasoningSettings,
  ReserveOutcome,
  ReusableSummary,
  RunContext,
  SpendingLimits,
  TokenUsage,
  UsageReport,
} from './reasoning.ts';

// The ports of reasoning: models, what their calls cost, and what people think of the answers.

export interface ModelRequest {
  prompt: Prompt;
  maxOutputTokens: number;
}

/** One model that can be asked. */
export interface Model extends ModelChoice {
  /** The most that this request can cost, in millionths of a US dollar. */
  estimateMicroUsd(request: ModelRequest): number;
  costMicroUsd(usage: TokenUsage): number;
  /**
   * Asks once, with the retries that the provider's own word allows, while its circuit is closed. The signal ends everything, a
   * stream that trickles included. Throws ModelFailedError only, `usage` in it where the failed answer was paid for.
   */
  ask(request: ModelRequest, signal: AbortSignal): Promise<ModelReply>;
}

/** Every model that the operator's configuration can reach. */
export interface Models {
  /** Null where the provider has no key (or no address): `missing` says what to set. */
  find(choice: ModelChoice): Model | null;
  /** What to set so that this provider can be asked, by variable name; null where nothing is missing. */
  missing(provider: ModelChoice['provider']): string | null;
  /** Where a workspace decided nothing; empty where no provider is configured. */
  readonly routes: ModelRoutes;
  readonly limits: SpendingLimits;
  /** The providers that are held to be away, as far as this process knows: 1 where a circuit is open. */
  circuits(): Record<string, number>;
}

/** Every call, reserved before it is made and settled after, by the database's clock. */
export interface ModelCallStore {
  /**
   * In one transaction: recognises a question that was asked before, checks both limits against what is spent and reserved, and
   * reserves the estimate. Two at once cannot overspend. A reservation past its time is abandoned first, and counts as spent.
   */
  reserve(workspaceId: WorkspaceId, call: NewModelCall, limits: SpendingLimits): Promise<ReserveOutcome>;
  /** Replaces the estimate by the cost. A second settling of one call, and one of an abandoned call, changes no sum twice. */
  settle(workspaceId: WorkspaceId, id: ModelCallId, settlement: CallSettlement): Promise<void>;
  /** Ties calls to the summary that they led to. */
  attach(workspaceId: WorkspaceId, ids: readonly ModelCallId[], summaryId: SummaryId): Promise<void>;
  /** Spend of the calendar month (UTC) of `at`. */
  usage(workspaceId: WorkspaceId, at: Date): Promise<UsageReport>;
  /** A confident summary by a model, of this fingerprint in this repository and not older than `hours`; null where there is none. */
  findReusable(
    workspaceId: WorkspaceId,
    key: { repository: RepositoryName; fingerprint: string; promptVersion: string; hours: number },
  ): Promise<ReusableSummary | null>;
  /** Settles what nobody settled, deletes prompts past their time; returns how many of each. */
  tidy(): Promise<{ abandoned: number; promptsDeleted: number }>;
  /** Deletes ended calls older than `days`; returns how many. */
  prune(days: number): Promise<number>;
}

export interface FeedbackStore {
  /** Keeps a person's newest word on a summary, with the calls behind it; false where there is no such summary. */
  give(workspaceId: WorkspaceId, feedback: Feedback): Promise<boolean>;
  /** Every summary that somebody judged, oldest first, page by page: what an evaluation set is made of. */
  judged(workspaceId: WorkspaceId, after: SummaryId | null, limit: number): Promise<JudgedSummary[]>;
}

export interface JudgedSummary {
  summaryId: SummaryId;
  failureId: FailureId;
  repository: RepositoryName;
  /** Redacted, as it was stored. */
  diagnosis: unknown;
  feedback: ReadonlyArray<Omit<Feedback, 'summaryId'>>;
}

export interface SettingStore {
  reasoning(workspaceId: WorkspaceId): Promise<ReasoningSettings>;
  saveReasoning(workspaceId: WorkspaceId, settings: ReasoningSettings): Promise<void>;
  /** Where full members may run failed jobs again; nowhere until an admin opened it. */
  openReruns(workspaceId: WorkspaceId): Promise<OpenReruns>;
  /** Together with an audit entry. */
  saveOpenReruns(admin: Asker, open: OpenReruns, at: Date): Promise<void>;
  /** Where failures are answered on GitHub, too; nowhere until an admin wants it. */
  githubAnswers(workspaceId: WorkspaceId): Promise<GitHubAnswers>;
  /** Together with an audit entry. */
  saveGitHubAnswers(admin: Asker, answers: GitHubAnswers, at: Date): Promise<void>;
}

/** What GitHub knows around a run. */
export interface RunContextSource {
  /**
   * Commit message, changed files with bounded diffs, and the repository's instructions. What the App may not see, or what is not there,
   * is left out. Throws GitHubUnavailableError where GitHub is away.
   */
  context(workspaceId: WorkspaceId, run: Run, signal: AbortSignal): Promise<RunContext>;
}
