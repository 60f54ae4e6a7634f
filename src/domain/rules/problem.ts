import type { ScheduleKey } from './schedule.ts';

/** Where in the line something is wrong, in UTF-16 units. */
export interface Place {
  start: number;
  end: number;
}

/** What is wrong with a line that should be a rule; `meant` is what was probably meant. */
export type RuleProblem = { at: Place } & (
  | { kind: 'too-long'; most: number }
  | { kind: 'too-many-patterns'; most: number }
  | { kind: 'strange-character' }
  | { kind: 'open-quote' }
  | { kind: 'no-target' }
  | { kind: 'bad-target'; word: string }
  | { kind: 'bad-topic'; word: string }
  | { kind: 'bad-team'; word: string }
  | { kind: 'second-target'; word: string }
  | { kind: 'no-condition'; word: string; meant: string | null }
  | { kind: 'unknown-key'; word: string; meant: string | null }
  | { kind: 'no-value'; key: string }
  | { kind: 'negated-on' }
  | { kind: 'negated-schedule'; key: ScheduleKey }
  | { kind: 'second-schedule' }
  | { kind: 'unknown-zone'; word: string; meant: string | null }
  | { kind: 'unknown-value'; key: string; word: string; meant: string | null; known: readonly string[] }
  | { kind: 'bad-pattern'; key: string; word: string }
  | { kind: 'pattern-too-long'; key: string; most: number }
);

/** What a part of a line says, or what is wrong with it. */
export type Read<Result> = { value: Result } | { problem: RuleProblem };
