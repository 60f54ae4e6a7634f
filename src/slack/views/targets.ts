import { isReported } from '../../domain/ci.ts';
import { MOST_RERUN_TARGETS, RerunTarget } from '../../domain/reruns.ts';

/** Repositories and owners on GitHub that a person typed, in order and once each; or what is wrong with them. */
export function readTargets(typed: string): string[] | { kind: 'not-a-target'; word: string } | { kind: 'too-many' } {
  const read = new Set<string>();
  for (const word of typed.split(/[\s,]+/u).filter((each) => each !== '')) {
    const target = RerunTarget.safeParse(word);
    if (!target.success || isReported(target.data)) return { kind: 'not-a-target', word };
    read.add(target.data);
  }
  return read.size > MOST_RERUN_TARGETS ? { kind: 'too-many' } : [...read].toSorted();
}
