import { tellAdmin } from '../../notify/tell-admin.ts';
import type { JobHandler } from '../job.ts';

/** Tells one admin of a workspace, in a direct message. */
export const notifyAdmin: JobHandler<'notify-admin'> = (context, payload) => tellAdmin(context, payload);
