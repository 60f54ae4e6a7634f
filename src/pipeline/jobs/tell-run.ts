import { tellRun as tell } from '../../notify/tell-run.ts';
import type { JobHandler } from '../job.ts';
import { withTraits } from '../traits.ts';

/** Tells one channel how an attempt stands that did not fail, once it is known what its rules want to know. */
export const tellRun: JobHandler<'tell-run'> = async (context, payload) => {
  const { workspaceId, channelId } = payload;
  const run = await context.runs.find(workspaceId, payload);
  const subscriptions = await context.subscriptions.inChannel(workspaceId, channelId);
  if (run !== null) await withTraits(context, workspaceId, { run, subscriptions });
  return await tell(context, payload);
};
