import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { ChannelId, JobId, MessageTs, TeamId, UserId, WorkspaceId } from '../../src/domain/ids.ts';
import type { Ports } from '../../src/domain/ports.ts';
import { SlackUnavailableError } from '../../src/errors.ts';
import { openStream } from '../../src/notify/answer-stream.ts';
import { only } from '../support/memory-stores.ts';

const workspaceId = WorkspaceId.parse('T0ACME');
const TS = MessageTs.parse('1700000000.000001');
const request = {
  workspaceId,
  channelId: ChannelId.parse('C0PAYMENTS'),
  userId: UserId.parse('U0ADA'),
  post: { threadTs: MessageTs.parse('1700000000.000000'), teamId: TeamId.parse('T0ACME') },
};

/** Slack, and what we keep, for one job; `failing` says when the next beginning fails, if it does. */
function aScene() {
  const kept: { ts: MessageTs | null; isReserved: boolean } = { ts: null, isReserved: false };
  const scene = { begun: 0, failing: null as null | 'before' | 'after' };
  const posts = only<Ports['posts']>({
    async reserve() {
      const state = kept.ts === null ? (kept.isReserved ? 'resumed' : 'new') : 'posted';
      kept.isReserved = true;
      return { ts: kept.ts, shown: null, state };
    },
    async setTs(_workspaceId, _lease, { ts }) {
      kept.ts = ts;
    },
  });
  const messenger = only<Ports['messenger']>({
    async startStream(_workspaceId, _place, { mayBegin }) {
      const { failing } = scene;
      scene.failing = null;
      if (failing === 'before') throw new SlackUnavailableError('not our turn', { retryAfterMs: 2_000 });
      if (!(await mayBegin())) return null;
      scene.begun += 1;
      if (failing === 'after') throw new SlackUnavailableError('no answer');
      return TS;
    },
  });
  const lease = { jobId: JobId.parse(randomUUID()), token: 'a' };
  return { scene, open: () => openStream({ messenger, posts, lease }, request) };
}

test('a stream that had no turn begins in the next try', async () => {
  const { scene, open } = aScene();
  scene.failing = 'before';
  await expect(open()).rejects.toThrow(SlackUnavailableError);
  expect(await open()).toBe(TS);
  expect(scene.begun).toBe(1);
});

test('a stream that may have begun begins no other, and one that did is gone on with', async () => {
  const lost = aScene();
  lost.scene.failing = 'after';
  await expect(lost.open()).rejects.toThrow(SlackUnavailableError);
  expect(await lost.open()).toBeNull();
  expect(lost.scene.begun).toBe(1);

  const known = aScene();
  expect([await known.open(), await known.open()]).toEqual([TS, TS]);
  expect(known.scene.begun).toBe(1);
});
