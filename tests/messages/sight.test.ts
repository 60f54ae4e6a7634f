import { expect, test } from '@jest/globals';
import { RepositoryName } from '../../src/domain/ids.ts';
import { sightMessage } from '../../src/messages/sight.ts';
import { refuseMessage } from '../../src/sandbox/slack/validation/validate.ts';
import { faultsIn, HOSTILE, readable } from '../support/hostile.ts';

const repository = RepositoryName.parse('acme/web');

test.each(HOSTILE)('what becomes of installations and repositories fits whatever is called %#', (text) => {
  const messages = [
    sightMessage({ kind: 'suspended', account: text }),
    sightMessage({ kind: 'uninstalled', account: text }),
    sightMessage({ kind: 'default-branch', repository, from: text, to: text }),
  ];
  for (const message of messages) {
    expect(faultsIn(message)).toEqual([]);
    expect(refuseMessage(message)).toBeNull();
  }
});

test('many repositories are counted behind the first ones', () => {
  const repositories = Array.from({ length: 1_000 }, (_, index) =>
    RepositoryName.parse(`acme/${'r'.repeat(90)}${index}`),
  );
  const message = sightMessage({ kind: 'out-of-sight', repositories });

  expect(readable(message)).toContain('995 more repositories');
  expect(refuseMessage(message)).toBeNull();
});
