import { tellHappening as tell } from '../../notify/tell-happening.ts';
import type { JobHandler } from '../job.ts';

/** Tells one channel of a deployment or whatever else happened, or edits what it was told. */
export const tellHappening: JobHandler<'tell-happening'> = (context, payload) => tell(context, payload);
