import { refreshFailure as refresh } from '../../notify/refresh.ts';
import type { JobHandler } from '../job.ts';

/** Edits the message of a failure in one channel, after a person did something about it. */
export const refreshFailure: JobHandler<'refresh-failure'> = (context, payload) => refresh(context, payload);
