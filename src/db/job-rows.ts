import { randomUUID } from 'node:crypto';
import { isPrompt, type NewJob } from '../domain/jobs.ts';
import { storableJson } from './storable.ts';

/** The jobs as one json parameter, which any number of them fits into. */
export function newJobs(jobs: readonly NewJob[]): string {
  return storableJson(
    jobs.map((job) => ({
      id: randomUUID(),
      kind: job.kind,
      payload: job.payload,
      dedupe_key: job.dedupeKey,
      delay_ms: job.delayMs ?? 0,
      is_prompt: isPrompt(job),
    })),
  );
}

/** Stores what is not known yet and returns the new ids; `source` gives the json of `newJobs`. */
export function insertJobs(source: string): string {
  return `
    insert into jobs (id, kind, payload, dedupe_key, due_at, is_prompt)
    select id, kind, payload, dedupe_key, now() + make_interval(secs => delay_ms / 1000), is_prompt
    from jsonb_to_recordset(${source})
      as job (id uuid, kind text, payload jsonb, dedupe_key text, delay_ms float8, is_prompt boolean)
    on conflict (dedupe_key) do nothing
    returning id`;
}
