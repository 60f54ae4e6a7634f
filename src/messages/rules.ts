import type { NeverReason } from '../domain/rules/never.ts';
import type { RuleProblem } from '../domain/rules/problem.ts';
import { RULE_EVENTS, RULE_KEYS } from '../domain/rules/rule.ts';
import type { Message } from '../domain/message.ts';
import { message } from './blocks.ts';
import { code, paragraph, text } from './rich-text.ts';
import { clean, oneLine } from './text.ts';

const KEY_NAMES = RULE_KEYS.map((key) => `${key}:`).join(', ');

/** Where the marked part of a long line starts to be shown, and how much of it is shown. */
const BEFORE = 60;
const SHOWN = 100;

/** What is wrong with a rule, with the line and a marker under the word. */
export function ruleProblemMessage(line: string, problem: RuleProblem): Message {
  const words = ruleProblemWords(problem);
  const { block } = code(markedLines(line, problem), { lineMax: SHOWN + 2, max: 300 });
  const isWhole = problem.kind === 'no-target';
  return message(`${words} ${line}`, [paragraph(text(words)), ...(isWhole ? [] : [block])]);
}

/** The line and, below it, a marker under the word; a long line is cut around it. Both are as long as they look. */
export function markedLines(line: string, { at }: Pick<RuleProblem, 'at'>): [string, string] {
  const from = at.start > BEFORE ? at.start - BEFORE : 0;
  const shown = line.slice(from, from + SHOWN);
  const lead = from > 0 ? '…' : '';
  const visible = shown.replaceAll(/[\p{C}\s]/gu, ' ');
  const length = Math.max(1, Math.min(at.end, from + SHOWN) - at.start);
  return [clean(`${lead}${visible}`), `${' '.repeat(lead.length + at.start - from)}${'^'.repeat(length)}`];
}

/** What is wrong with a rule, in words that end with what to write instead. */
export function ruleProblemWords(problem: RuleProblem): string {
  switch (problem.kind) {
    case 'too-long':
      return `A rule has at most ${problem.most} characters. Write several rules instead: one that fits is enough.`;
    case 'too-many-patterns':
      return `A rule has at most ${problem.most} patterns. Write several rules instead: one that fits is enough.`;
    case 'strange-character':
      return 'Here is a character that cannot be seen, perhaps from copying. Type the word again.';
    case 'open-quote':
      return 'This quote is not closed. Write, for example, workflow:"Deploy to production".';
    case 'no-target':
    case 'bad-target':
    case 'bad-topic':
    case 'bad-team':
    case 'second-target':
      return targetWords(problem);
    case 'no-condition':
    case 'unknown-key':
    case 'no-value':
    case 'negated-on':
    case 'unknown-value':
    case 'bad-pattern':
    case 'pattern-too-long':
      return conditionWords(problem);
    case 'negated-schedule':
    case 'second-schedule':
    case 'unknown-zone':
      return scheduleWords(problem);
    default:
      return problem satisfies never;
  }
}

type TargetProblem = Extract<
  RuleProblem,
  { kind: 'no-target' | 'bad-target' | 'bad-topic' | 'bad-team' | 'second-target' }
>;

function targetWords(problem: TargetProblem): string {
  switch (problem.kind) {
    case 'no-target':
      return 'Start with owner/repo, owner/* for all of an owner, topic:NAME or team:NAME.';
    case 'bad-target':
      return `A rule starts with a repository, but "${shown(problem.word)}" is none. Write owner/repo, owner/* for all of an owner, topic:NAME or team:NAME.`;
    case 'bad-topic':
      return `${named(problem.word)} cannot be a topic of GitHub. A topic has letters, digits and hyphens: topic:payments.`;
    case 'bad-team':
      return `${named(problem.word)} cannot be a team of GitHub. Write it as its address does: team:acme/platform, or team:platform.`;
    case 'second-target':
      return `A rule is about one thing. Write a rule of its own for ${shown(problem.word)}.`;
    default:
      return problem satisfies never;
  }
}

type ScheduleProblem = Extract<RuleProblem, { kind: 'negated-schedule' | 'second-schedule' | 'unknown-zone' }>;

function scheduleWords(problem: ScheduleProblem): string {
  switch (problem.kind) {
    case 'negated-schedule':
      return `"${problem.key}:" cannot be turned around. ${example(problem.key)}`;
    case 'second-schedule':
      return 'A rule has one quiet: or one digest:. For another time, write a rule of its own.';
    case 'unknown-zone':
      return `I do not know the time zone "${shown(problem.word)}". ${didYouMean(problem.meant)}For example: Europe/Berlin, America/New_York, UTC.`;
    default:
      return problem satisfies never;
  }
}

function conditionWords(
  problem: Exclude<
    RuleProblem,
    TargetProblem | ScheduleProblem | { kind: 'too-long' | 'too-many-patterns' | 'strange-character' | 'open-quote' }
  >,
): string {
  switch (problem.kind) {
    case 'no-condition':
      return `"${shown(problem.word)}" is not a condition. ${didYouMean(problem.meant, ':')}You can write: ${KEY_NAMES}.`;
    case 'unknown-key':
      return `I do not know the condition "${shown(problem.word)}:". ${didYouMean(problem.meant, ':')}You can write: ${KEY_NAMES}.`;
    case 'no-value':
      return `Something is missing behind ${problem.key}: here. ${example(problem.key)}`;
    case 'negated-on':
      return `"on:" cannot be turned around. List what you want to hear of: on:${RULE_EVENTS.join(',')}.`;
    case 'unknown-value': {
      const { key, word, meant, known } = problem;
      const lead = key === 'event' ? 'For example' : 'You can write';
      return `"${shown(word)}" is no value of ${key}:. ${didYouMean(meant)}${lead}: ${known.join(', ')}.`;
    }
    case 'bad-pattern':
      return `"${shown(problem.word)}" cannot be a value of ${problem.key}:. ${example(problem.key)}`;
    case 'pattern-too-long':
      return `A value of ${problem.key}: has at most ${problem.most} characters. Use * for a part of it.`;
    default:
      return problem satisfies never;
  }
}

const EXAMPLES: Record<string, string> = {
  on: 'on:failure,recovered',
  workflow: 'workflow:"Deploy*"',
  job: 'job:build,"test (*)"',
  branch: 'branch:default,release/*',
  event: 'event:push,schedule',
  actor: '-actor:*[bot]',
  label: 'label:release,"needs review"',
  path: 'path:services/cart/** or -path:docs/**',
  verdict: 'verdict:new,flaky',
  quiet: 'quiet:22:00-07:00@Europe/Berlin',
  digest: 'digest:daily@09:00 or digest:weekly@mon@09:00',
};

function example(key: string): string {
  return `For example: ${EXAMPLES[key] ?? 'branch:main'}.`;
}

function didYouMean(meant: string | null, mark = ''): string {
  return meant === null ? '' : `Did you mean ${meant}${mark}? `;
}

function named(word: string): string {
  return word === '' ? 'Nothing' : `"${shown(word)}"`;
}

function shown(word: string): string {
  return oneLine(word, 60);
}

/** Why a rule will never have anything posted. */
export function neverWords(reason: NeverReason): string {
  switch (reason.kind) {
    case 'excluded':
      return `This rule can never match: what ${reason.key}: asks for, -${reason.key}: excludes.`;
    case 'only-recovered':
      return 'By itself this rule posts nothing: the end of a failure is told where the failure was told. Add failure to on:.';
    case 'not-analysed':
      return `This rule can never match: a run that waits for an approval is not analysed, so ${reason.key}: has nothing to fit.`;
    case 'flaky-with-other-verdict':
      return 'This rule can never match: on:flaky asks for the verdict flaky, and verdict: excludes it.';
    default:
      return reason satisfies never;
  }
}
