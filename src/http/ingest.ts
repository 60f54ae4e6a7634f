import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type BatchPass, type IngestKey, readBatchPass } from '../auth/ingest-token.ts';
import { decodeBatch, MAX_BATCH_BYTES } from '../domain/delivery-batch.ts';
import type { AcceptOutcome, Delivery, Ports } from '../domain/ports.ts';
import { AppError, errorId } from '../errors.ts';
import { abandonBody, refuse, type Refusal, sendJson } from './answer.ts';
import { type BodyReader, createBodyReader, MAX_BUFFERED_BYTES } from './body.ts';
import { header, REFUSALS } from './delivery.ts';

/** Where the edge hands deliveries on. */
export const INGEST_PATH = '/ingest/deliveries';

export interface IngestDeps extends Pick<Ports, 'clock' | 'log' | 'metrics' | 'spentTokens'> {
  /** The current one and, during a rotation, the one before. */
  keys: readonly IngestKey[];
  /** Committed when it resolves. */
  take: (delivery: Delivery) => Promise<Pick<AcceptOutcome, 'kind'>>;
}

type Examination =
  { kind: 'good'; deliveries: Delivery[] } | { kind: 'refused'; refusal: Refusal } | { kind: 'aborted' };

const NO_PASS = { status: 401, error: 'bad_token', message: 'The token is not good for this.' } as const;
const NO_BATCH = { status: 400, error: 'bad_batch', message: 'The body is no batch of deliveries.' } as const;

/** The way in for batches from the edge, which has checked GitHub's signatures. 202 only when every delivery in it is committed. */
export function createIngestRoute(deps: IngestDeps): (req: IncomingMessage, res: ServerResponse) => Promise<void> {
  const reader = createBodyReader({ body: MAX_BATCH_BYTES, buffered: MAX_BUFFERED_BYTES });
  return async (req, res) => {
    const startedAt = performance.now();
    const examined = await examine(deps, req, reader);
    if (examined.kind === 'aborted') return;
    if (examined.kind === 'refused') {
      const id = refuse(res, examined.refusal);
      deps.log.warn({ errorId: id, outcome: examined.refusal.error }, 'Batch refused');
      return abandonBody(req);
    }
    const { deliveries } = examined;
    const outcomes = await takeAll(deps, deliveries);
    const ms = Math.round(performance.now() - startedAt);
    if (outcomes === null) {
      const id = refuse(res, REFUSALS.unavailable);
      deps.log.error({ errorId: id, deliveries: deliveries.length, ms }, 'Batch could not be stored');
      return;
    }
    sendJson(res, 202, { outcomes });
    deps.log.info({ deliveries: deliveries.length, ms }, 'Batch answered');
  };
}

/** Who shows no good token is told so before anything is read of the body. */
async function examine(deps: IngestDeps, req: IncomingMessage, reader: BodyReader): Promise<Examination> {
  const [, token = ''] = /^Bearer (\S+)$/u.exec(header(req, 'authorization') ?? '') ?? [];
  const pass = readBatchPass(deps, token);
  if (pass === null) return { kind: 'refused', refusal: NO_PASS };
  const sum = createHash('sha256');
  const outcome = await reader.read(req, (chunk) => sum.update(chunk));
  switch (outcome.kind) {
    case 'aborted':
      return outcome;
    case 'too-large':
      return { kind: 'refused', refusal: REFUSALS.tooLarge };
    case 'overloaded':
      return { kind: 'refused', refusal: REFUSALS.overloaded };
    case 'read':
      return await open(deps, outcome.body, { pass, sum: sum.digest() });
    default:
      return outcome satisfies never;
  }
}

async function open(
  { spentTokens, log }: IngestDeps,
  body: Buffer,
  { pass, sum }: { pass: BatchPass; sum: Buffer },
): Promise<Examination> {
  if (!timingSafeEqual(sum, pass.bodyHash)) return { kind: 'refused', refusal: NO_PASS };
  try {
    if (!(await spentTokens.spendOnce(pass.once))) return { kind: 'refused', refusal: NO_PASS };
  } catch (error) {
    log.error({ errorId: idOf(error), error }, 'A token could not be marked as used');
    return { kind: 'refused', refusal: REFUSALS.unavailable };
  }
  const deliveries = decodeBatch(body);
  return deliveries === null ? { kind: 'refused', refusal: NO_BATCH } : { kind: 'good', deliveries };
}

/** Null when one of them could not be stored: then the edge must send all of them again, and what was stored is known by its hash. */
async function takeAll(
  { take, log, metrics }: IngestDeps,
  deliveries: readonly Delivery[],
): Promise<Array<AcceptOutcome['kind']> | null> {
  const settled = await Promise.allSettled(deliveries.map((delivery) => take(delivery)));
  const outcomes = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value.kind] : []));
  for (const [index, { name: event }] of deliveries.entries()) {
    const each = settled[index];
    const outcome = each?.status !== 'fulfilled' ? 'unavailable' : OUTCOME[each.value.kind];
    metrics.deliveries.add(1, { event, outcome });
  }
  const failed = settled.find((each) => each.status === 'rejected');
  if (failed === undefined) return outcomes;
  log.error({ errorId: idOf(failed.reason), error: failed.reason }, 'Delivery could not be stored');
  return null;
}

const OUTCOME = { stored: 'accepted', repeated: 'repeated' } as const satisfies Record<AcceptOutcome['kind'], string>;

function idOf(error: unknown): string {
  return error instanceof AppError ? error.id : errorId();
}
