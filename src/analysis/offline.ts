import type { Facts, LogLine } from '../domain/diagnosis.ts';
import type { Provider, ReasonAnswer, ReasonRequest } from '../domain/ports.ts';
import { writeNextStep } from './advice.ts';
import { clip, oneLine, placeOf, speakingLine, writeHeadline } from './headline.ts';

const CAUSE_LIMIT = 400;

/** The analysis without a model: what the rules found, put into words. Never fails and costs nothing. */
export const offlineProvider: Provider = {
  name: 'offline',
  reason(request) {
    return Promise.resolve(explain(request));
  },
};

function explain(request: ReasonRequest): ReasonAnswer {
  return {
    headline: writeHeadline(request),
    cause: clip(writeCause(request), CAUSE_LIMIT),
    nextStep: writeNextStep(request),
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

function writeCause(request: ReasonRequest): string {
  const { facts, category, verdict, excerpt } = request;
  if (excerpt.length === 0) return withoutLog(request);
  const lead = `${placeOf(facts)} failed${exitOf(facts)}`;
  if (verdict.kind === 'cancelled' || verdict.kind === 'superseded')
    return sentence(verdict.reasons[0] ?? `${placeOf(facts)} was cancelled`);
  if (verdict.kind === 'timeout')
    return `${sentence(verdict.reasons[0] ?? 'The job ran out of time')}${lastWords(request)}`;
  if (verdict.kind === 'infrastructure' || verdict.kind === 'configuration')
    return `${sentence(verdict.reasons[0] ?? lead)}${lastWords(request)}`;
  if (facts.failingTests.length > 0 && (category === 'test' || facts.problems.length === 0))
    return testCause(facts, request);
  if (facts.problems.length > 0) return problemCause(facts, lead);
  return `${lead}.${lastWords(request)}`;
}

function withoutLog({ facts, verdict }: ReasonRequest): string {
  const reason =
    verdict.reasons.find((text) => text.startsWith('The log could not be read')) ?? 'The log could not be read';
  return `${placeOf(facts)} failed. ${sentence(reason)}`;
}

function testCause({ failingTests, tool }: Facts, request: ReasonRequest): string {
  const [first] = failingTests;
  if (first === undefined) return '';
  const by = tool === null ? '' : ` (${tool})`;
  const count = failingTests.length === 1 ? 'One test fails' : `${failingTests.length} tests fail`;
  const place = first.file === null ? '' : ` in ${first.file}${first.line === null ? '' : `:${first.line}`}`;
  const said = first.message ?? speakingLine(request);
  const why = said === null ? '' : ` It says: ${sentence(clip(oneLine(said), 220))}`;
  const which = failingTests.length === 1 ? `"${clip(first.name, 120)}"` : `the first is "${clip(first.name, 120)}"`;
  return `${count}${by}: ${which}${place}.${why}`;
}

function problemCause({ problems, tool }: Facts, lead: string): string {
  const [first] = problems;
  if (first === undefined) return `${lead}.`;
  const place = `${first.file}${first.line === null ? '' : `:${first.line}`}`;
  const said = sentence(clip(oneLine(first.message), 220));
  const by = tool === null || tool === 'make' ? '' : ` (${tool})`;
  const count = problems.length === 1 ? 'one problem is' : `${problems.length} problems are`;
  return `${lead}: ${count} reported${by}, ${problems.length === 1 ? 'at' : 'the first at'} ${place}: ${said}`;
}

function lastWords(request: ReasonRequest): string {
  const said = speakingLine(request);
  return said === null ? '' : ` The log says: ${sentence(clip(said, 240))}`;
}

function exitOf({ exitCode }: Facts): string {
  return exitCode === null ? '' : ` with exit code ${exitCode}`;
}

function sentence(text: string): string {
  return /[.!?]$/u.test(text) ? text : `${text}.`;
}
