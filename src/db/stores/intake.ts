import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { GroupCommit } from '../../domain/group-commit.ts';
import { EventId, JobId } from '../../domain/ids.ts';
import type { AcceptOutcome, Delivery, Intake } from '../../domain/ports.ts';
import { AppError, DatabaseUnavailableError } from '../../errors.ts';
import { withoutValues } from '../errors.ts';
import type { Parameter, Prepared, Statements } from '../statements.ts';
import { storableText } from '../storable.ts';

/** GitHub gives a delivery up after 10 s; the answer must be on its way before. */
const DEADLINE_MS = 7000;
/** A batch larger than this gains nothing more. */
const MOST_BYTES = 16 * 1024 * 1024;

const REFUSALS = {
  late: `The database did not answer within ${DEADLINE_MS} ms`,
  full: 'Too much is waiting for the database',
};

const Stored = z.object({ hash: z.string(), jobId: JobId });

const COLUMNS = ['id', 'delivery_id', 'name', 'action', 'installation_id', 'repository', 'body', 'body_hash'];

/**
 * Batches have one of these sizes, so that there are few statements and PostgreSQL knows each by its name. To plan one means to copy all of
 * its bodies several times, which costs it three times what storing them does.
 */
const SIZES = [64, 32, 16, 8, 4, 2, 1];

/** The way in, and how to wait for what is under way at the end. */
export function createIntake(statements: Statements): { intake: Intake; settle(): Promise<void> } {
  const group = new GroupCommit<Delivery, AcceptOutcome>({
    commit: (deliveries) => commit(statements, deliveries),
    bytesOf: ({ body }) => body.length,
    deadlineMs: DEADLINE_MS,
    sizeOf: (gathered) => SIZES.find((size) => size <= gathered) ?? 1,
    mostBytes: MOST_BYTES,
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
    const stored = await statements.query(Stored, insertOf(deliveries.length), deliveries.flatMap(toParameters));
    const jobs = new Map(stored.map(({ hash, jobId }) => [hash, jobId]));
    const known = deliveries.map(keyOf).filter((key) => !jobs.has(key));
    if (known.length === 0) return jobs;
    for (const { hash, jobId } of await statements.query(Stored, RESTART, [JSON.stringify(known)]))
      jobs.set(hash, jobId);
    return jobs;
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

const inserts = new Map<number, Prepared>();

/**
 * Stores what is new with its first job, which has the event's id. Whoever is answered wakes the job, so the sweep looks for it only once
 * that must have failed.
 */
function insertOf(count: number): Prepared {
  const known = inserts.get(count);
  if (known !== undefined) return known;
  const numbers = (row: number): string => COLUMNS.map((_, at) => `$${row * COLUMNS.length + at + 1}`).join(', ');
  const rows = Array.from({ length: count }, (_, row) => `(${numbers(row)})`);
  const text = `
    with stored as (
      insert into events (${COLUMNS.join(', ')}) values ${rows.join(', ')}
      on conflict (body_hash) do nothing
      returning id, body_hash
    ), started as (
      insert into jobs (id, kind, payload, dedupe_key, woken_at)
      select id, 'process-event', jsonb_build_object('eventId', id), 'event:' || id, now() from stored
    )
    select encode(body_hash, 'hex') as hash, id as "jobId" from stored`;
  const insert = { name: `intake-${count}`, text };
  inserts.set(count, insert);
  return insert;
}

/**
 * A delivery known before whose job was parked starts that job again: asking GitHub to deliver once more is how a person gets a failed
 * delivery processed.
 */
const RESTART = `
  update jobs
  set status = 'queued', attempt = 0, crashes = 0, due_at = now(), finished_at = null, last_error = null, woken_at = now()
  from events
  where events.body_hash in (select decode(hash, 'hex') from jsonb_array_elements_text($1::jsonb) as hash)
    and jobs.dedupe_key = 'event:' || events.id and jobs.status = 'dead'
  returning encode(events.body_hash, 'hex') as hash, jobs.id as "jobId"`;
