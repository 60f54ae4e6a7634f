import type { Category } from '../../../domain/diagnosis.ts';

/**
 * A way in which tools say what went wrong, and what that means in words of ours. `{name}` stands for the group of that
 * name, `{name|else}` has words for the case that it did not match; in `next`, a text that a shell could misread is replaced, too.
 */
export interface Known {
  /** Runs over one line, without levels and time stamps, cut to 400 characters. */
  readonly pattern: RegExp;
  readonly headline: string;
  /** What it means, in one or two sentences; never the headline again. */
  readonly cause: string;
  readonly next: string;
  /**
   * 1 (there is nothing better) to 10 (no doubt). From 5 on it stands before a line that merely speaks, from 9 on it
   * counts outside the evidence, too.
   */
  readonly weight: number;
  /** What kind of thing broke, where that way of failing leaves no doubt; by default what the whole table is about; null where that is not told. */
  readonly category?: Category | null;
}
