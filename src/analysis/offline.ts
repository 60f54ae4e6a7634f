import type { LogLine } from '../domain/diagnosis.ts';
import type { Provider, ReasonAnswer, ReasonRequest } from '../domain/ports.ts';
import { writeWords } from './words/words.ts';

/** The analysis without a model: what the rules found, put into words. Never fails and costs nothing. */
export const offlineProvider: Provider = {
  name: 'offline',
  reason(request) {
    return Promise.resolve(explain(request));
  },
};

function explain(request: ReasonRequest): ReasonAnswer {
  return {
    ...writeWords(request),
    evidence: indexesOf(request.evidence, request.excerpt),
    author: {
      provider: 'offline',
      model: null,
      promptVersion: request.prompt.version,
      inputTokens: 0,
      outputTokens: 0,
    },
  };
}

function indexesOf(evidence: readonly LogLine[], excerpt: readonly LogLine[]): number[] {
  return evidence.map((line) => excerpt.indexOf(line)).filter((index) => index >= 0);
}
