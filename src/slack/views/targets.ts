import { isReported } from '../../domain/ci.ts';
import { MOST_TARGETS, RepositoryTarget, type RepositoryTargets } from '../../domain/repository-target.ts';
import type { TargetLinesProblem } from '../../messages/target-lines.ts';

/** Repositories and owners on GitHub that a person typed, in order and once each; or what is wrong with them. */
export function readTargets(typed: string): RepositoryTargets | TargetLinesProblem {
  const read = new Set<string>();
  for (const word of typed.split(/[\s,]+/u).filter((each) => each !== '')) {
    const target = RepositoryTarget.safeParse(word);
    if (!target.success || isReported(target.data)) return { kind: 'not-a-target', word };
    read.add(target.data);
  }
  return read.size > MOST_TARGETS ? { kind: 'too-many' } : [...read].toSorted();
}
