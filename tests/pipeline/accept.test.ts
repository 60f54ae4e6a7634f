import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { Delivery } from '../../src/domain/ports.ts';
import { DatabaseUnavailableError } from '../../src/errors.ts';
import { accept } from '../../src/pipeline/accept.ts';
import { anIntake, aQueue, sha256 } from '../support/pipeline-fakes.ts';

function aDelivery(): Delivery {
  const body = Buffer.from('{}');
  return {
    deliveryId: randomUUID(),
    name: 'ping',
    action: null,
    installationId: null,
    repository: null,
    body,
    bodyHash: sha256(body),
  };
}

test('a delivery is stored first, then a worker is woken', async () => {
  const queue = aQueue();

  const outcome = await accept({ intake: anIntake(), queue }, aDelivery());

  expect(outcome.kind).toBe('stored');
  expect(queue.woken).toHaveLength(1);
});

test('a repeated delivery wakes nobody', async () => {
  const [intake, queue, delivery] = [anIntake(), aQueue(), aDelivery()];
  await accept({ intake, queue }, delivery);

  expect(await accept({ intake, queue }, delivery)).toEqual({ kind: 'repeated' });
  expect(queue.woken).toHaveLength(1);
});

test('a queue that does not answer does not hold the delivery up', async () => {
  const queue = { ...aQueue(), wake: () => Promise.withResolvers<void>().promise };

  expect((await accept({ intake: anIntake(), queue }, aDelivery())).kind).toBe('stored');
});

test('a delivery that could not be stored wakes nobody, and its sender must know', async () => {
  const queue = aQueue();
  const intake = { accept: () => Promise.reject(new DatabaseUnavailableError('away')) };

  await expect(accept({ intake, queue }, aDelivery())).rejects.toThrow(DatabaseUnavailableError);
  expect(queue.woken).toEqual([]);
});
