import type { ModelCallId, RepositoryName, RunId, WorkspaceId } from '../domain/ids.ts';
import type { Clock, Log, Metrics, Model, ModelCallStore, ModelRequest } from '../domain/ports.ts';
import type { ModelReply, SpendingLimits, TokenUsage } from '../domain/reasoning.ts';
import type { ModelFault } from '../errors.ts';

export interface AskDeps {
  calls: ModelCallStore | null;
  clock: Clock;
  log: Log;
  metrics?: Pick<Metrics, 'modelCalls' | 'modelSeconds' | 'modelCost' | 'modelTokens'>;
  /** Resolves after so many ms, or rejects when the signal fires. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Between 0 and 1. */
  chance: () => number;
  flights: Flights;
}

/** Questions under way in this process, by their key: whoever asks the same waits for the one answer. */
export type Flights = Map<string, Promise<Landing>>;

/** Where a question belongs, so that the same one is known again; null for a log without a workspace. */
export interface QuestionScope {
  workspaceId: WorkspaceId;
  repository: RepositoryName;
  runId: RunId;
  attempt: number;
  revision: number;
  logDigest: string;
  fingerprint: string;
}

export interface Question {
  model: Model;
  request: ModelRequest;
  scope: QuestionScope | null;
  /** Counts the questions to this model within one analysis. */
  tryNumber: number;
  fallbackReason: string | null;
  /** The same in one word, for metrics. */
  fallbackLabel: string;
  limits: SpendingLimits;
  /** 0 for not to keep the prompt. */
  keepPromptsDays: number;
  expiresInMs: number;
  signal: AbortSignal;
  /** What is wrong with a reply, in a sentence of ours; null where it is sound. Decides how the call is settled, and never rejects. */
  judge: (reply: ModelReply) => Promise<string | null>;
}

export interface Bill {
  callId: ModelCallId | null;
  usage: TokenUsage;
  costMicroUsd: number;
  /** Resolves when the call's end is kept; nobody needs to wait for it to use the answer. Never rejects. */
  settled: Promise<void>;
}

export type Crossed = 'none' | 'warning' | 'exhausted';

/** How a question ended. `stopped`: the signal of the one who asked fired. */
export type Landing =
  | ({ kind: 'replied'; reply: ModelReply; crossed: Crossed } & Bill)
  | ({ kind: 'failed'; reason: string; fault: ModelFault; crossed: Crossed } & Bill)
  | { kind: 'spent'; reason: string; crossed: Crossed }
  | ({ kind: 'stopped'; crossed: Crossed } & Bill);

export const NOTHING: TokenUsage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0 };
