import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { DeliveryId, EventName } from '../domain/delivery-batch.ts';
import { RepositoryPath } from '../domain/ids.ts';
import type { Delivery } from '../domain/ports.ts';
import { type GitHubPlace, installationOn, repositoryOn } from '../domain/servers.ts';
import type { Refusal } from './answer.ts';

/** The few fields that are queried; anything else in a body is only stored. A field that does not fit counts as absent. */
const DeliveryFields = z.object({
  action: EventName.nullable().catch(null),
  installation: z.object({ id: z.number().int().positive() }).nullable().catch(null),
  repository: z.object({ full_name: RepositoryPath }).nullable().catch(null),
});

/** Everything a sender can be told besides 202. */
export const REFUSALS = {
  tooLarge: { status: 413, error: 'too_large', message: 'A delivery has at most 25 MB.' },
  overloaded: {
    status: 503,
    error: 'overloaded',
    message: 'Too many deliveries at once. Send it again.',
    headers: { 'retry-after': '5' },
  },
  signature: { status: 401, error: 'bad_signature', message: 'The signature does not match.' },
  encoding: { status: 415, error: 'unsupported_encoding', message: 'Send the body without a content encoding.' },
  contentType: {
    status: 415,
    error: 'unsupported_type',
    message: 'Send application/json or application/x-www-form-urlencoded.',
  },
  deliveryId: { status: 400, error: 'bad_delivery_id', message: 'X-GitHub-Delivery is missing or not an id.' },
  eventName: { status: 400, error: 'bad_event_name', message: 'X-GitHub-Event is missing or not a name.' },
  body: { status: 400, error: 'bad_body', message: 'The body is not a JSON object in UTF-8.' },
  unavailable: {
    status: 503,
    error: 'unavailable',
    message: 'The delivery could not be stored. Send it again.',
    headers: { 'retry-after': '30' },
  },
} as const satisfies Record<string, Refusal>;

export type Examination = { kind: 'good'; delivery: Delivery } | { kind: 'refused'; refusal: Refusal };

/** Headers and body to a delivery of `sender`. Call it only when the signature has matched: its refusals tell what was wrong. */
export function readDelivery(req: IncomingMessage, raw: Buffer, sender: GitHubPlace): Examination {
  const deliveryId = DeliveryId.safeParse(header(req, 'x-github-delivery')).data;
  if (deliveryId === undefined) return refused(REFUSALS.deliveryId);
  const name = EventName.safeParse(header(req, 'x-github-event')).data;
  if (name === undefined) return refused(REFUSALS.eventName);
  const json = jsonBytes(req, raw);
  if (json.kind === 'refused') return json;
  const fields = readFields(json.body);
  if (fields === null) return refused(REFUSALS.body);
  const { action, installation, repository } = fields;
  return {
    kind: 'good',
    delivery: {
      deliveryId,
      name,
      action,
      installationId: installation && installationOn(sender, installation.id),
      repository: repository && repositoryOn(sender, repository.full_name),
      body: json.body,
      bodyHash: hash('sha256', json.body, 'buffer'),
    },
  };
}

/** The JSON document itself, however it was wrapped: GitHub offers both forms in a webhook's settings. */
function jsonBytes(
  req: IncomingMessage,
  raw: Buffer,
): { kind: 'json'; body: Buffer } | { kind: 'refused'; refusal: Refusal } {
  const type = (req.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/json') return { kind: 'json', body: raw };
  if (type !== 'application/x-www-form-urlencoded') return { kind: 'refused', refusal: REFUSALS.contentType };
  const payload = isUtf8(raw) ? new URLSearchParams(raw.toString('utf8')).get('payload') : null;
  if (payload === null) return { kind: 'refused', refusal: REFUSALS.body };
  return { kind: 'json', body: Buffer.from(payload, 'utf8') };
}

function readFields(body: Buffer): z.infer<typeof DeliveryFields> | null {
  if (!isUtf8(body)) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
  return DeliveryFields.safeParse(parsed).data ?? null;
}

/** What the log may repeat of a request that nobody has vouched for: names in the form they should have, else `unknown`. */
export function namesOf(req: IncomingMessage): { deliveryId: string; event: string } {
  return {
    deliveryId: DeliveryId.safeParse(header(req, 'x-github-delivery')).data ?? 'unknown',
    event: EventName.safeParse(header(req, 'x-github-event')).data ?? 'unknown',
  };
}

/** A header that came once. */
export function header(req: IncomingMessage, name: string): string | undefined {
  const value = req.headers[name];
  return typeof value === 'string' ? value : undefined;
}

export function refused(refusal: Refusal): Examination & { kind: 'refused' } {
  return { kind: 'refused', refusal };
}
