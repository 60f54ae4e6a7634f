import type { Category } from '../../domain/diagnosis.ts';

/** What a line that matches tells: `test` and `problem` carry facts, `end` closes a failed command, `summary` counts. */
export type Role = 'test' | 'problem' | 'message' | 'summary' | 'end' | 'context';

/**
 * How a tool says that something broke. Every match contains one of `literals` (3 bytes or more, compared without case), so
 * the pattern runs only on lines that hold one. What a line tells is read by the formats of facts; of named groups only `code`,
 * the exit code, is read here.
 */
export interface Signature {
  readonly literals: readonly string[];
  readonly pattern: RegExp;
  /** 1 (a hint) to 10 (names the cause). */
  readonly weight: number;
  readonly role?: Role;
  readonly category?: Category;
  readonly tool?: string;
  readonly ecosystem?: string;
  /** How many lines after the match belong to it at most. */
  readonly after?: number;
  /** How many lines before it explain it. */
  readonly before?: number;
}
