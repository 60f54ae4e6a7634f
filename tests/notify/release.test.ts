import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { Failure } from '../../src/domain/failure.ts';
import { ChannelId, JobId, RepositoryName, SummaryId, UserId, WorkspaceId } from '../../src/domain/ids.ts';
import type { NewJob } from '../../src/domain/jobs.ts';
import type { Ports } from '../../src/domain/ports.ts';
import { releaseHeld } from '../../src/notify/release.ts';
import { memoryActions } from '../support/memory-actions.ts';
import { memorySubscriptions, only } from '../support/memory-stores.ts';
import { aJobContext } from '../support/pipeline-fakes.ts';
import { aFailure, MOMENT } from '../support/report-builders.ts';
import { aRule } from '../support/rules.ts';

const asker = { workspaceId: WorkspaceId.parse('T0ACME'), userId: UserId.parse('U0ADA') };
const { workspaceId } = asker;
const channelId = ChannelId.parse('C0PAYMENTS');

/** A channel from which these failures are held back, and where they would be listed. */
async function aWorld(failures: Failure[], rule = 'acme/web') {
  const { mutes } = memoryActions({ failures: () => failures });
  const subscriptions = memorySubscriptions();
  await subscriptions.create(asker, channelId, aRule(rule));
  const listed: string[] = [];
  const enqueued: NewJob[] = [];
  for (const { id: failureId } of failures) {
    const summaryId = SummaryId.parse(randomUUID());
    await mutes.hold(workspaceId, channelId, { failureId, summaryId, occasion: 'quiet', dueAt: MOMENT });
  }
  const roundups = only<Ports['roundups']>({
    list: async (_workspaceId, _lease, { failureId, occasion }) => {
      listed.push(`${failureId} ${occasion}`);
      return [JobId.parse(randomUUID())];
    },
  });
  const jobs = only<Ports['jobs']>({
    enqueue: async (added) => {
      enqueued.push(...added);
      return [];
    },
  });
  const release = () => releaseHeld(aJobContext({ mutes, subscriptions, roundups, jobs }), { workspaceId, channelId });
  return { mutes, listed, enqueued, release };
}

const over = { status: 'resolved' } as const;

test('several are listed together, those that are over among them, and let go of', async () => {
  const failures = [aFailure(), aFailure(over), aFailure()];
  const { listed, enqueued, release } = await aWorld(failures);

  expect(await release()).toEqual([]);
  await release();

  expect(listed).toEqual(failures.map(({ id }) => `${id} quiet`));
  expect(enqueued).toEqual([]);
});

test('a single one has a message of its own, unless it is over', async () => {
  const open = await aWorld([aFailure()]);
  const ended = await aWorld([aFailure(over)]);

  await open.release();
  await ended.release();

  expect(open.enqueued).toMatchObject([{ kind: 'deliver-summary', payload: { workspaceId, channelId, isDue: true } }]);
  expect([...open.listed, ...ended.listed, ...ended.enqueued]).toEqual([]);
});

test('what no rule of the channel is about any more is not told', async () => {
  const repository = RepositoryName.parse('acme/api');
  const { listed, enqueued, release, mutes } = await aWorld([aFailure({ repository }), aFailure({ repository })]);

  await release();

  expect([...listed, ...enqueued]).toEqual([]);
  expect(await mutes.due(workspaceId, channelId, { at: MOMENT, limit: 9 })).toEqual([]);
});

test('what a mute covers waits on', async () => {
  const { mutes, listed, release } = await aWorld([aFailure(), aFailure()]);
  await mutes.mute(asker, channelId, { scope: '*', until: new Date(MOMENT.getTime() + 1), at: MOMENT });

  await release();

  expect(listed).toEqual([]);
});
