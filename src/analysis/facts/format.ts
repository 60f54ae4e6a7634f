import type { LogLine } from '../../domain/diagnosis.ts';
import type { Candidate } from '../reduction.ts';

/** A kept line, redacted, with what the reducer knew of it. */
export interface FactLine {
  readonly line: LogLine;
  readonly candidate: Candidate;
}

/** A line near the one that matched, which says what that one leaves out. */
export interface Neighbour {
  readonly pattern: RegExp;
  /** How many lines of the log away at most. */
  readonly within: number;
  /** Without it the match is none. */
  readonly isNeeded?: boolean;
}

/**
 * How a tool writes a failing test or a problem in a source. Every match contains one of `literals` (compared without ASCII
 * case). Named groups carry the facts: `test` and its `suite`, `file`, `row` (or `line`), `column`, `message`, `rule`.
 */
export interface FactFormat {
  readonly kind: 'test' | 'problem';
  readonly literals: readonly string[];
  readonly pattern: RegExp;
  /** Many other programs write this way too: it counts only where some line tells how many tests have failed. */
  readonly needsRunner?: boolean;
  readonly above?: Neighbour;
  readonly below?: Neighbour;
}
