import { takeRules } from '../../notify/rule-file.ts';
import type { JobHandler } from '../job.ts';

/** Reads the file of rules of a repository, for every channel that takes its rules from there. */
export const readRules: JobHandler<'read-rules'> = async (context, payload) => {
  if (!(await context.workspaces.isActive(payload.workspaceId))) return [];
  await takeRules(context, payload, { occasion: context.lease.jobId });
  return [];
};
