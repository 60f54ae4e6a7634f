import type { LogLine } from '../domain/diagnosis.ts';
import type { Explanation, Findings } from '../domain/reasoning.ts';
import { writeWords } from './words/words.ts';

/** The analysis without a model: what the rules found, put into words. Never fails and costs nothing. */
export function explainOffline(findings: Findings): Explanation {
  return { ...writeWords(findings), evidence: indexesOf(findings.evidence, findings.excerpt) };
}

function indexesOf(evidence: readonly LogLine[], excerpt: readonly LogLine[]): number[] {
  return evidence.map((line) => excerpt.indexOf(line)).filter((index) => index >= 0);
}
