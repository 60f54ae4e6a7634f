import type { Authorship, Category, Facts, LogLine, Verdict } from './diagnosis.ts';

// What llm/claude.ts still speaks; this file goes together with that adapter.

/** All that a provider may use. Everything in it is redacted. */
export interface ReasonRequest {
  category: Category;
  verdict: Verdict;
  facts: Facts;
  excerpt: readonly LogLine[];
  evidence: readonly LogLine[];
  prompt: { version: string; system: string; user: string };
  maxOutputTokens: number;
}

export interface ReasonAnswer {
  headline: string;
  cause: string;
  nextStep: string;
  /** Indexes into the request's excerpt. */
  evidence: readonly number[];
  author: Pick<Authorship, 'provider' | 'model' | 'promptVersion' | 'inputTokens' | 'outputTokens'>;
}

export interface Provider {
  readonly name: string;
  /** Throws ModelFailedError. */
  reason(request: ReasonRequest, signal: AbortSignal): Promise<ReasonAnswer>;
}
