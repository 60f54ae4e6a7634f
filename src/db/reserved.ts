import { z } from 'zod';
import { JobId, MessageTs } from '../domain/ids.ts';
import type { Reservation } from '../domain/ports.ts';

/** A row that stands for a message, with the job that means to post it. */
export const Reserved = z.object({
  ts: MessageTs.nullable(),
  reservedBy: JobId,
  /** Null when the job was forgotten, which takes days after its end. */
  holder: z.enum(['queued', 'done', 'dead']).nullable(),
});
export type Reserved = z.infer<typeof Reserved>;

/** The columns of `Reserved`. */
export const RESERVED = `
  ts, reserved_by as "reservedBy", (select status from jobs where jobs.id = reserved_by) as holder`;

/** A job that ended without saying what the message is called may have posted it. */
export function judge(
  row: Pick<Reserved, 'reservedBy' | 'holder'> & (Pick<Reserved, 'ts'> | { isPosted: boolean }),
  jobId: JobId,
): Exclude<Reservation, 'new'> {
  const { reservedBy, holder } = row;
  if ('ts' in row ? row.ts !== null : row.isPosted) return 'posted';
  return reservedBy !== jobId && holder === 'queued' ? 'busy' : 'resumed';
}
