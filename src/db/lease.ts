import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import type { Lease } from '../domain/jobs.ts';
import { LeaseLostError } from '../errors.ts';
import { execute } from './statements.ts';

const LIVE_LEASE = `select 1 from jobs
  where id = ? and lease_token = ? and status = 'queued' and lease_expires_at > now()
  for update`;

/** Keeps everybody else from taking this job until the transaction of `em` ends. Throws LeaseLostError. */
export async function holdLease(em: SqlEntityManager, lease: Lease): Promise<void> {
  const held = await execute(em, z.unknown(), { text: LIVE_LEASE, parameters: [lease.jobId, lease.token] });
  if (held.length === 0) throw leaseLost(lease);
}

export function leaseLost(lease: Lease): LeaseLostError {
  return new LeaseLostError(`The lease on job ${lease.jobId} was lost`);
}
