import { z } from 'zod';
import type { Category, Confidence, Facts, LogLine, Verdict } from './diagnosis.ts';
import type { ModelCallId, RepositoryName, RunId, SummaryId, UserId } from './ids.ts';

/** Who can be asked over a network. The rules' own analysis, `offline`, is always there and costs nothing. */
export const MODEL_PROVIDERS = ['claude', 'gpt', 'ollama'] as const;
export type ModelProvider = (typeof MODEL_PROVIDERS)[number];

/** One model of one provider, by the provider's own id. */
export const ModelChoice = z.object({
  provider: z.enum(MODEL_PROVIDERS),
  model: z.string().regex(/^[\w.:/-]{1,100}$/u, 'a model id'),
});
export type ModelChoice = z.infer<typeof ModelChoice>;

/** `small` is asked first; `large` where the small one was not sure, failed a check, or a person wants it. */
export const MODEL_TIERS = ['small', 'large'] as const;
export type ModelTier = (typeof MODEL_TIERS)[number];

/** For each tier, in the order in which they are asked; the next one answers where one before it could not. */
export const ModelRoutes = z.object({
  small: z.array(ModelChoice).max(5),
  large: z.array(ModelChoice).max(5),
});
export type ModelRoutes = z.infer<typeof ModelRoutes>;

/** What the admins of a workspace decided about models. Null means: what the operator configured. */
export const ReasoningSettings = z.object({
  routes: ModelRoutes.nullable(),
  /** How old a confident summary of the same fingerprint may be to stand for a new call; 0 for never. */
  reuseHours: z.number().int().min(0).max(720),
  /** US dollars in a calendar month (UTC). 0 means: no model at all. */
  monthlyBudgetUsd: z.number().min(0).max(1_000_000).nullable(),
  callsPerHour: z.number().int().min(0).max(100_000).nullable(),
  /** How long prompts are kept, for a look at what a model was told; 0 for not at all. */
  keepPromptsDays: z.number().int().min(0).max(90),
});
export type ReasoningSettings = z.infer<typeof ReasoningSettings>;

export const USUAL_REASONING: ReasoningSettings = {
  routes: null,
  reuseHours: 72,
  monthlyBudgetUsd: null,
  callsPerHour: null,
  keepPromptsDays: 0,
};

/** What a workspace may spend, after its settings and the operator's configuration. */
export interface SpendingLimits {
  monthlyBudgetUsd: number;
  callsPerHour: number;
}

/** All that an explanation is made of. Everything in it is redacted. */
export interface Findings {
  category: Category;
  verdict: Verdict;
  facts: Facts;
  excerpt: readonly LogLine[];
  evidence: readonly LogLine[];
}

/** A text for a model. `shared` is the same for every failure, `data` for every question about this one: both can be cached. */
export interface Prompt {
  version: string;
  shared: string;
  data: string;
  task: string;
}

/** The most that a text of a model may be; longer ones break the schema. */
const TEXT_MAX = 4000;

/** What every model is asked for, and the one schema that its answer is parsed by. */
export const ModelAnswer = z.object({
  headline: z.string().min(1).max(TEXT_MAX).describe('What broke, concretely. At most 120 characters, no full stop.'),
  cause: z.string().min(1).max(TEXT_MAX).describe('One or two plain sentences: what went wrong and why.'),
  nextStep: z.string().min(1).max(TEXT_MAX).describe('One sentence: the most useful thing to do next.'),
  evidence: z
    .array(
      z.object({
        number: z.int().nonnegative().describe('The number in front of the log line.'),
        text: z.string().max(TEXT_MAX).describe('The line itself, copied letter by letter, without its number.'),
      }),
    )
    .max(40)
    .describe('The 1 to 12 log lines that prove the cause, the strongest first.'),
});
export type ModelAnswer = z.infer<typeof ModelAnswer>;

/** `inputTokens` counts all of the input, `cachedTokens` the part of it that was read from the provider's cache. */
export interface TokenUsage {
  inputTokens: number;
  outputTokens: number;
  cachedTokens: number;
}

export interface ModelReply {
  answer: ModelAnswer;
  /** The model's own name for itself, which may be more exact than what was asked for. */
  model: string;
  usage: TokenUsage;
  /** Null where the answer came in one piece. */
  firstTokenMs: number | null;
}

/** An explanation in words that were checked. `evidence` are indexes into the excerpt, in its order. */
export interface Explanation {
  headline: string;
  cause: string;
  nextStep: string;
  evidence: readonly number[];
}

/** How a call ended. `reserved` is under way; `abandoned` was never heard of again and counts as spent. */
export const CALL_OUTCOMES = ['reserved', 'answered', 'unsound', 'failed', 'abandoned'] as const;
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

/** One question to one model, as it is reserved. */
export interface NewModelCall {
  /** The same question has the same key: workspace, run, attempt, revision, digest, prompt version, model, and which try. */
  requestKey: string;
  repository: RepositoryName;
  runId: RunId;
  attempt: number;
  fingerprint: string;
  provider: ModelProvider;
  model: string;
  promptVersion: string;
  /** The most it can cost, in millionths of a US dollar. */
  estimateMicroUsd: number;
  /** Why an earlier choice did not answer; null for the first choice. */
  fallbackReason: string | null;
  /** After this time a call that nobody settled is abandoned. */
  expiresInMs: number;
}

/** How a reserved call ended. */
export interface CallSettlement {
  outcome: Exclude<CallOutcome, 'reserved' | 'abandoned'>;
  usage: TokenUsage;
  costMicroUsd: number;
  firstTokenMs: number | null;
  totalMs: number;
  /** The model's own name for itself, where it told. */
  model: string;
  /** What went wrong, in a sentence without foreign text; null when all is well. */
  problem: string | null;
  /** The reply as it was accepted, for whoever asks the same; null where none was. */
  reply: ModelReply | null;
  /** The prompt, where the workspace keeps prompts; redacted like everything that is sent. */
  prompt: { text: string; keepDays: number } | null;
}

/** Which share of the budget this reservation was the first to pass. */
export type CrossedBudget = 'none' | 'warning' | 'exhausted';

export type ReserveOutcome =
  | { kind: 'reserved'; callId: ModelCallId; crossed: CrossedBudget }
  /** The same question was answered before: no call is needed. */
  | { kind: 'answered'; callId: ModelCallId; reply: ModelReply }
  /** Somebody asks the same at this moment; look again. */
  | { kind: 'in-flight' }
  | { kind: 'budget-exhausted'; crossed: CrossedBudget }
  | { kind: 'too-many-calls' };

/** Spend of one workspace, for people. Costs are in millionths of a US dollar. */
export interface UsageReport {
  /** First day of the month (UTC). */
  month: Date;
  spentMicroUsd: number;
  reservedMicroUsd: number;
  calls: number;
  reused: number;
  byModel: ReadonlyArray<{
    provider: string;
    model: string;
    calls: number;
    failed: number;
    costMicroUsd: number;
    usage: TokenUsage;
  }>;
  byRepository: ReadonlyArray<{ repository: RepositoryName; calls: number; costMicroUsd: number }>;
  byDay: ReadonlyArray<{ day: string; calls: number; costMicroUsd: number }>;
  feedback: { up: number; down: number };
}

export const OPINIONS = ['up', 'down'] as const;
export type Opinion = (typeof OPINIONS)[number];

/** What a person thinks of a summary; the newest word of a person counts. */
export interface Feedback {
  summaryId: SummaryId;
  userId: UserId;
  opinion: Opinion;
  reason: string | null;
}

/** What surrounds a run, for the model; each part may be missing. Foreign text, not redacted yet. */
export interface RunContext {
  /** The whole message of the head commit. */
  commitMessage: string | null;
  changedFiles: readonly ChangedFile[];
  /** The repository's own words for us, `.github/cortex.md` on the default branch. */
  instructions: string | null;
}

export interface ChangedFile {
  path: string;
  status: 'added' | 'modified' | 'removed' | 'renamed' | 'other';
  additions: number;
  deletions: number;
  /** A unified diff, cut; null where GitHub gives none. */
  patch: string | null;
}

export const NO_CONTEXT: RunContext = { commitMessage: null, changedFiles: [], instructions: null };

/** A summary of the same cause that may stand for a new answer. */
export interface ReusableSummary {
  summaryId: SummaryId;
  headline: string;
  cause: string;
  nextStep: string;
  evidence: readonly LogLine[];
  confidence: Confidence;
  model: string;
  provider: string;
  createdAt: Date;
}
