import { tellSight as tell } from '../../notify/tell-sight.ts';
import type { JobHandler } from '../job.ts';

/** Tells a channel what became of an installation, or of repositories that its rules name. */
export const tellSight: JobHandler<'tell-sight'> = (context, payload) => tell(context, payload);
