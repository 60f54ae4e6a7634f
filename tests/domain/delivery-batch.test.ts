import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeBatch, encodeBatch, MAX_BATCH_ITEMS } from '../../src/domain/delivery-batch.ts';
import { InstallationId, RepositoryName } from '../../src/domain/ids.ts';
import type { Delivery } from '../../src/domain/ports.ts';

function aDelivery(bytes: Uint8Array): Delivery {
  const body = Buffer.from(bytes);
  return {
    deliveryId: 'b7a2f1c0-1111-11f0-8a3e-0123456789ab',
    name: 'workflow_run',
    action: 'completed',
    installationId: InstallationId.parse(42),
    repository: RepositoryName.parse('acme/web'),
    body,
    bodyHash: createHash('sha256').update(body).digest(),
  };
}

describe('a batch of deliveries', () => {
  test('comes out as it went in, byte for byte', () => {
    const some = fc.array(fc.uint8Array({ maxLength: 2_000 }), { minLength: 1, maxLength: 20 });

    fc.assert(
      fc.property(some, (bodies) => {
        const batch = bodies.map(aDelivery);
        expect(decodeBatch(Buffer.concat(encodeBatch(batch)))).toEqual(batch);
      }),
    );
    const bare = { ...aDelivery(Buffer.from('{}')), action: null, installationId: null, repository: null };
    expect(decodeBatch(Buffer.concat(encodeBatch([bare])))).toEqual([bare]);
  });

  test('that was cut, lengthened or mixed up is none, and nothing throws', () => {
    const whole = Buffer.concat(encodeBatch([aDelivery(Buffer.from('{"a":1}')), aDelivery(Buffer.from('{"b":2}'))]));

    for (let end = 0; end < whole.length; end += 1) expect(decodeBatch(whole.subarray(0, end))).toBeNull();
    expect(decodeBatch(Buffer.concat([whole, Buffer.from('x')]))).toBeNull();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodeBatch(Buffer.from(bytes))).toBeNull();
      }),
    );
  });

  test.each([
    ['too many', Array.from({ length: MAX_BATCH_ITEMS + 1 }, () => aDelivery(Buffer.from('{}')))],
    ['none', []],
    ['one whose event is no name', [{ ...aDelivery(Buffer.from('{}')), name: 'a b' }]],
    ['one whose id is none', [{ ...aDelivery(Buffer.from('{}')), deliveryId: "1' or '1'='1" }]],
  ])('of %s is none', (_name, batch) => {
    expect(decodeBatch(Buffer.concat(encodeBatch(batch)))).toBeNull();
  });
});
