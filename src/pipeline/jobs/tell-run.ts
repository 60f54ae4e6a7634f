import { tellRun as tell } from '../../notify/tell-run.ts';
import type { JobHandler } from '../job.ts';

/** Tells one channel how an attempt stands that did not fail. */
export const tellRun: JobHandler<'tell-run'> = (context, payload) => tell(context, payload);
