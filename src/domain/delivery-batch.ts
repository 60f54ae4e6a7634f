import { createHash } from 'node:crypto';
import { z } from 'zod';
import { InstallationId, RepositoryName } from './ids.ts';
import type { Delivery } from './intake-ports.ts';

// Deliveries on their way from the edge to the core, and in the spool: a head that says what they are, then their bodies, byte for
// byte. JSON alone would need the bodies as text within text, a third larger and several times slower.

/** `X-GitHub-Delivery`. */
export const DeliveryId = z
  .string()
  .max(64)
  .regex(/^[\da-f]{1,16}(-[\da-f]{1,16}){0,7}$/iu)
  .toLowerCase();

/** `X-GitHub-Event`, and the form of most actions. */
export const EventName = z.string().regex(/^[a-z][a-z\d_]{0,63}$/u);

/** GitHub sends at most 25 MB: docs.github.com, "Webhook events and payloads", payload cap. */
export const MAX_DELIVERY_BYTES = 25 * 1024 * 1024;
export const MAX_BATCH_ITEMS = 200;
/** One delivery of any size, and its head. */
export const MAX_BATCH_BYTES = MAX_DELIVERY_BYTES + 1024 * 1024;

const LENGTH_BYTES = 4;

const Head = z
  .array(
    z.object({
      deliveryId: DeliveryId,
      name: EventName,
      action: EventName.nullable(),
      installationId: InstallationId.nullable(),
      repository: RepositoryName.nullable(),
      bytes: z.number().int().nonnegative().max(MAX_DELIVERY_BYTES),
    }),
  )
  .min(1)
  .max(MAX_BATCH_ITEMS);

/** In pieces, so that no body is copied. */
export function encodeBatch(deliveries: readonly Delivery[]): Buffer[] {
  const head = deliveries.map(({ deliveryId, name, action, installationId, repository, body }) => ({
    deliveryId,
    name,
    action,
    installationId,
    repository,
    bytes: body.length,
  }));
  const text = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(text.length);
  return [length, text, ...deliveries.map(({ body }) => body)];
}

/** Null for what `encodeBatch` did not make. */
export function decodeBatch(bytes: Buffer): Delivery[] | null {
  if (bytes.length < LENGTH_BYTES) return null;
  let at = LENGTH_BYTES + bytes.readUInt32BE();
  const head = readHead(bytes.subarray(LENGTH_BYTES, at));
  if (head === null || at + head.reduce((sum, { bytes: size }) => sum + size, 0) !== bytes.length) return null;
  return head.map(({ bytes: size, ...fields }) => {
    const body = bytes.subarray(at, (at += size));
    return { ...fields, body, bodyHash: createHash('sha256').update(body).digest() };
  });
}

function readHead(bytes: Buffer): z.infer<typeof Head> | null {
  try {
    return Head.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    return null;
  }
}
