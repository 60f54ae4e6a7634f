import { tellHappening as tell, tellHappenings as tellAll } from '../../notify/tell-happening.ts';
import type { JobHandler } from '../job.ts';

/** Tells one channel of a deployment or whatever else happened, or edits what it was told. */
export const tellHappening: JobHandler<'tell-happening'> = (context, payload) => tell(context, payload);

/** Tells one channel of several that were held back, or edits what it was told. */
export const tellHappenings: JobHandler<'tell-happenings'> = (context, payload) => tellAll(context, payload);
