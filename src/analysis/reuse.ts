import type { Confidence, LogLine } from '../domain/diagnosis.ts';
import type { Explanation, ReusableSummary } from '../domain/reasoning.ts';
import { checkWords, measureConfidence } from './check.ts';
import type { Given } from './given.ts';
import { comparable } from './hidden.ts';
import type { Redactor } from './redact.ts';

export interface Reused {
  explanation: Explanation;
  confidence: Confidence;
}

/**
 * The sentences of an earlier summary as the answer to this failure: its lines of evidence are looked up in this log, and its words are
 * checked as if a model had just written them. Null where they do not hold here.
 */
export async function reuse(summary: ReusableSummary, given: Given, redactor: Redactor): Promise<Reused | null> {
  const { findings } = given;
  const evidence = findAgain(summary.evidence, findings.excerpt);
  if (evidence.length === 0 || evidence.length * 2 < summary.evidence.length) return null;
  if (numbersThatMoved(summary, findings.excerpt).length > 0) return null;
  const words = await checkWords(summary, given, redactor);
  if ('reason' in words) return null;
  const confidence = measureConfidence({ ...words, evidence, findings });
  if (confidence === 'low') return null;
  return { explanation: { ...words, evidence }, confidence };
}

/** Times, addresses and counters differ from run to run in one and the same line. */
function findAgain(lines: readonly LogLine[], excerpt: readonly LogLine[]): number[] {
  const exact = excerpt.map(({ text }) => comparable(text));
  const alike = excerpt.map(({ text }) => masked(text));
  const found = lines.flatMap(({ text }) => {
    const same = exact.indexOf(comparable(text));
    const index = same >= 0 ? same : alike.indexOf(masked(text));
    return index < 0 ? [] : [index];
  });
  return [...new Set(found)].toSorted((left, right) => left - right);
}

function masked(text: string): string {
  return comparable(text).replaceAll(/\d[\da-f]{0,64}/giu, '#');
}

const NUMBER = /(?<![\w.])\d{2,20}(?:\.\d{1,20})?(?![\w])/gu;

/** Numbers that the sentences took from the old lines, and that the new log does not show. */
function numbersThatMoved(summary: ReusableSummary, excerpt: readonly LogLine[]): string[] {
  const before = numbersIn(summary.evidence.map(({ text }) => text).join('\n'));
  const now = numbersIn(excerpt.map(({ text }) => text).join('\n'));
  const said = numbersIn(`${summary.headline}\n${summary.cause}\n${summary.nextStep}`);
  return [...said].filter((number) => before.has(number) && !now.has(number));
}

function numbersIn(text: string): Set<string> {
  return new Set(Array.from(text.matchAll(NUMBER), ([number]) => number));
}
