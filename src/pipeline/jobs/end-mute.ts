import { planHeld } from '../../notify/hush.ts';
import type { JobHandler } from '../job.ts';

/** Lets a channel hear of what was held back, as far as no other mute covers it. */
export const endMute: JobHandler<'end-mute'> = async (context, { workspaceId, channelId }) => {
  const at = context.clock.now();
  const ids = await context.mutes.release(workspaceId, channelId, {
    at,
    followUps: (held) => planHeld({ workspaceId, channelId, at }, held),
  });
  await context.queue.wake(ids);
  return [];
};
