import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AcceptOutcome, Delivery, Ports } from '../domain/ports.ts';
import { AppError, DatabaseUnavailableError, errorId } from '../errors.ts';
import { abandonBody, refuse, sendJson } from './answer.ts';
import { type BodyReader, createBodyReader } from './body.ts';
import { type Examination, header, namesOf, readDelivery, refused, REFUSALS } from './delivery.ts';

/** What became of a delivery that is safe now; `spooled` is one that the edge keeps until the core is back. */
type Taken = { kind: AcceptOutcome['kind'] | 'spooled' };

export interface WebhookDeps extends Pick<Ports, 'verifier' | 'log' | 'metrics'> {
  /** It is safe when this resolves; when it rejects, nobody may take it for that. */
  take(delivery: Delivery): Promise<Taken>;
}

export type WebhookRoute = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

/** GitHub gives up after 10 s (docs.github.com, "Handling failed webhook deliveries"): answer before that, and truthfully. */
const ANSWER_WITHIN_MS = 8_000;

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
    const outcome = await takeInTime(deps, examined.delivery, timeLeftMs);
    if (outcome.kind === 'failed') {
      report('unavailable', { errorId: refuse(res, REFUSALS.unavailable, outcome.errorId) });
      return;
    }
    const status = outcome.kind === 'stored' ? 'accepted' : outcome.kind;
    sendJson(res, 202, { status });
    report(status);
  };
}

/** Null when the sender went away. Until the signature has matched, a caller learns nothing but that. */
async function examine(
  req: IncomingMessage,
  { verifier, reader }: Pick<Ports, 'verifier'> & { reader: BodyReader },
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
    case 'read': {
      const sender = check.signedBy(header(req, 'x-hub-signature-256'), header(req, 'x-github-enterprise-host'));
      return sender === null ? refused(REFUSALS.signature) : readDelivery(req, outcome.body, sender);
    }
    default:
      return outcome satisfies never;
  }
}

type InTime = Taken | { kind: 'failed'; errorId: string };

/** Silence counts as a failure: it may have been committed after all, and then the next delivery of it is `repeated`. */
export async function takeInTime(
  deps: Pick<WebhookDeps, 'take' | 'log'>,
  delivery: Delivery,
  timeLeftMs: number,
): Promise<InTime> {
  const late = Promise.withResolvers<never>();
  const deadline = setTimeout(
    () => late.reject(new DatabaseUnavailableError('A delivery was not stored in time')),
    timeLeftMs,
  );
  try {
    return await Promise.race([deps.take(delivery), late.promise]);
  } catch (error) {
    const id = error instanceof AppError ? error.id : errorId();
    deps.log.error({ errorId: id, deliveryId: delivery.deliveryId, error }, 'Delivery could not be stored');
    return { kind: 'failed', errorId: id };
  } finally {
    clearTimeout(deadline);
  }
}

const SIGNED: readonly string[] = ['accepted', 'repeated', 'spooled', 'unavailable'];

/** One log line and one count per delivery. */
function reporter(deps: WebhookDeps, req: IncomingMessage, startedAt: number) {
  return (outcome: string, fields: object = {}): void => {
    const { deliveryId, event } = namesOf(req);
    const isSigned = SIGNED.includes(outcome);
    // Labels live as long as the process: only a sender who knows the secret may make new ones.
    deps.metrics.deliveries.add(1, { event: isSigned ? event : 'unknown', outcome });
    const ms = Math.round(performance.now() - startedAt);
    deps.log.info({ deliveryId, event, outcome, ms, ...fields }, 'Delivery answered');
  };
}
