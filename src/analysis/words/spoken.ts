import type { Findings } from '../../domain/reasoning.ts';
import { scoreText } from '../score.ts';
import type { Words } from './known-cause.ts';
import { commandOf, exitOf, isAction, isHarmful, placeOf } from './place.ts';
import { speakingLine } from './speaking-line.ts';
import { clip, sentence } from './text.ts';

type Request = Findings;

const HEADLINE_ROOM = 120;
const QUIET: Words = {
  headline: 'The log shows no failure',
  cause:
    'No line of it speaks of an error, and no command ended with one. The failure may stand elsewhere, in another job or on the page of the run.',
  nextStep: 'Open the run on GitHub and look at its summary and annotations.',
};

/** Shorter than this, a line needs to be told who says it. */
const ENOUGH_BY_ITSELF = 28;

/** What the best line says, where nothing better is known; null where no line says anything. */
export function spokenWords(request: Request): Words | null {
  const { facts } = request;
  const said = speakingLine(request)?.replace(/[\s;,]{1,10}$/u, '') ?? null;
  if (said === null) return null;
  if (!isFailed(request)) return isLoud(request) ? unclear(said) : QUIET;
  const command = commandOf(facts);
  const lead = said.length < ENOUGH_BY_ITSELF ? `${command === null ? placeOf(facts) : clip(command, 60)} fails: ` : '';
  return {
    headline: `${lead}${said}`,
    cause: `${placeOf(facts)} failed${exitOf(facts)}. ${said.length > HEADLINE_ROOM ? `The log says: ${sentence(clip(said, 240))}` : 'The lines shown are what the log says of it.'}`,
    nextStep: byCategory(request),
  };
}

/** Marks with which CI systems end what failed. */
const ENDS =
  /##\[error\]|^The command .{1,300} (?:exited with|failed)|Finished: (?:FAILURE|ABORTED)|marked build as failure|ERROR: Job failed|##vso\[task\.complete result=Failed|BUILD FAIL/u;
/** From here on a line by itself speaks of a failure. */
const CLEAR = 7.5;
const LOUD = 4;

/** Whether anything but a word in passing tells that the job failed. */
function isFailed({ facts, excerpt, evidence }: Request): boolean {
  if (facts.exitCode !== null || facts.failingTests.length + facts.problems.length > 0) return true;
  return excerpt.some(({ text }) => ENDS.test(text)) || evidence.some(({ text }) => scoreText(text).value >= CLEAR);
}

/** Whether some line at least has a word of failure. */
function isLoud({ evidence }: Request): boolean {
  return evidence.some(({ text }) => scoreText(text).value >= LOUD);
}

function unclear(said: string): Words {
  return {
    headline: `No command fails in the log; it says: ${said}`,
    cause:
      'No command ends with an error in the log, and no test or compiler complains. The failure may stand elsewhere, in another job or on the page of the run.',
    nextStep:
      'Start from the lines shown; if they are harmless, look at the summary and annotations of the run on GitHub.',
  };
}

/** What is left to say where no line says anything. */
export function bareWords(request: Request): Words {
  const { facts, excerpt } = request;
  const isQuiet =
    facts.exitCode === null && facts.failedStep === null && !excerpt.some(({ text }) => scoreText(text).value >= 2.5);
  if (isQuiet) return QUIET;
  const code = facts.exitCode === null ? '' : ` with exit code ${facts.exitCode}`;
  return {
    headline: `${placeOf(facts)} failed${code}`,
    cause: 'The log does not say why in words that the rules know; the lines shown stand right before the end.',
    nextStep: byCategory(request),
  };
}

const DEPLOYS = 'See what the target refused, correct it, and deploy again.';

function byCategory({ category, facts }: Request): string {
  const command = commandOf(facts);
  if (command !== null && isAction(command))
    return `Check the version and the inputs of ${clip(command, 80)} in the workflow, and start from the lines shown.`;
  if (command !== null && isHarmful(command)) return DEPLOYS;
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
      return DEPLOYS;
    case 'timeout':
      return 'Find out what hangs at the end of the log, or raise the time limit of the job.';
    case 'unknown':
      return `${locally} and start from the lines shown${how}`;
    default:
      return category satisfies never;
  }
}
