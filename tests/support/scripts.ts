import type { JobScript, RunScript } from '../../src/sandbox/github/play.ts';
import { FAILING_JEST, FAILING_TSC, PASSING_JEST } from './logs.ts';
import { REPOSITORY } from './stage.ts';

let commits = 0;

/** A new commit's hash. */
export function aSha(): string {
  commits += 1;
  return `${commits}`.padStart(40, 'a1b2c3d4e5');
}

export function aFailingJob(changes: Partial<JobScript> = {}): JobScript {
  return { name: 'test', conclusion: 'failure', log: FAILING_JEST, command: 'npm test', ...changes };
}

export function aBrokenBuild(changes: Partial<JobScript> = {}): JobScript {
  return { name: 'build', conclusion: 'failure', log: FAILING_TSC, command: 'npm run build', ...changes };
}

export function aPassingJob(changes: Partial<JobScript> = {}): JobScript {
  return { name: 'test', conclusion: 'success', log: PASSING_JEST, command: 'npm test', ...changes };
}

/** A push to main whose only job fails. */
export function aRun(changes: Partial<RunScript> = {}): RunScript {
  return {
    repository: REPOSITORY,
    workflow: 'CI',
    branch: 'main',
    sha: aSha(),
    title: 'Apply discounts in the cart',
    actor: 'octo-ada',
    jobs: [aFailingJob()],
    ...changes,
  };
}
