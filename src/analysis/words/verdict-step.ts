import type { Findings } from '../../domain/reasoning.ts';
import type { Words } from './known-cause.ts';

/** What history says comes before what the failure alone would suggest. */
export function withVerdict(words: Words, { verdict, facts }: Pick<Findings, 'verdict' | 'facts'>): Words {
  switch (verdict.kind) {
    case 'flaky': {
      const what = facts.failingTests.length > 0 ? 'the test' : 'the step';
      const how = facts.failingTests.length > 0 && words.nextStep.includes(': ') ? ` ${words.nextStep}` : '';
      return {
        ...words,
        nextStep: `Re-run the failed jobs; the code of this commit can pass. If it keeps coming back, make ${what} independent of time and order.${how}`,
      };
    }
    case 'failing-on-base': {
      const base =
        /^(?<branch>\S{1,100}) fails for the same cause/u.exec(verdict.reasons[0] ?? '')?.groups?.['branch'] ??
        'the default branch';
      return {
        ...words,
        nextStep: `Fix it on ${base} first, then update this branch; the change here is probably not the cause. ${words.nextStep}`,
      };
    }
    case 'new':
    case 'recurring':
    case 'infrastructure':
    case 'configuration':
    case 'timeout':
    case 'cancelled':
    case 'superseded':
      return words;
    default:
      return verdict.kind satisfies never;
  }
}
