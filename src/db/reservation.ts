import { z } from 'zod';
import { JobId, MessageTs } from '../domain/ids.ts';
import type { Reservation } from '../domain/ports.ts';

/** A message that was reserved: what it is called, which job means to post it, and how that job stands. */
export const Reserved = z.object({
  ts: MessageTs.nullable(),
  /** Null where nobody has reserved it yet. */
  reservedBy: JobId.nullable(),
  /** Null when the job was forgotten, which takes days after its end. */
  holder: z.enum(['queued', 'done', 'dead']).nullable(),
});
export type Reserved = z.infer<typeof Reserved>;

/** A job that ended without saying what the message is called may have posted it. */
export function judge({ ts, reservedBy, holder }: Reserved, jobId: JobId): Reservation {
  if (ts !== null) return 'posted';
  if (reservedBy === null) return 'new';
  return reservedBy !== jobId && holder === 'queued' ? 'busy' : 'resumed';
}
