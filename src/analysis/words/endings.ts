import type { LogLine } from '../../domain/diagnosis.ts';
import type { Findings } from '../../domain/reasoning.ts';
import type { Words } from './known-cause.ts';
import { commandOf, placeOf } from './place.ts';
import { clip, oneLine, plain, sentence } from './text.ts';

type Request = Findings;

/** What to say where the job did not end by its own failure, or left nothing to read; null where it failed by itself. */
export function endingWords(request: Request): Words | null {
  const { verdict } = request;
  if (verdict.kind === 'superseded') return superseded(request);
  if (verdict.kind === 'cancelled') return cancelled(request);
  if (verdict.kind === 'timeout') return timeout(request);
  if (verdict.reasons.includes('GitHub could not start the workflow')) return notStarted(request);
  return request.excerpt.length === 0 ? withoutLog(request) : null;
}

function superseded({ facts, verdict }: Request): Words {
  return {
    headline: `${placeOf(facts)} was stopped because a newer run took its place`,
    cause: `${sentence(verdict.reasons[0] ?? 'A newer run of the same concurrency group took its place')} It did not fail by itself.`,
    nextStep: 'Nothing needs to be done; look at the newer run instead.',
  };
}

function cancelled({ facts, verdict }: Request): Words {
  return {
    headline: `${placeOf(facts)} was cancelled before it could finish`,
    cause: `${sentence(verdict.reasons[0] ?? 'The run was cancelled')} No test and no compiler had complained before.`,
    nextStep: 'Nothing needs to be fixed; start the run again if its result is still wanted.',
  };
}

const LIMIT =
  /(?:maximum (?:execution )?(?:time|time limit) (?:of|for jobs)?|execution took longer than|timed out after|in the last|exceeded the timeout of)[^\d]{0,30}(?<number>\d{1,6}) ?(?<unit>minutes?|mins?|m|seconds?|secs?|s|hours?|h)(?![a-z])/iu;
const UNITS: Readonly<Record<string, string>> = { m: 'minute', s: 'second', h: 'hour' };

function timeout(request: Request): Words {
  const { facts, verdict, evidence, excerpt } = request;
  const limit = limitIn([...evidence, ...excerpt]);
  const isSilent = verdict.reasons.some((reason) => reason.includes('silent'));
  const after = limit === null ? '' : ` after ${limit}`;
  const last = lastWords(excerpt);
  const setting = isSilent
    ? 'let long steps print their progress'
    : 'raise timeout-minutes of the job if the work is really that long';
  return {
    headline: isSilent
      ? `${placeOf(facts)} printed nothing${limit === null ? '' : ` for ${limit}`} and was stopped`
      : `${placeOf(facts)} ran out of time${after}`,
    cause: `${sentence(verdict.reasons[0] ?? 'The job ran into its time limit')}${last === null ? '' : ` The last it printed is: ${sentence(clip(last, 200))}`}`,
    nextStep: `Find out what hangs in ${what(request)}: the log stops there. If nothing does, ${setting}.`,
  };
}

function what({ facts }: Request): string {
  const command = commandOf(facts);
  const place = placeOf(facts);
  return command === null ? place.charAt(0).toLowerCase() + place.slice(1) : `"${clip(command, 80)}"`;
}

function limitIn(lines: readonly LogLine[]): string | null {
  for (const { text } of lines) {
    const groups = LIMIT.exec(text)?.groups;
    if (groups === undefined) continue;
    const unit = UNITS[(groups['unit'] ?? 'm').charAt(0).toLowerCase()] ?? 'minute';
    return `${groups['number'] ?? ''} ${unit}${groups['number'] === '1' ? '' : 's'}`;
  }
  return null;
}

const ABOUT_THE_END =
  /exceeded the|operation was cancel|No output has been received|has been stopped|build has been terminated|execution took longer|Process completed|check the build itself|build is stalled|Terminated$|docs\.travis|^Cleaning up/iu;

function lastWords(excerpt: readonly LogLine[]): string | null {
  const said = excerpt.map(({ text }) => plain(text)).findLast((text) => text.length >= 6 && !ABOUT_THE_END.test(text));
  return said === undefined ? null : oneLine(said);
}

function notStarted({ verdict, facts }: Request): Words {
  const [fault] = facts.problems;
  if (fault !== undefined) {
    const place = `line ${fault.line ?? 1} of ${fault.file}`;
    return {
      headline: clip(`GitHub could not start the workflow: ${oneLine(fault.message)}`, 120),
      cause: `No job of the run was started, so there is no log. In ${sentence(`${place}: ${oneLine(fault.message)}`)}`,
      nextStep: `Correct ${place}; the run's page on GitHub says what else it does not accept.`,
    };
  }
  const more = verdict.reasons.slice(1).find((reason) => !reason.startsWith('The log could not be read'));
  return {
    headline: 'GitHub could not start the workflow',
    cause: `No job of the run was started, so there is no log; mostly the workflow file is not valid or calls something that it may not.${more === undefined ? '' : ` ${sentence(more)}`}`,
    nextStep: 'Open the run on GitHub, which names the place in the workflow file, and correct it there.',
  };
}

function withoutLog({ facts, verdict, category }: Request): Words {
  const lost = verdict.reasons.find((text) => text.startsWith('The log could not be read'));
  if (lost === undefined) {
    return {
      headline:
        placeOf(facts) === 'The job'
          ? 'The job failed, and its log is empty'
          : `${placeOf(facts)} failed, and its log is empty`,
      cause: 'The log holds no line that could say why.',
      nextStep: 'Open the run on GitHub, and re-run it if its log stays empty.',
    };
  }
  const isOwn = category === 'configuration' || placeOf(facts) !== 'The job';
  return {
    headline: `${placeOf(facts)} failed`,
    cause: `${sentence(lost)} ${isOwn ? 'Only the name of what failed is known.' : 'What failed in it is not known.'}`,
    nextStep: 'Open the run on GitHub, and re-run it if its log stays away.',
  };
}
