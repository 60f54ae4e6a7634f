import type { ReasonRequest } from '../../domain/ports.ts';
import { scoreText } from '../score.ts';
import { endingWords } from './endings.ts';
import { findProblems } from './found-problems.ts';
import { formatterWords } from './formatters.ts';
import { findKnownCause, type KnownCause, type Words } from './known-cause.ts';
import { circumstance, commandOf, exitOf, placeOf } from './place.ts';
import { problemWords } from './problems.ts';
import { speakingLine } from './speaking-line.ts';
import { testWords } from './tests.ts';
import { clip, oneLine, sentence } from './text.ts';
import { withVerdict } from './verdict-step.ts';

/** Slack's preview and a phone's lock screen show about this much. */
export const HEADLINE_LIMIT = 120;
const CAUSE_LIMIT = 400;
const STEP_LIMIT = 300;

export type WordsRequest = Pick<ReasonRequest, 'category' | 'verdict' | 'facts' | 'excerpt' | 'evidence'>;

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
  const formatter = category === 'test' || category === 'compile' ? null : formatterWords(excerpt, facts);
  if (formatter !== null) return formatter;
  const tool = [...evidence, ...excerpt].some(({ text }) => /clippy::|rust-clippy/u.test(text)) ? 'clippy' : null;
  const stated = knownProblem(request) ?? problemWords(facts.problems, { facts, category, tool });
  if (stated !== null) return stated;
  if (known !== null && known.weight >= STRONG) return whereKnown(known, request);
  const found = category === 'test' || category === 'dependency' ? null : findProblems({ evidence, excerpt });
  const read = found === null ? null : problemWords(found.problems, { facts, category, tool: found.tool ?? tool });
  if (read !== null) return read;
  if (known !== null && known.weight >= 5) return whereKnown(known, request);
  return spoken(request) ?? (known === null ? null : whereKnown(known, request)) ?? bare(request);
}

/** A compiler's complaint that has words of its own: a header or a library that is missing. */
function knownProblem(request: WordsRequest): Words | null {
  const [first] = request.facts.problems;
  if (first === undefined) return null;
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

/** Shorter than this, a line needs to be told who says it. */
const ENOUGH_BY_ITSELF = 28;

function spoken(request: WordsRequest): Words | null {
  const { facts } = request;
  const said = speakingLine(request);
  if (said === null) return null;
  const command = commandOf(facts);
  const lead = said.length < ENOUGH_BY_ITSELF ? `${command === null ? placeOf(facts) : clip(command, 60)} fails: ` : '';
  return {
    headline: `${lead}${said}`,
    cause: `${placeOf(facts)} failed${exitOf(facts)}. ${said.length > HEADLINE_LIMIT ? `The log says: ${sentence(clip(said, 240))}` : 'The lines shown are what the log says of it.'}`,
    nextStep: byCategory(request),
  };
}

function bare(request: WordsRequest): Words {
  const { facts, excerpt } = request;
  const isQuiet =
    facts.exitCode === null && facts.failedStep === null && !excerpt.some(({ text }) => scoreText(text).value >= 2.5);
  if (isQuiet) {
    return {
      headline: 'The log shows no failure',
      cause:
        'No line of it speaks of an error, and no command ended with one. The failure may stand elsewhere, in another job or on the page of the run.',
      nextStep: 'Open the run on GitHub and look at its summary and annotations.',
    };
  }
  const code = facts.exitCode === null ? '' : ` with exit code ${facts.exitCode}`;
  return {
    headline: `${placeOf(facts)} failed${code}`,
    cause: 'The log does not say why in words that the rules know; the lines shown stand right before the end.',
    nextStep: byCategory(request),
  };
}

function byCategory({ category, facts }: WordsRequest): string {
  const command = commandOf(facts);
  const locally = command === null ? 'Run the failed step locally' : 'Run it locally';
  const how = command === null ? '' : `: ${clip(command, 120)}`;
  switch (category) {
    case 'test':
      return `${locally} and start with the first failing test${how}`;
    case 'compile':
      return `${locally} and correct the first error${how}`;
    case 'lint':
      return `${locally} and correct what it names${how}`;
    case 'dependency':
      return 'Check the package and version that the lines name, and that the lock file fits; if the registry was away, re-run the job.';
    case 'infrastructure':
      return 'If the service or machine that is named was away, re-run the failed jobs; if not, start from the lines shown.';
    case 'configuration':
      return `Check the paths, variables, secrets and permissions that ${placeOf(facts) === 'The job' ? 'the job' : 'the step'} relies on.`;
    case 'deployment':
      return 'See what the target refused, correct it, and deploy again.';
    case 'timeout':
      return 'Find out what hangs at the end of the log, or raise the time limit of the job.';
    case 'unknown':
      return `${locally} and start from the lines shown${how}`;
    default:
      return category satisfies never;
  }
}

/* oxlint-disable no-control-regex -- a name of a step or file can hold anything */
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;
/* oxlint-enable no-control-regex */

function takeOffControls(text: string): string {
  return text.replaceAll(CONTROLS, ' ').replaceAll(/[\ud800-\udfff]/gu, '\ufffd');
}
