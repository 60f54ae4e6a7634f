import type { ChannelId } from '../domain/ids.ts';
import type { Asker } from '../domain/member.ts';
import type { MuteScope, Ports } from '../domain/ports.ts';

type Deps = Pick<Ports, 'mutes' | 'queue' | 'clock' | 'log'>;

export interface MuteRequest {
  asker: Asker;
  channelId: ChannelId;
  scope: MuteScope;
  until: Date;
}

/** Lets a channel hear of nothing new for a time. */
export async function mute(
  { mutes, clock, log }: Deps,
  { asker, channelId, scope, until }: MuteRequest,
): Promise<void> {
  await mutes.mute(asker, channelId, { scope, until, at: clock.now() });
  log.info({ ...asker, channelId, scope, until }, 'Channel muted');
}

/** Ends every mute of a channel, and has it told of what was held back and is still open. */
export async function unmute(
  { mutes, queue, clock, log }: Deps,
  { asker, channelId }: Pick<MuteRequest, 'asker' | 'channelId'>,
): Promise<{ ended: number; held: number; others: number }> {
  const { ended, held, others, jobIds } = await mutes.unmute(asker, channelId, clock.now());
  void queue.wake(jobIds);
  log.info({ ...asker, channelId, ended, held, others }, 'Channel unmuted');
  return { ended, held, others };
}
