import type { IncomingMessage, ServerResponse } from 'node:http';
import { CI_EVENT_NAME } from '../../domain/ci.ts';
import type { EventRelay, Ports } from '../../domain/ports.ts';
import { AppError, errorId } from '../../errors.ts';
import { abandonBody, refuse, send } from '../answer.ts';
import { createBodyReader } from '../body.ts';
import { header } from '../delivery.ts';
import { CI_EVENT_LIMITS, CI_REFUSALS, receiveCiEvent } from './events.ts';

export type EventRelayDeps = Pick<Ports, 'log' | 'metrics'> & { relay: EventRelay };

/** What the core reads of a request; nothing else of it goes on. */
const HANDED_ON = ['content-type', 'authorization', 'x-cortex-source', 'x-cortex-signature'];
/** What the core answers to an event. Everything else is no answer of its route, and says nothing about the event. */
const ANSWERS: ReadonlySet<number> = new Set([202, 400, 401, 413, 415, 422, 429, 503]);

/**
 * The way in for other CI systems at the edge: bounded, and handed on as it came. The core checks the proof and answers; 202 is its word,
 * and without one the sender hears 503. Nothing waits in the spool: nobody has vouched for it, and the proof is good for minutes.
 */
export function createEventRelayRoute({ relay, log, metrics }: EventRelayDeps) {
  const reader = createBodyReader(CI_EVENT_LIMITS);
  const report = (outcome: string, fields: object): void => {
    metrics.deliveries.add(1, { event: CI_EVENT_NAME, outcome });
    log.info({ outcome, ...fields }, 'Event of another CI system answered');
  };
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const received = await receiveCiEvent(req, reader);
    if (received === null) return;
    if (received.kind === 'refused') {
      report(received.refusal.error, { errorId: refuse(res, received.refusal) });
      return abandonBody(req);
    }
    try {
      const answer = await relay.relay({ headers: headersOf(req), body: received.body });
      const { status, text, retryAfter } = answer;
      if (!ANSWERS.has(status)) return report('unavailable', { status, errorId: refuse(res, CI_REFUSALS.unavailable) });
      const headers = retryAfter === null ? {} : { headers: { 'retry-after': retryAfter } };
      send(res, { status, type: 'application/json; charset=utf-8', body: text, ...headers });
      report(status === 202 ? 'accepted' : 'refused', { status });
    } catch (error) {
      const id = error instanceof AppError ? error.id : errorId();
      log.warn({ errorId: id, error }, 'Event of another CI system could not be handed on');
      report('unavailable', { errorId: refuse(res, CI_REFUSALS.unavailable, id) });
    }
  };
}

function headersOf(req: IncomingMessage): Record<string, string> {
  const named = HANDED_ON.map((name) => [name, header(req, name)] as const);
  return Object.fromEntries(named.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
