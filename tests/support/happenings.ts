import { Deployment, type KeptHappening } from '../../src/domain/happening.ts';
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
    episode: 70,
    ...changes,
  });
}

export function kept(happening: KeptHappening['happening'], sequel: Deployment | null = null): KeptHappening {
  return { id: HappeningId.parse('5f0c2a51-8d1e-4f59-9a53-0a5c3a5be001'), happening, sequel };
}
