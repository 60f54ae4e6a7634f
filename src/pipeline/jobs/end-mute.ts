import { releaseHeld } from '../../notify/release.ts';
import type { JobHandler } from '../job.ts';

/** Lets a channel hear of what was held back, as far as it is due and no mute covers it. */
export const endMute: JobHandler<'end-mute'> = (context, payload) => releaseHeld(context, payload);
