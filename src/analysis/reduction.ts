import type { Match } from './score.ts';
import type { Section } from './sections.ts';

/** A line that may explain the failure. */
export interface Candidate {
  readonly number: number;
  /** Counts pieces, so that order stays where several pieces share a line. */
  readonly order: number;
  readonly text: string;
  /** The line by itself. */
  readonly own: number;
  /** With what it owes to its neighbours. */
  readonly score: number;
  readonly matches: readonly Match[];
  /** Which command or step it stood in: an index into the segments. */
  readonly segment: number;
  /** Which step and group it stood in: an index into the sections. */
  readonly section: number;
  /** The step that the line itself names. */
  readonly stepName: string | null;
  /** Part of what GitHub prints before a step runs. */
  readonly isHeader: boolean;
  /** What it was kept for even if it says nothing: it stands near something that failed. */
  readonly nearness: number;
  /** Lines down to the end of the failed command right below; null where none is near. */
  readonly toEnd: number | null;
  /** Written in red. */
  readonly isRed: boolean;
  /** A blank line stands above it. */
  readonly isAfterBlank: boolean;
}

/** A stretch of the log that one step or command wrote. */
export interface Segment {
  /** True where it was said that it failed; null where nothing was said. */
  hasFailed: boolean | null;
  readonly isPostJob: boolean;
  /** What was run in it: `Run npm test`; null where the log does not say. */
  readonly title: string | null;
}

export interface StepStart {
  readonly line: number;
  readonly second: number | null;
  readonly title: string;
}

/** What is left of a log after one pass: bounded, however long the log was. */
export interface Reduction {
  readonly candidates: readonly Candidate[];
  readonly segments: readonly Segment[];
  readonly stepStarts: readonly StepStart[];
  /** Where GitHub's own clean-up begins; null where it does not. */
  readonly postJobLine: number | null;
  readonly lastLine: number;
  readonly sections: readonly Section[];
  /** The lines that GitHub marked as errors: the first ones, and the last. */
  readonly errorLines: readonly number[];
  /** The section in which the CI system last said that a command failed; null where it did not say so. */
  readonly failedSection: number | null;
}
