import type { Room } from '../../domain/roundup.ts';
import { deliverSummary } from '../../notify/deliver.ts';
import type { JobHandler } from '../job.ts';

/** Posts a summary to one channel, or edits the message of its failure there. */
export function createDeliverSummary(room: Room): JobHandler<'deliver-summary'> {
  return (context, payload) => deliverSummary(context, payload, room);
}
