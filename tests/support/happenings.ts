import {
  Check,
  Deployment,
  type Happening,
  type KeptHappening,
  PullRequest,
  Release,
} from '../../src/domain/happening.ts';
import { HappeningId } from '../../src/domain/ids.ts';
import { MOMENT } from './report-builders.ts';

/** A deployment of main to production that failed. */
export function aDeployment(changes: Partial<Deployment> = {}): Deployment {
  return Deployment.parse({
    kind: 'deployment',
    repository: 'acme/web',
    defaultBranch: 'main',
    environment: 'production',
    sha: 'a1b2c3d'.padEnd(40, '0'),
    ref: 'main',
    state: 'failure',
    description: '',
    runId: null,
    actor: 'ada',
    actorType: 'user',
    url: 'https://github.com/acme/web/deployments',
    at: MOMENT,
    order: [70, MOMENT.getTime(), 700],
    ...changes,
  });
}

/** A check of another app that failed on main. */
export function aCheck(changes: Partial<Check> = {}): Check {
  return Check.parse({
    kind: 'check',
    repository: 'acme/web',
    defaultBranch: 'main',
    app: 'codecov',
    name: 'codecov/patch',
    branch: 'main',
    sha: 'a1b2c3d'.padEnd(40, '0'),
    isFailing: true,
    title: '71% of diff hit (target 80%)',
    failures: 1,
    since: MOMENT,
    fixedBy: null,
    actor: 'codecov',
    actorType: 'bot',
    url: 'https://github.com/acme/web/runs/1',
    at: MOMENT,
    order: [500, MOMENT.getTime()],
    ...changes,
  });
}

export function aPullRequest(changes: Partial<PullRequest> = {}): PullRequest {
  return PullRequest.parse({
    kind: 'pull_request',
    repository: 'acme/web',
    defaultBranch: 'main',
    number: 318,
    title: 'Retry failed charges',
    branch: 'retry',
    base: 'main',
    sha: 'a1b2c3d'.padEnd(40, '0'),
    labels: [],
    state: 'open',
    isDraft: false,
    actor: 'ada',
    actorType: 'user',
    url: 'https://github.com/acme/web/pull/318',
    at: MOMENT,
    order: [MOMENT.getTime(), 0],
    ...changes,
  });
}

export function aRelease(changes: Partial<Release> = {}): Release {
  return Release.parse({
    kind: 'release',
    repository: 'acme/web',
    defaultBranch: 'main',
    id: 900,
    tag: 'v1.4.0',
    name: 'The one with refunds',
    target: 'main',
    isPrerelease: false,
    state: 'published',
    isNews: true,
    actor: 'ada',
    actorType: 'user',
    url: 'https://github.com/acme/web/releases/tag/v1.4.0',
    at: MOMENT,
    order: [0, MOMENT.getTime(), 0],
    ...changes,
  });
}

export function kept(happening: Happening, more: Partial<KeptHappening> = {}): KeptHappening {
  const id = HappeningId.parse('5f0c2a51-8d1e-4f59-9a53-0a5c3a5be001');
  return { id, happening, sequel: null, checks: null, ...more };
}
