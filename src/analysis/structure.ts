import type { Segment, StepStart } from './reduction.ts';
import { hasMark, STRUCTURE } from './score.ts';
import { createSections, type Section } from './sections.ts';

const MAX_STARTS = 2000;
const MAX_ERRORS = 1000;
const TITLE_LENGTH = 300;
const GROUP = '##[group]';

/** Which step or command a line stands in, as far as the log itself says. Bounded: later starts beyond the limit are not told apart. */
export interface Structure {
  readonly segments: readonly Segment[];
  readonly stepStarts: readonly StepStart[];
  postJobLine(): number | null;
  isPostJob(): boolean;
  /** True when the line begins a new segment. */
  note(line: { number: number; text: string; second: number | null; hits: readonly number[] }): boolean;
  /** The same for a line with marks of sections, which clean text does not show. */
  noteMarks(line: string): void;
  markFailed(): void;
  current(): number;
  readonly sections: readonly Section[];
  section(): number;
  failedSection(): number | null;
  readonly errorLines: readonly number[];
}

export function createStructure(): Structure {
  const segments: Segment[] = [{ hasFailed: null, isPostJob: false, title: null }];
  const stepStarts: StepStart[] = [];
  const sections = createSections();
  const errorLines: number[] = [];
  let postJobLine: number | null = null;
  let failedSection: number | null = null;
  return {
    sections: sections.all,
    section: () => sections.current(),
    noteMarks: (line) => sections.note(line),
    failedSection: () => failedSection,
    errorLines,
    segments,
    stepStarts,
    postJobLine: () => postJobLine,
    isPostJob: () => postJobLine !== null,
    current: () => segments.length - 1,
    markFailed() {
      const last = segments.at(-1);
      if (last !== undefined) last.hasFailed = true;
      if (sections.all[sections.current()]?.step !== null) failedSection = sections.current();
    },
    note({ number, text, second, hits }) {
      if (hasMark(hits, STRUCTURE.errorMark) && text.startsWith('##[error]')) {
        errorLines.splice(MAX_ERRORS - 1, 1);
        errorLines.push(number);
      }
      if (segments.length > MAX_STARTS) return false;
      if (hasMark(hits, STRUCTURE.stepStart) && text.startsWith(`${GROUP}Run `)) {
        const title = text.slice(GROUP.length, TITLE_LENGTH);
        stepStarts.push({ line: number, second, title });
        segments.push({ hasFailed: null, isPostJob: false, title });
        return true;
      }
      if (hasMark(hits, STRUCTURE.postJob) && text.startsWith('Post job cleanup')) {
        postJobLine ??= number;
        segments.push({ hasFailed: null, isPostJob: true, title: null });
        return true;
      }
      return false;
    },
  };
}
