import type { Confidence, Facts } from '../domain/diagnosis.ts';
import type { ReasonAnswer, ReasonRequest } from '../domain/ports.ts';
import { clip, oneLine } from './words/text.ts';
import { HEADLINE_LIMIT } from './words/words.ts';
import type { Redactor } from './redact.ts';

const MAX_EVIDENCE = 12;
const CAUSE_LIMIT = 600;
const STEP_LIMIT = 300;
const SHORTEST = 8;

export type CheckOutcome =
  | { kind: 'sound'; answer: ReasonAnswer; confidence: Confidence }
  /** `reason` says what is wrong, for the model and for the reader. */
  | { kind: 'unsound'; reason: string };

/**
 * Holds an answer against what it was given. Evidence must exist, every file named must stand in the excerpt or the facts;
 * links, mentions and markup go, lengths are cut, and the whole is redacted again.
 */
export async function checkAnswer(
  answer: ReasonAnswer,
  request: ReasonRequest,
  redactor: Redactor,
): Promise<CheckOutcome> {
  const evidence = [...new Set(answer.evidence)];
  const unreal = evidence.filter((index) => request.excerpt[index] === undefined);
  if (unreal.length > 0) return unsound(`evidence names lines that do not exist: ${unreal.slice(0, 5).join(', ')}`);
  if (evidence.length === 0 && request.excerpt.length > 0) return unsound('evidence names no line');
  const [headline = '', cause = '', nextStep = ''] = await redactor.lines(
    [answer.headline, answer.cause, answer.nextStep].map((text) => oneLine(takeOffMarkup(text.slice(0, 4000)))),
  );
  if (headline.length < SHORTEST || cause.length < SHORTEST || nextStep.length < SHORTEST)
    return unsound('a part of the answer is empty');
  const known = knownText(request);
  const invented = filesIn(`${headline} ${cause} ${nextStep}`).filter((file) => !known.includes(file.toLowerCase()));
  if (invented.length > 0)
    return unsound(`it names files that do not stand in the log: ${invented.slice(0, 3).join(', ')}`);
  return {
    kind: 'sound',
    answer: {
      ...answer,
      headline: clip(headline, HEADLINE_LIMIT),
      cause: clip(cause, CAUSE_LIMIT),
      nextStep: clip(nextStep, STEP_LIMIT),
      evidence: evidence.toSorted((a, b) => a - b).slice(0, MAX_EVIDENCE),
    },
    confidence: measureConfidence({ headline, cause, evidence, request }),
  };
}

function unsound(reason: string): CheckOutcome {
  return { kind: 'unsound', reason };
}

/** Slack and GitHub would bring links, mentions and markup to life; an explanation needs none of them. */
export function takeOffMarkup(text: string): string {
  return text
    .replaceAll(/!?\[([^\]]{0,300})\]\([^)]{0,1000}\)/gu, '$1')
    .replaceAll(/<(?:[@#!][^>]{0,200}|(?:https?|mailto|tel|slack|javascript|data):[^>]{0,2000})>/giu, '')
    .replaceAll(/(?:https?|ftp|file|slack|javascript|data|mailto):\/{0,2}[^\s<>"')]{1,2000}/giu, '')
    .replaceAll(/(?<![\w.])www\.[^\s<>"')]{1,500}/giu, '')
    .replaceAll(/(?<![\w./-])@(?:here|channel|everyone|[A-Za-z][\w-]{0,38}(?![\w/-]))/gu, '')
    .replaceAll(/<[^<>]{0,200}>/gu, '')
    .replaceAll(/[*`~]{1,3}(?=\S)|(?<=\S)[*`~]{1,3}|^\s{0,3}(?:#{1,6}|>)\s{1,3}/gmu, '')
    .replaceAll(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, '');
}

const FILE =
  /(?<![\w./@-])(?:[\w@.-]{1,80}\/){0,12}[\w@-][\w@.-]{0,80}\.(?:[cm]?[jt]sx?|py|rb|go|rs|java|kt|scala|c|cc|cpp|h|hpp|cs|php|swift|exs?|erl|ya?ml|json|toml|lock|xml|gradle|md|sh|sql|tf|vue|css|html)(?![\w-])/gu;

function filesIn(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(FILE), ([file]) => file))];
}

function knownText({ excerpt, facts }: ReasonRequest): string {
  return `${excerpt.map(({ text }) => text).join('\n')}\n${JSON.stringify(facts)}`
    .toLowerCase()
    .replaceAll('\\\\', '/');
}

/**
 * High when the answer rests on a line that the rules, too, hold for a proof, and names a fact; low when neither. What the
 * model thinks of its own answer plays no part.
 */
export function measureConfidence({
  headline,
  cause,
  evidence,
  request,
}: {
  headline: string;
  cause: string;
  evidence: readonly number[];
  request: Pick<ReasonRequest, 'category' | 'facts' | 'excerpt' | 'evidence'>;
}): Confidence {
  if (request.excerpt.length === 0) return 'low';
  const proven = new Set(request.evidence.map(({ line }) => line));
  const restsOnProof = evidence.some((index) => proven.has(request.excerpt[index]?.line ?? 0));
  const namesFact = mentionsFact(`${headline} ${cause}`.toLowerCase(), request.facts);
  const isKnownKind = request.category !== 'unknown';
  const points = Number(restsOnProof) + Number(namesFact) + Number(isKnownKind);
  return points === 3 ? 'high' : points === 2 ? 'medium' : 'low';
}

function mentionsFact(text: string, facts: Facts): boolean {
  const words = [
    ...facts.failingTests.flatMap(({ name, file }) => [name.slice(0, 40), file ?? '']),
    ...facts.problems.flatMap(({ file, message }) => [file, message.slice(0, 40)]),
    facts.failedStep?.slice(0, 40) ?? '',
  ];
  return words.some((word) => word.length >= 3 && text.includes(word.toLowerCase()));
}
