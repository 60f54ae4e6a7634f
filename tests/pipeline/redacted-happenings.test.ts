import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { Happening } from '../../src/domain/happening.ts';
import { EventId, InstallationId } from '../../src/domain/ids.ts';
import type { Ports } from '../../src/domain/ports.ts';
import { withRedactedRuns } from '../../src/pipeline/redacted-runs.ts';
import { aCheck, aDeployment, aPullRequest, aRelease } from '../support/happenings.ts';
import { only } from '../support/memory-stores.ts';

const SECRET = `ghp_${'a1B2'.repeat(9)}`;

test.each<[string, Happening]>([
  ['deployment', aDeployment({ environment: SECRET, ref: SECRET, description: SECRET, actor: SECRET })],
  ['check', aCheck({ app: SECRET, name: SECRET, branch: SECRET, title: SECRET })],
  ['pull request', aPullRequest({ title: SECRET, branch: SECRET, base: SECRET, labels: [SECRET] })],
  [
    'release',
    aRelease({ tag: SECRET, name: SECRET, target: SECRET, defaultBranch: SECRET, url: `https://x/${SECRET}` }),
  ],
])('no secret in the names of a %s reaches anybody', async (_name, happening) => {
  const installationId = InstallationId.parse(42);
  const reader = only<Ports['eventReader']>({ read: async () => ({ kind: 'happened', installationId, happening }) });
  const { eventReader } = withRedactedRuns(
    { eventReader: reader, runSource: only<Ports['runSource']>({}), ruleFileSource: only<Ports['ruleFileSource']>({}) },
    { salt: 'a salt for tests' },
  );
  const id = EventId.parse(randomUUID());

  const read = await eventReader.read({ id, deliveryId: 'd', name: 'n', installationId, body: Buffer.alloc(0) });

  expect(JSON.stringify(read)).not.toContain(SECRET);
});
