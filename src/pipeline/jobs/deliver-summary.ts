import { deliverSummary as deliver } from '../../notify/deliver.ts';
import type { JobHandler } from '../job.ts';

/** Posts a summary to one channel, or edits the message of its failure there. */
export const deliverSummary: JobHandler<'deliver-summary'> = (context, payload) => deliver(context, payload);
