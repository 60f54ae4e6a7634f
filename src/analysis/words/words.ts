import type { Findings } from '../../domain/reasoning.ts';
import { checkerInLines } from './checkers.ts';
import { differenceWords } from './differences.ts';
import { endingWords } from './endings.ts';
import { findProblems } from './found-problems.ts';
import { formatterWords } from './formatters.ts';
import { findKnownCause, type KnownCause, type Words } from './known-cause.ts';
import { circumstance, placeOf } from './place.ts';
import { problemWords } from './problems.ts';
import { speakingLine } from './speaking-line.ts';
import { bareWords, spokenWords } from './spoken.ts';
import { testFileWords } from './test-files.ts';
import { testWords } from './tests.ts';
import { clip, oneLine, sentence } from './text.ts';
import { withVerdict } from './verdict-step.ts';

/** Slack's preview and a phone's lock screen show about this much. */
export const HEADLINE_LIMIT = 120;
const CAUSE_LIMIT = 400;
const STEP_LIMIT = 300;

export type WordsRequest = Findings;

/** What broke, what that means and what to do, in bounds, from what the rules found. Pure; never empty. */
export function writeWords(request: WordsRequest): Words {
  const { headline, cause, nextStep } = withVerdict(find(request), request);
  return {
    headline: clip(oneLine(takeOffControls(headline)), HEADLINE_LIMIT),
    cause: clip(oneLine(takeOffControls(cause)), CAUSE_LIMIT),
    nextStep: clip(oneLine(takeOffControls(nextStep)), STEP_LIMIT),
  };
}

/** Below this a known way of failing says less than the tool's own complaint about a place in the code. */
const STRONG = 7.5;
const STRONG_PROBLEM = 8;
/** Above this a known way of failing leaves no doubt. */
const SURE = 9;

/** From what is beyond doubt to what is merely said. */
function find(request: WordsRequest): Words {
  const { facts, category, verdict, evidence, excerpt } = request;
  const ending = endingWords(request);
  if (ending !== null) return ending;
  const known = findKnownCause({ evidence, excerpt });
  const isOutside = verdict.kind === 'infrastructure' || verdict.kind === 'configuration';
  if (isOutside) return (known !== null && known.weight >= 6 ? whereKnown(known, request) : null) ?? outside(request);
  const isTest = category === 'test' || facts.problems.length === 0;
  const tests = isTest ? testWords(facts, [...evidence, ...excerpt]) : null;
  if (tests !== null) return tests;
  const files = testFileWords(excerpt, facts);
  if (files !== null) return files;
  const formatter = category === 'test' || category === 'compile' ? null : formatterWords(excerpt, facts);
  if (formatter !== null) return formatter;
  const tool = checkerInLines([...evidence, ...excerpt]);
  const stated = knownProblem(request, known) ?? problemWords(facts.problems, { facts, category, tool });
  if (stated !== null) return stated;
  if (known !== null && known.weight >= STRONG) return whereKnown(known, request);
  const found = category === 'test' || category === 'dependency' ? null : findProblems({ evidence, excerpt });
  const read = found === null ? null : problemWords(found.problems, { facts, category, tool: found.tool ?? tool });
  if (read !== null) return read;
  const difference = category === 'lint' || category === 'unknown' ? differenceWords(excerpt, facts) : null;
  if (difference !== null) return difference;
  if (known !== null && known.weight >= 5) return whereKnown(known, request);
  const hidden =
    speakingLine({ evidence, excerpt: [] }) === null ? findKnownCause({ evidence: excerpt, excerpt }) : null;
  if (hidden !== null && hidden.weight >= STRONG) return whereKnown(hidden, request);
  return spokenWords(request) ?? (known === null ? null : whereKnown(known, request)) ?? bareWords(request);
}

/** A compiler's complaint that has words of its own: a header or a library that is missing. */
function knownProblem(request: WordsRequest, shown: KnownCause | null): Words | null {
  const [first] = request.facts.problems;
  if (first === undefined) return null;
  // "cannot access Cart" only announces what the compiler says below.
  if (shown !== null && shown.weight > SURE && first.message.startsWith('cannot access '))
    return whereKnown(shown, request);
  const line = { jobId: null, line: 1, step: null, stepLine: null, text: first.message };
  const known = findKnownCause({ evidence: [line], excerpt: [] });
  if (known === null || known.weight < STRONG_PROBLEM) return null;
  return whereKnown(known, request);
}

function whereKnown({ headline, cause, nextStep, said }: KnownCause, { facts }: WordsRequest): Words {
  // A headline that quotes the line has said it already.
  const words = said.split(/[\s'"`:,;()]{1,10}/u).filter((word) => word.length > 3);
  const isQuoted = words.filter((word) => headline.includes(word)).length * 2 >= words.length;
  const quote = isQuoted || said.length > LONGEST_QUOTE ? null : `The log says: ${sentence(said)}`;
  return { headline, nextStep, cause: join([cause, quote, circumstance(facts)]) };
}

const LONGEST_QUOTE = 160;

function join(parts: ReadonlyArray<string | null>): string {
  return parts.filter((part) => part !== null && part !== '').join(' ');
}

/** The verdict's own sentence, where no line says it better. */
function outside(request: WordsRequest): Words {
  const { verdict, facts } = request;
  const said = speakingLine(request);
  const reason = verdict.reasons[0] ?? `${placeOf(facts)} failed`;
  return {
    headline: reason,
    cause:
      join([said === null ? null : `The log says: ${sentence(clip(said, 240))}`, circumstance(facts)]) ||
      sentence(reason),
    nextStep:
      verdict.kind === 'infrastructure'
        ? 'Re-run the failed jobs; if it comes back, look at the status of the service or machine that is named.'
        : 'Correct the workflow, its permissions or its secrets; a change of the code will not help.',
  };
}

/* oxlint-disable no-control-regex -- a name of a step or file can hold anything */
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;
/* oxlint-enable no-control-regex */

function takeOffControls(text: string): string {
  return text.replaceAll(CONTROLS, ' ').replaceAll(/[\ud800-\udfff]/gu, '\ufffd');
}
