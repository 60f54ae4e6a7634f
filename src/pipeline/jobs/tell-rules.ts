import { tellRules as tell } from '../../notify/tell-rules.ts';
import type { JobHandler } from '../job.ts';

/** Tells a channel that the file that it takes its rules from is wrong, or gone. */
export const tellRules: JobHandler<'tell-rules'> = (context, payload) => tell(context, payload);
