import { deliverRecovery as deliver } from '../../notify/recover.ts';
import type { JobHandler } from '../job.ts';

/** Turns the message of a resolved failure green in one channel. */
export const deliverRecovery: JobHandler<'deliver-recovery'> = (context, payload) => deliver(context, payload);
