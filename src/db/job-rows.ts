import { randomUUID } from 'node:crypto';
import type { NewJob } from '../domain/jobs.ts';
import { storableJson } from './storable.ts';

/** The jobs as one json parameter, which any number of them fits into. */
export function newJobs(jobs: readonly NewJob[]): string {
  return storableJson(
    jobs.map(({ kind, payload, dedupeKey, delayMs = 0 }) => ({
      id: randomUUID(),
      kind,
      payload,
      dedupe_key: dedupeKey,
      delay_ms: delayMs,
    })),
  );
}

/** Stores what is not known yet and returns the new ids; `source` gives the json of `newJobs`. */
export function insertJobs(source: string): string {
  return `
    insert into jobs (id, kind, payload, dedupe_key, due_at)
    select id, kind, payload, dedupe_key, now() + make_interval(secs => delay_ms / 1000)
    from jsonb_to_recordset(${source}) as job (id uuid, kind text, payload jsonb, dedupe_key text, delay_ms float8)
    on conflict (dedupe_key) do nothing
    returning id`;
}
