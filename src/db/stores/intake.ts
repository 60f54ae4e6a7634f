import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { GroupCommit } from '../../domain/group-commit.ts';
import { EventId, JobId } from '../../domain/ids.ts';
import type { AcceptOutcome, Delivery, Intake } from '../../domain/ports.ts';
import { AppError, DatabaseUnavailableError } from '../../errors.ts';
import { withoutValues } from '../errors.ts';
import type { Parameter, Statements } from '../statements.ts';
import { storableText } from '../storable.ts';

/** GitHub gives a delivery up after 10 s; the answer must be on its way before. */
const DEADLINE_MS = 7000;
/** A batch larger than this gains nothing more, and its statement has a limit of 65,535 parameters. */
const MOST = { items: 500, bytes: 16 * 1024 * 1024 };

const REFUSALS = {
  late: `The database did not answer within ${DEADLINE_MS} ms`,
  full: 'Too much is waiting for the database',
};

const Started = z.object({ hash: z.string(), jobId: JobId });

const COLUMNS = ['id', 'delivery_id', 'name', 'action', 'installation_id', 'repository', 'body', 'body_hash'];

/** The way in, and how to wait for what is under way at the end. */
export function createIntake(statements: Statements): { intake: Intake; settle(): Promise<void> } {
  const group = new GroupCommit<Delivery, AcceptOutcome>({
    commit: (deliveries) => commit(statements, deliveries),
    bytesOf: ({ body }) => body.length,
    deadlineMs: DEADLINE_MS,
    most: MOST,
    refusal: (reason) => new DatabaseUnavailableError(REFUSALS[reason]),
  });
  return { intake: { accept: (delivery) => group.add(delivery) }, settle: () => group.settle() };
}

async function commit(statements: Statements, deliveries: readonly Delivery[]): Promise<AcceptOutcome[]> {
  const distinct = new Map(deliveries.map((delivery) => [keyOf(delivery), delivery]));
  const jobs = await store(statements, [...distinct.values()]);
  return deliveries.map((delivery) => {
    const key = keyOf(delivery);
    const jobId = jobs.get(key);
    jobs.delete(key); // the same body again in this batch is a repeat
    return jobId === undefined ? { kind: 'repeated' } : { kind: 'stored', jobId };
  });
}

function keyOf({ bodyHash }: Delivery): string {
  return bodyHash.toString('hex');
}

async function store(statements: Statements, deliveries: readonly Delivery[]): Promise<Map<string, JobId>> {
  try {
    const started = await statements.query(Started, statementFor(deliveries.length), deliveries.flatMap(toParameters));
    return new Map(started.map(({ hash, jobId }) => [hash, jobId]));
  } catch (error) {
    // Whatever it was, nobody may take these for stored.
    if (error instanceof AppError) throw error;
    throw new DatabaseUnavailableError('Deliveries could not be stored', { cause: withoutValues(error) });
  }
}

function toParameters(delivery: Delivery): Parameter[] {
  const { deliveryId, name, action, installationId, repository, body, bodyHash } = delivery;
  return [
    EventId.parse(randomUUID()),
    storableText(deliveryId),
    storableText(name),
    action === null ? null : storableText(action),
    installationId,
    repository,
    body,
    bodyHash,
  ];
}

/**
 * Stores what is new with its first job. A delivery known before whose job was parked starts that job again: asking GitHub
 * to deliver once more is how a person gets a failed delivery processed.
 */
function statementFor(count: number): string {
  const numbers = Array.from({ length: count }, (_, row) =>
    COLUMNS.map((_, column) => row * COLUMNS.length + column + 1),
  );
  const values = numbers.map((row) => `(${row.map((number) => `$${number}`).join(', ')})`).join(', ');
  const hashes = numbers.map((row) => `$${row.at(-1)}`).join(', ');
  return `
    with stored as (
      insert into events (${COLUMNS.join(', ')}) values ${values}
      on conflict (body_hash) do nothing
      returning id, body_hash
    ), started as (
      insert into jobs (id, kind, payload, dedupe_key)
      select gen_random_uuid(), 'process-event', jsonb_build_object('eventId', id), 'event:' || id from stored
      returning id, dedupe_key
    ), restarted as (
      update jobs
      set status = 'queued', attempt = 0, crashes = 0, due_at = now(), finished_at = null, last_error = null, woken_at = null
      from events
      where events.body_hash in (${hashes}) and jobs.dedupe_key = 'event:' || events.id and jobs.status = 'dead'
      returning jobs.id, events.body_hash
    )
    select encode(stored.body_hash, 'hex') as hash, started.id as "jobId"
      from stored join started on started.dedupe_key = 'event:' || stored.id
    union all
    select encode(body_hash, 'hex'), id from restarted`;
}
