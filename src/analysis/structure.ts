import type { Segment, StepStart } from './reduction.ts';
import { hasMark, STRUCTURE } from './score.ts';

const MAX_STARTS = 2000;
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
  markFailed(): void;
  current(): number;
}

export function createStructure(): Structure {
  const segments: Segment[] = [{ hasFailed: null, isPostJob: false, title: null }];
  const stepStarts: StepStart[] = [];
  let postJobLine: number | null = null;
  return {
    segments,
    stepStarts,
    postJobLine: () => postJobLine,
    isPostJob: () => postJobLine !== null,
    current: () => segments.length - 1,
    markFailed() {
      const last = segments.at(-1);
      if (last !== undefined) last.hasFailed = true;
    },
    note({ number, text, second, hits }) {
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
