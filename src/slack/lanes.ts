import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkspaceId } from '../domain/ids.ts';
import type { Clock, Place, RateLimits } from '../domain/ports.ts';
import { SlackUnavailableError } from '../errors.ts';

/** Slack takes about one message per second and channel, and short bursts: docs.slack.dev/apis/web-api/rate-limits. */
const CHANNEL_LIMIT = { points: 5, perMs: 5_000 };

/** The longest that a call waits in line. Beyond that its job is put off, so that a busy channel holds no worker from the others. */
const MAX_WAIT_MS = 1_000;

/** The next of those who were put off comes so much later, so that each finds room and they do not all ask at once. */
const SLOT_MS = CHANNEL_LIMIT.perMs / CHANNEL_LIMIT.points;
/** No slot is further away: those before may need less than it seems. */
const MAX_SLOT_MS = 60_000;

/** One line per channel, so that a busy channel never holds up another. */
export interface Lanes {
  /** Resolves when it is our turn. Throws SlackUnavailableError with the time until then where that is too long. */
  enter(workspaceId: WorkspaceId, channelId: Place['channelId']): Promise<void>;
  /** Slack told us to wait with this channel. */
  pause(workspaceId: WorkspaceId, channelId: Place['channelId'], ms: number): void;
  /** Lets nobody wait any longer. */
  stop(): void;
}

export function createLanes({ rateLimits, clock }: { rateLimits: RateLimits; clock: Clock }): Lanes {
  const stopping = new AbortController();
  const pausedUntil = new Map<string, number>();
  const pauseLeft = (lane: string): number => {
    const left = (pausedUntil.get(lane) ?? 0) - clock.now().getTime();
    if (left <= 0) pausedUntil.delete(lane);
    return Math.max(left, 0);
  };
  const nextSlot = new Map<string, number>();
  const bookSlot = (lane: string, waitMs: number): number => {
    const now = clock.now().getTime();
    const slot = Math.min(Math.max(now + waitMs, nextSlot.get(lane) ?? 0), now + MAX_SLOT_MS);
    nextSlot.set(lane, slot + SLOT_MS);
    return slot - now;
  };
  const forgetSlots = (lane: string): void => {
    if ((nextSlot.get(lane) ?? 0) <= clock.now().getTime()) nextSlot.delete(lane);
  };
  return {
    async enter(workspaceId, channelId) {
      const lane = `${workspaceId}:${channelId}`;
      for (let waited = 0; ;) {
        const wait = pauseLeft(lane) || (await rateLimits.take(`slack-channel:${lane}`, CHANNEL_LIMIT));
        if (wait === 0) return forgetSlots(lane);
        if (stopping.signal.aborted || waited + wait > MAX_WAIT_MS) {
          throw new SlackUnavailableError('It is not our turn in this channel yet', {
            retryAfterMs: bookSlot(lane, wait),
          });
        }
        await sleep(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
        waited += wait;
      }
    },
    pause(workspaceId, channelId, ms) {
      pausedUntil.set(`${workspaceId}:${channelId}`, clock.now().getTime() + ms);
    },
    stop() {
      stopping.abort();
    },
  };
}
