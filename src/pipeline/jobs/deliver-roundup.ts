import { deliverRoundup as deliver } from '../../notify/roundup.ts';
import type { JobHandler } from '../job.ts';

/** Posts the message that lists several failures, or edits it. */
export const deliverRoundup: JobHandler<'deliver-roundup'> = (context, payload) => deliver(context, payload);
