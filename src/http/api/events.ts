import { isUtf8 } from 'node:buffer';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import { type CiCredentials, isProven, readCredentials } from '../../auth/ci-signature.ts';
import { CI_EVENT_NAME, CiEvent, type CiReport, type CiSource } from '../../domain/ci.ts';
import type { Delivery, Ports } from '../../domain/ports.ts';
import { runOf } from '../../pipeline/ci-reports.ts';
import { abandonBody, refuse, type Refusal, sendJson } from '../answer.ts';
import { type BodyReader, createBodyReader } from '../body.ts';
import { header } from '../delivery.ts';
import { accept } from '../../pipeline/accept.ts';
import { takeInTime } from '../webhooks.ts';

export type CiEventDeps = Pick<
  Ports,
  'ciSources' | 'linkedLogs' | 'rateLimits' | 'intake' | 'queue' | 'clock' | 'log' | 'metrics'
>;

export const CI_EVENTS_PATH = '/api/v1/events';

/** Longer logs are fetched by their address. */
const MAX_BYTES = 5 * 1024 * 1024;
/** Of one event, and of all that are in flight together. */
export const CI_EVENT_LIMITS = { body: MAX_BYTES, buffered: 16 * MAX_BYTES } as const;
const ANSWER_WITHIN_MS = 8_000;
const LIMIT = { points: 120, perMs: 60_000 } as const;
/** What is wrong with a body: so many mistakes are named, so long. */
const PROBLEMS = 5;
const PROBLEM_MAX = 200;

/** What a sender can be told besides 202, where its event itself is not at fault. */
export const CI_REFUSALS = {
  tooLarge: {
    status: 413,
    error: 'too_large',
    message: 'An event has at most 5 MB. Give the address of a longer log.',
  },
  overloaded: {
    status: 503,
    error: 'overloaded',
    message: 'Too many events at once. Send it again.',
    headers: { 'retry-after': '5' },
  },
  type: {
    status: 415,
    error: 'unsupported_type',
    message: 'Send application/json in UTF-8, without a content encoding.',
  },
  proof: {
    status: 401,
    error: 'not_authenticated',
    message: 'The source is not known, or its signature or token does not match or is older than 5 minutes.',
  },
  json: { status: 400, error: 'bad_json', message: 'The body is not a JSON document in UTF-8.' },
  unavailable: {
    status: 503,
    error: 'unavailable',
    message: 'The event could not be stored. Send it again.',
    headers: { 'retry-after': '30' },
  },
} as const satisfies Record<string, Refusal>;

type Examined = { kind: 'good'; report: CiReport; delivery: Delivery } | { kind: 'refused'; refusal: Refusal };

/**
 * The way in for other CI systems: who it is, then one parse, one commit, 202. Whatever goes wrong is answered with 4xx or 503 and
 * nothing is stored.
 */
export function createCiEventRoute(deps: CiEventDeps) {
  const reader = createBodyReader(CI_EVENT_LIMITS);
  // For a source that is not there the same is done as for one that is.
  const decoy = randomBytes(32).toString('hex');
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const examined = await examine(deps, req, { reader, decoy });
    if (examined === null) return;
    if (examined.kind === 'refused') {
      const { refusal } = examined;
      report(deps, refusal.error, { errorId: refuse(res, refusal) });
      return abandonBody(req);
    }
    const { delivery } = examined;
    const { log } = deps;
    const outcome = await takeInTime({ log, take: (each) => accept(deps, each) }, delivery, ANSWER_WITHIN_MS);
    if (outcome.kind === 'failed') {
      return report(deps, 'unavailable', { errorId: refuse(res, CI_REFUSALS.unavailable, outcome.errorId) });
    }
    const status = outcome.kind === 'stored' ? 'accepted' : 'repeated';
    sendJson(res, 202, { status, repository: delivery.repository });
    report(deps, status, { sourceId: examined.report.source.id, repository: delivery.repository });
  };
}

/**
 * A body with something that may be a proof beside it; who shows none is told so before anything is read. Null when the sender went away.
 */
export async function receiveCiEvent(
  req: IncomingMessage,
  reader: BodyReader,
): Promise<
  { kind: 'received'; body: Buffer; credentials: CiCredentials } | { kind: 'refused'; refusal: Refusal } | null
> {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = req.headers;
  if (!/^application\/json(?:;|$)/iu.test(type) || encoding.toLowerCase() !== 'identity')
    return refused(CI_REFUSALS.type);
  const credentials = readCredentials({
    authorization: header(req, 'authorization'),
    source: header(req, 'x-cortex-source'),
    signature: header(req, 'x-cortex-signature'),
  });
  if (credentials === null) return refused(CI_REFUSALS.proof);
  const read = await reader.read(req, () => {});
  if (read.kind === 'aborted') return null;
  if (read.kind !== 'read') return refused(read.kind === 'too-large' ? CI_REFUSALS.tooLarge : CI_REFUSALS.overloaded);
  return { kind: 'received', body: read.body, credentials };
}

/** Null when the sender went away. */
async function examine(
  deps: CiEventDeps,
  req: IncomingMessage,
  { reader, decoy }: { reader: BodyReader; decoy: string },
): Promise<Examined | null> {
  const received = await receiveCiEvent(req, reader);
  if (received === null || received.kind === 'refused') return received;
  const { body, credentials } = received;
  const known = await deps.ciSources.findKey(credentials.sourceId);
  const isSame = isProven(deps.clock, credentials, { secret: known?.secret ?? decoy, body });
  if (known === null || !isSame) return refused(CI_REFUSALS.proof);
  const waitMs = await deps.rateLimits.take(`ci-events:${known.source.id}`, LIMIT);
  return waitMs > 0 ? refused(tooMany(waitMs)) : readReport(deps, known.source, body);
}

function readReport({ clock, linkedLogs }: CiEventDeps, source: CiSource, body: Buffer): Examined {
  const json = parseJson(body);
  if (json === undefined) return refused(CI_REFUSALS.json);
  const parsed = CiEvent.safeParse(json);
  if (!parsed.success) return refused(misfit(parsed.error));
  const event = parsed.data;
  for (const [index, { log }] of event.jobs.entries()) {
    const why = 'url' in log ? linkedLogs.refusal({ url: log.url, hosts: source.logHosts }) : null;
    if (why !== null) return refused(refusedLog(index, why));
  }
  const { id, workspaceId, name } = source;
  const report: CiReport = { source: { id, workspaceId, name }, receivedAt: clock.now().toISOString(), event };
  return { kind: 'good', report, delivery: deliveryOf(report, body) };
}

/** Stored beside GitHub's deliveries, and like them known again: by the sender's own id for it, or else by the body. */
function deliveryOf(report: CiReport, body: Buffer): Delivery {
  const { source, event } = report;
  const identity = createHash('sha256').update(`${CI_EVENT_NAME} ${source.workspaceId} ${source.name} `);
  identity.update(event.id === undefined ? body : `id ${event.id}`);
  return {
    deliveryId: randomUUID(),
    name: CI_EVENT_NAME,
    action: event.status,
    installationId: null,
    repository: runOf(report).repository,
    body: Buffer.from(JSON.stringify(report), 'utf8'),
    bodyHash: identity.digest(),
  };
}

function parseJson(body: Buffer): unknown {
  if (!isUtf8(body)) return undefined;
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function misfit({ issues }: z.ZodError): Refusal {
  const named = issues.slice(0, PROBLEMS).map(({ path, message }) => {
    const where = path.length === 0 ? 'the event' : path.map(String).join('.');
    return `${where}: ${message}`.slice(0, PROBLEM_MAX).toWellFormed();
  });
  const left = issues.length - named.length;
  const message = `${named.join('; ')}${left > 0 ? `; and ${left} more` : ''}. docs/api.md describes every field.`;
  return { status: 422, error: 'bad_event', message };
}

function refusedLog(index: number, why: string): Refusal {
  const message = `jobs.${index}.log.url: ${why}. The operator names the hosts of a source: cortex sources add --log-host.`;
  return { status: 422, error: 'log_not_allowed', message };
}

function tooMany(waitMs: number): Refusal {
  const seconds = Math.ceil(waitMs / 1_000);
  const message = `A source sends at most ${LIMIT.points} events a minute. Try again in ${seconds} s.`;
  return { status: 429, error: 'too_many', message, headers: { 'retry-after': String(seconds) } };
}

function refused(refusal: Refusal): { kind: 'refused'; refusal: Refusal } {
  return { kind: 'refused', refusal };
}

function report({ metrics, log }: CiEventDeps, outcome: string, fields: object): void {
  metrics.deliveries.add(1, { event: CI_EVENT_NAME, outcome });
  log.info({ outcome, ...fields }, 'Event of another CI system answered');
}
