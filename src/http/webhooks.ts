import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { InstallationId, RepositoryName } from '../domain/ids.ts';
import type { AcceptOutcome, Delivery, Ports } from '../domain/ports.ts';
import { AppError, DatabaseUnavailableError, errorId } from '../errors.ts';
import { accept } from '../pipeline/accept.ts';
import { abandonBody, refuse, type Refusal, sendJson } from './answer.ts';
import { createBodyReader } from './body.ts';

export type WebhookDeps = Pick<Ports, 'verifier' | 'intake' | 'queue' | 'log' | 'metrics'>;

export type WebhookRoute = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

/** GitHub gives up after 10 s (docs.github.com, "Handling failed webhook deliveries"): answer before that, and truthfully. */
const ANSWER_WITHIN_MS = 8_000;

const DELIVERY_ID = /^[\da-f]{1,16}(-[\da-f]{1,16}){0,7}$/iu;
const EVENT_NAME = /^[a-z][a-z_]{0,63}$/u;

/** The few fields that are queried; anything else in a body is only stored. A field that does not fit counts as absent. */
const DeliveryFields = z.object({
  action: z
    .string()
    .regex(/^[a-z][a-z_]{0,63}$/u)
    .nullable()
    .catch(null),
  installation: z.object({ id: InstallationId }).nullable().catch(null),
  repository: z.object({ full_name: RepositoryName }).nullable().catch(null),
});

const REFUSALS = {
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

type Examination = { kind: 'good'; delivery: Delivery } | { kind: 'refused'; refusal: Refusal };

/**
 * The way in for GitHub's deliveries: signature over the raw bytes as they arrive, then one parse, one commit, 202. Whatever
 * goes wrong is answered with 4xx or 503 and nothing is stored, so that the sender can send it again.
 */
export function createWebhookRoute(deps: WebhookDeps, answerWithinMs = ANSWER_WITHIN_MS): WebhookRoute {
  const reader = createBodyReader();
  return async (req, res) => {
    const startedAt = performance.now();
    const report = reporter(deps, req, startedAt);
    const examined = await examine(req, { verifier: deps.verifier, reader });
    if (examined === null) return report('aborted');
    if (examined.kind === 'refused') {
      report(examined.refusal.error, { errorId: refuse(res, examined.refusal) });
      return abandonBody(req);
    }
    const timeLeftMs = Math.max(answerWithinMs - (performance.now() - startedAt), answerWithinMs / 8);
    const outcome = await acceptInTime(deps, examined.delivery, timeLeftMs);
    if (outcome.kind === 'failed') {
      report('unavailable', { errorId: refuse(res, REFUSALS.unavailable, outcome.errorId) });
      return;
    }
    const status = outcome.kind === 'stored' ? 'accepted' : 'repeated';
    sendJson(res, 202, { status });
    report(status);
  };
}

/** Null when the sender went away. Until the signature has matched, a caller learns nothing but that. */
async function examine(
  req: IncomingMessage,
  { verifier, reader }: Pick<Ports, 'verifier'> & { reader: ReturnType<typeof createBodyReader> },
): Promise<Examination | null> {
  const encoding = req.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') return refused(REFUSALS.encoding);
  const check = verifier.open();
  const outcome = await reader.read(req, (chunk) => check.update(chunk));
  switch (outcome.kind) {
    case 'aborted':
      return null;
    case 'too-large':
      return refused(REFUSALS.tooLarge);
    case 'overloaded':
      return refused(REFUSALS.overloaded);
    case 'read':
      return check.matches(header(req, 'x-hub-signature-256')) ? parse(req, outcome.body) : refused(REFUSALS.signature);
    default:
      return outcome satisfies never;
  }
}

function parse(req: IncomingMessage, raw: Buffer): Examination {
  const deliveryId = header(req, 'x-github-delivery');
  if (deliveryId === undefined || deliveryId.length > 64 || !DELIVERY_ID.test(deliveryId))
    return refused(REFUSALS.deliveryId);
  const name = header(req, 'x-github-event');
  if (name === undefined || !EVENT_NAME.test(name)) return refused(REFUSALS.eventName);
  const json = jsonBytes(req, raw);
  if (json.kind === 'refused') return json;
  const fields = readFields(json.body);
  if (fields === null) return refused(REFUSALS.body);
  const { action, installation, repository } = fields;
  return {
    kind: 'good',
    delivery: {
      deliveryId: deliveryId.toLowerCase(),
      name,
      action,
      installationId: installation?.id ?? null,
      repository: repository?.full_name ?? null,
      body: json.body,
      bodyHash: createHash('sha256').update(json.body).digest(),
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

type InTime = AcceptOutcome | { kind: 'failed'; errorId: string };

/** Silence counts as a failure: it may have been committed after all, and then the next delivery of it is `repeated`. */
async function acceptInTime(deps: WebhookDeps, delivery: Delivery, timeLeftMs: number): Promise<InTime> {
  const late = Promise.withResolvers<never>();
  const deadline = setTimeout(
    () => late.reject(new DatabaseUnavailableError('The database did not store a delivery in time')),
    timeLeftMs,
  );
  try {
    return await Promise.race([accept(deps, delivery), late.promise]);
  } catch (error) {
    const id = error instanceof AppError ? error.id : errorId();
    deps.log.error({ errorId: id, deliveryId: delivery.deliveryId, error }, 'Delivery could not be stored');
    return { kind: 'failed', errorId: id };
  } finally {
    clearTimeout(deadline);
  }
}

/** One log line and one count per delivery. What the sender wrote is only repeated where it has the form it should have. */
function reporter(deps: WebhookDeps, req: IncomingMessage, startedAt: number) {
  return (outcome: string, fields: object = {}): void => {
    const event = wellFormed(header(req, 'x-github-event'), EVENT_NAME);
    const deliveryId = wellFormed(header(req, 'x-github-delivery'), DELIVERY_ID);
    const isSigned = outcome === 'accepted' || outcome === 'repeated' || outcome === 'unavailable';
    // Labels live as long as the process: only a sender who knows the secret may make new ones.
    deps.metrics.deliveries.add(1, { event: isSigned ? event : 'unknown', outcome });
    const ms = Math.round(performance.now() - startedAt);
    deps.log.info({ deliveryId, event, outcome, ms, ...fields }, 'Delivery answered');
  };
}

function wellFormed(text: string | undefined, pattern: RegExp): string {
  return text !== undefined && text.length <= 64 && pattern.test(text) ? text : 'unknown';
}

function header(req: IncomingMessage, name: string): string | undefined {
  const value = req.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function refused(refusal: Refusal): Examination & { kind: 'refused' } {
  return { kind: 'refused', refusal };
}
