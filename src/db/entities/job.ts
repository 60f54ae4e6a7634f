import { defineEntity, p } from '@mikro-orm/core';
import type { JobId } from '../../domain/ids.ts';

const JobSchema = defineEntity({
  name: 'Job',
  tableName: 'jobs',
  uniques: [{ name: 'jobs_dedupe_key', properties: ['dedupeKey'] }],
  indexes: [
    { name: 'jobs_due', properties: ['dueAt'], where: "status = 'queued'" },
    { name: 'jobs_prompt', properties: ['dueAt'], where: "status = 'queued' and is_prompt" },
    { name: 'jobs_finished', properties: ['finishedAt'], where: "status <> 'queued'" },
    { name: 'jobs_dead', properties: ['kind'], where: "status = 'dead'" },
  ],
  properties: {
    id: p.uuid().$type<JobId>().primary(),
    kind: p.text(),
    payload: p.json<Record<string, unknown>>(),
    dedupeKey: p.text(),
    /** Comes before what is not. */
    isPrompt: p.boolean().default(false),
    /** A leased job is still `queued`: a lease ends by itself. */
    status: p.enum(['queued', 'done', 'dead'] as const).default('queued'),
    attempt: p.integer().default(0),
    crashes: p.integer().default(0),
    dueAt: p.datetime().defaultRaw('now()'),
    leaseToken: p.uuid().strictNullable(),
    leaseExpiresAt: p.datetime().strictNullable(),
    /** When a sweep handed it out last. */
    wokenAt: p.datetime().strictNullable(),
    lastError: p.text().strictNullable(),
    createdAt: p.datetime().defaultRaw('now()'),
    finishedAt: p.datetime().strictNullable(),
  },
});

/** A piece of work; the truth about what is to be done. */
export class Job extends JobSchema.class {}
JobSchema.setClass(Job);
