import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Summary } from '../../src/domain/diagnosis.ts';
import type { Failure } from '../../src/domain/failure.ts';
import {
  ChannelId,
  type FailureId,
  JobId,
  RepositoryName,
  RunId,
  SummaryId,
  UserId,
  WorkspaceId,
} from '../../src/domain/ids.ts';
import type { Ports } from '../../src/domain/ports.ts';
import type { Run } from '../../src/domain/run.ts';
import {
  ChannelUnavailableError,
  MessageGoneError,
  MessageRefusedError,
  PostInProgressError,
  SlackUnavailableError,
  WorkspaceRevokedError,
} from '../../src/errors.ts';
import type { DeliveryContext } from '../../src/notify/context.ts';
import { deliverSummary } from '../../src/notify/deliver.ts';
import { deliverRecovery } from '../../src/notify/recover.ts';
import { fakePorts } from '../support/fake-ports.ts';
import { readable } from '../support/hostile.ts';
import { aQueue } from '../support/pipeline-fakes.ts';
import { memoryActions } from '../support/memory-actions.ts';
import { memoryMessenger } from '../support/memory-messenger.ts';
import {
  aClock,
  memoryFailures,
  memoryRuns,
  memorySubscriptions,
  memorySummaries,
  memoryThreads,
  memoryWorkspaces,
  only,
} from '../support/memory-stores.ts';
import {
  aDiagnosis,
  aFailure,
  aFinding,
  aLine,
  aResolution,
  aRun,
  aSighting,
  aSummary,
  minutesLater,
  MOMENT,
  A_ROOM,
} from '../support/report-builders.ts';
import { aRule } from '../support/rules.ts';

const workspaceId = WorkspaceId.parse('T0ACME');
const channelId = ChannelId.parse('C0PAYMENTS');
const repository = RepositoryName.parse('acme/web');
const HEADLINE = '🔴 price › rounds half to even: expected 2.34, received 2.35';

let world: Awaited<ReturnType<typeof aWorld>>;

beforeEach(async () => {
  world = await aWorld();
});

/** One subscribed channel, one failure, one summary of it, and jobs that deliver. */
async function aWorld() {
  const runs: Run[] = [aRun()];
  const failure: Failure = aFailure();
  const summaries: Summary[] = [aSummary({ failureId: failure.id })];
  const subscriptions = memorySubscriptions();
  const workspaces = memoryWorkspaces();
  await workspaces.saveInstall(workspaceId, { name: 'Acme', installation: {} });
  await subscriptions.create({ workspaceId, userId: UserId.parse('U0ADA') }, channelId, aRule(repository));
  const messenger = memoryMessenger();
  const threads = memoryThreads();
  const clock = aClock(MOMENT);
  const { failureActions, merges, issues, mutes } = memoryActions({ failures: () => [failure] });
  const listed: FailureId[] = [];
  const roundups = only<Ports['roundups']>({
    findListed: async (_workspaceId, _channelId, failureId) => (listed.includes(failureId) ? first().id : null),
    list: async (_workspaceId, _lease, { failureId }) => {
      listed.push(failureId);
      return [];
    },
  });
  const context = (jobId: JobId): DeliveryContext => ({
    ...fakePorts({
      clock,
      queue: aQueue(),
      runs: memoryRuns(runs),
      summaries: memorySummaries(summaries, { runs, failures: [failure] }),
      failures: memoryFailures([failure]),
      subscriptions,
      workspaces,
      threads,
      messenger,
      failureActions,
      merges,
      issues,
      mutes,
      roundups,
    }),
    lease: { jobId, token: 'a' },
    isRepeat: false,
    signal: new AbortController().signal,
  });
  return { runs, failure, summaries, subscriptions, workspaces, messenger, threads, mutes, listed, clock, context };
}

const aJob = () => JobId.parse(randomUUID());
const first = (): Summary => {
  const [summary] = world.summaries;
  if (summary === undefined) throw new Error('This world has no summary');
  return summary;
};

async function deliver(summary: Summary = first(), jobId = aJob()) {
  return deliverSummary(world.context(jobId), { workspaceId, channelId, summaryId: summary.id }, A_ROOM);
}

const recover = (jobId = aJob()) =>
  deliverRecovery(world.context(jobId), { workspaceId, channelId, failureId: world.failure.id });

/** The same failure met by a later run. */
function failAgain(runId = 99): Summary {
  const run = aRun({
    runId: RunId.parse(runId),
    number: 800 + runId,
    headSha: 'c0ffee'.repeat(6),
    actor: 'ben',
    title: 'Tidy up',
  });
  world.runs.push(run);
  const summary = aSummary({
    failureId: world.failure.id,
    run: { repository, runId: run.runId, attempt: 1 },
    diagnosis: aDiagnosis({ headline: 'still rounds wrongly' }),
  });
  world.summaries.push(summary);
  world.failure.occurrences += 1;
  world.failure.last = aSighting(run);
  return summary;
}

function resolve() {
  Object.assign(world.failure, { status: 'resolved', resolution: aResolution() });
}

test('of many deliveries that waited for their turn, one edits and the last one replies', async () => {
  await deliver();
  const again = [99, 100, 101].map((runId) => failAgain(runId));

  for (const summary of again) await deliver(summary);

  const [parent, ...replies] = world.messenger.posted;
  expect(parent?.edits).toBe(1);
  expect(replies.map(({ key }) => key.split(':').at(2))).toEqual(['evidence', 'excerpt', 'occurrence']);
  expect(replies.at(-1)?.message.text).toContain('4 times now');
});

test('a delivery that was cut off while it edited edits again', async () => {
  await deliver();
  const again = failAgain();
  const job = aJob();
  world.messenger.failNext('update', new SlackUnavailableError('No answer'), { isDone: true });
  await expect(deliver(again, job)).rejects.toThrow('No answer');

  await deliver(again, job);

  expect(world.messenger.posted[0]?.edits).toBe(2);
});

test('news of a failure that reaches Slack after the news of its end is corrected at once', async () => {
  await deliver();
  const again = failAgain();
  const update = world.messenger.update.bind(world.messenger);
  world.messenger.update = async (...args) => {
    resolve();
    await update(...args);
  };
  await deliver(again);
  expect(world.messenger.read(channelId)[0]).toMatch(/^🟢 Fixed: /u);
});

describe('the first summary of a failure', () => {
  test('is one parent with the proof and the log in its thread', async () => {
    expect(await deliver()).toEqual([]);
    expect(world.messenger.read(channelId)).toEqual([
      HEADLINE,
      '  Next step: Use Intl.NumberFormat with roundingMode "halfEven" in src/price.ts line 18.',
      expect.stringMatching(/^ {2}From the log of test/u),
    ]);
  });

  test('has a table of its jobs in the thread where the parent cannot name them all', async () => {
    const jobs = Array.from({ length: 9 }, (_, index) =>
      aFinding({ name: `shard ${index}`, fingerprint: `f${index}` }),
    );
    world.summaries[0] = { ...first(), diagnosis: aDiagnosis({ jobs, totalJobs: 12 }) };
    await deliver();
    await deliver();

    expect(world.messenger.posted).toHaveLength(4);
    expect(world.messenger.posted.at(-1)?.message.text).toBe('9 of 12 jobs failed');
  });

  test('has the messages here of what the branch failed for before link to it, once it stands', async () => {
    const context = world.context(aJob());
    const older = aFailure();
    const { thread } = await world.threads.reserve(workspaceId, context.lease, channelId, older.id);
    const elsewhere = { ...thread, channelId: ChannelId.parse('C0OTHER') };
    context.failures.succeeded = async () => [thread, elsewhere];
    const jobs = await deliverSummary(context, { workspaceId, channelId, summaryId: first().id }, A_ROOM);
    expect(jobs).toMatchObject([{ kind: 'refresh-failure', payload: { channelId, failureId: older.id } }]);
  });

  describe('with more of a log than its thread has room for', () => {
    beforeEach(() => {
      const excerpt = Array.from({ length: 400 }, (_, index) =>
        aLine({ line: index + 1, text: `line ${index + 1} of the log` }),
      );
      world.summaries.splice(0, 1, aSummary({ failureId: world.failure.id, diagnosis: aDiagnosis({ excerpt }) }));
    });

    test('has all of it in a file there, once', async () => {
      await deliver();
      await deliver();

      const [parent] = world.messenger.posted;
      expect(world.messenger.files).toEqual([
        expect.objectContaining({ threadTs: parent?.ts, title: 'All of it: 400 lines', name: 'run-17234567890-1.txt' }),
      ]);
      expect(world.messenger.files[0]?.text).toMatch(/  1  line 1 of the log\n[^]*400  line 400 of the log\n$/u);
    });

    test('shares it once where the answer to sharing was lost', async () => {
      const job = aJob();
      world.messenger.failNext('attach', new SlackUnavailableError('timeout'), { isDone: true });
      await expect(deliver(first(), job)).rejects.toThrow(SlackUnavailableError);
      await deliver(first(), job);
      expect(world.messenger.files).toHaveLength(1);
    });

    test('shares it in the next try where it never got that far', async () => {
      const job = aJob();
      world.messenger.failNext('attach', new SlackUnavailableError('timeout'));
      await expect(deliver(first(), job)).rejects.toThrow(SlackUnavailableError);
      await deliver(first(), job);
      expect(world.messenger.files).toHaveLength(1);
    });

    test('goes without where the workspace has not granted files, and its subscriptions go on', async () => {
      world.messenger.failNext('attach', new ChannelUnavailableError('missing_scope'));
      await deliver();
      expect(world.messenger.posted).toHaveLength(3);
      expect(await world.subscriptions.inChannel(workspaceId, channelId)).toMatchObject([{ pausedReason: null }]);
    });
  });

  test('is not told again by a repeated job', async () => {
    const job = aJob();
    await deliver(first(), job);
    await deliver(first(), job);
    await deliver();
    expect(world.messenger.posted).toHaveLength(3);
  });

  test('is not told where a newer commit passed before we came to it, but to the one who asked', async () => {
    resolve();
    await deliver();
    expect(world.messenger.posted).toEqual([]);

    const asked = { workspaceId, channelId, summaryId: first().id, isAsked: true };
    await deliverSummary(world.context(aJob()), asked, A_ROOM);
    expect(world.messenger.read(channelId)[0]).toMatch(/^🟢 Fixed: price/u);
  });

  test('is told where the same commit passed before we came to it: that is news', async () => {
    const { headSha } = world.failure.last;
    const resolution = aResolution({ kind: 'passed-on-rerun', headSha });
    Object.assign(world.failure, { status: 'resolved', resolution });
    await deliver();
    expect(world.messenger.read(channelId)[0]).toMatch(/^🟢 Flaky: price/u);
  });

  test('is not told where a newer commit failed for another cause before we came to it', async () => {
    const run = aRun({ runId: RunId.parse(99), number: 900, headSha: 'c0ffee'.repeat(6) });
    const context = world.context(aJob());
    context.failures.successor = async () => ({ failure: aFailure(), headline: 'does not build', run });
    await deliverSummary(context, { workspaceId, channelId, summaryId: first().id }, A_ROOM);
    expect(world.messenger.posted).toEqual([]);
  });

  test('is told as recovered where it is resolved between the reservation and the post', async () => {
    const reserve = world.threads.reserve.bind(world.threads);
    world.threads.reserve = async (...args) => {
      const reserved = await reserve(...args);
      resolve();
      return reserved;
    };
    await deliver();
    expect(world.messenger.read(channelId)[0]).toMatch(/^🟢 Fixed: price/u);
  });

  test('is not told to a channel that does not subscribe any more', async () => {
    world.subscriptions.all.splice(0);
    await deliver();
    expect(world.messenger.calls).toEqual([]);
  });

  test('is not told to a paused channel, nor to a workspace without the app', async () => {
    await world.subscriptions.pause(workspaceId, channelId, { reason: 'is_archived', followUps: [] });
    await deliver();
    await world.workspaces.markRevoked(workspaceId, 'token_revoked');
    await deliver();
    expect(world.messenger.calls).toEqual([]);
  });

  test('that is not stored any more delivers nothing', async () => {
    expect(await deliver({ ...first(), id: SummaryId.parse(randomUUID()) })).toEqual([]);
    expect(world.messenger.calls).toEqual([]);
  });
});

describe('the same failure again', () => {
  test('edits the parent and adds one line to the thread', async () => {
    await deliver();
    await deliver(failAgain());
    const [parent, ...replies] = world.messenger.read(channelId);
    expect(parent).toBe('🔴 still rounds wrongly');
    expect(replies[2]).toBe('  Failed again on c0ffeec Tidy up by ben, 2 times now');
    expect(world.messenger.posted).toHaveLength(4);
  });

  test('told late does not put an older summary into the parent', async () => {
    const summary = failAgain();
    await deliver(summary);
    await deliver(first());
    expect(world.messenger.read(channelId)[0]).toBe('🔴 still rounds wrongly');
  });

  test('still edits the message of a channel that unsubscribed', async () => {
    await deliver();
    world.subscriptions.all.splice(0);
    await deliver(failAgain());
    expect(world.messenger.posted[0]?.edits).toBe(1);
  });

  test('looked at again edits the parent and says what was found', async () => {
    await deliver();
    const again = aSummary({
      ...first(),
      id: SummaryId.parse(randomUUID()),
      revision: 1,
      diagnosis: aDiagnosis({ headline: 'the rounding mode' }),
    });
    world.summaries.push(again);
    await deliver(again);
    const lines = world.messenger.read(channelId);
    expect(lines[0]).toBe('🔴 the rounding mode');
    expect(lines[3]).toBe('  Analyzed again: the rounding mode');
  });
});

describe('the recovery', () => {
  test('edits the parent to green and says in the thread what fixed it, once', async () => {
    await deliver();
    resolve();
    await recover();
    await recover();
    const lines = world.messenger.read(channelId);
    expect(lines[0]).toMatch(/^🟢 Fixed: price/u);
    expect(lines.filter((line) => line.startsWith('  🟢 Fixed by Use half-even rounding (b7e1b7e)'))).toHaveLength(1);
  });

  test('is silent in a channel that never heard of the failure, and while the failure is open', async () => {
    await recover();
    resolve();
    await recover();
    expect(world.messenger.calls).toEqual([]);
  });

  test('waits for a message that is being posted, so that no red message is left behind', async () => {
    const poster = aJob();
    world.threads.live.add(poster);
    await world.threads.reserve(workspaceId, { jobId: poster, token: 'a' }, channelId, world.failure.id);
    resolve();
    await expect(recover()).rejects.toBeInstanceOf(PostInProgressError);
  });

  test('finds the message of a job that ended between Slack and us', async () => {
    world.messenger.failNext('post', new SlackUnavailableError('the answer got lost'), { isDone: true });
    await expect(deliver()).rejects.toBeInstanceOf(SlackUnavailableError);
    resolve();
    await recover();
    expect(world.messenger.read(channelId)[0]).toMatch(/^🟢 Fixed: price/u);
  });
});

describe('a crash in between', () => {
  test('after Slack accepted and before we wrote it down is found, and posted once', async () => {
    const job = aJob();
    world.messenger.failNext('post', new SlackUnavailableError('the answer got lost'), { isDone: true });
    await expect(deliver(first(), job)).rejects.toBeInstanceOf(SlackUnavailableError);
    await deliver(first(), job);
    expect(world.messenger.posted).toHaveLength(3);
  });

  const STEPS = (['post', 'update', 'findPosted'] as const).flatMap((act) =>
    [0, 1, 2, 3].flatMap((step) => [true, false].map((isDone) => ({ act, step, isDone }))),
  );

  test.each(STEPS)('at %j ends in the same three messages', async ({ act, step, isDone }) => {
    const job = aJob();
    const { messenger } = world;
    messenger.failNext(act, new SlackUnavailableError('cut off'), { isDone, skip: step });
    for (let attempt = 0; attempt < 3; attempt += 1) await deliver(first(), job).catch(() => undefined);
    expect(messenger.read(channelId)).toHaveLength(3);
    expect(messenger.read(channelId).filter((line) => line.includes('Failed again'))).toEqual([]);
  });

  test('where we may not look costs at most one message too many', async () => {
    const job = aJob();
    world.messenger.mayLook = false;
    world.messenger.failNext('post', new SlackUnavailableError('the answer got lost'), { isDone: true });
    await deliver(first(), job).catch(() => undefined);
    await deliver(first(), job);
    expect(world.messenger.posted).toHaveLength(4);
  });

  test('of the job that opened the thread leaves the opening to it, and the rest goes on', async () => {
    const opener = aJob();
    world.threads.live.add(opener);
    const refused = new SlackUnavailableError('slow down');
    world.messenger.failNext('post', refused);
    await expect(deliver(first(), opener)).rejects.toBe(refused);
    const later = failAgain();
    await expect(deliver(later)).rejects.toMatchObject({ retryable: true, retryAfterMs: 3_000 });
    await deliver(first(), opener);
    await deliver(later);
    expect(world.messenger.read(channelId).map((line) => line.slice(0, 20))).toEqual([
      '🔴 still rounds wron',
      '  Next step: Use Int',
      '  From the log of te',
      '  Failed again on c0',
    ]);
  });
});

describe('when Slack says no', () => {
  test('to the channel, its subscriptions pause with the reason and the job is over', async () => {
    world.messenger.failNext('post', new ChannelUnavailableError('is_archived'));
    expect(await deliver()).toEqual([]);
    expect(world.subscriptions.all[0]?.pausedReason).toBe('is_archived');
    expect(world.messenger.calls).toEqual(['post']);
  });

  test('to the token, the workspace is marked and the job is over', async () => {
    world.messenger.failNext('post', new WorkspaceRevokedError('token_revoked'));
    expect(await deliver()).toEqual([]);
    expect(world.workspaces.revoked.get(workspaceId)).toBe('token_revoked');
  });

  test('to the newer feedback buttons, the same message is posted with plain ones', async () => {
    world.messenger.failNext('post', new MessageRefusedError('invalid_blocks'));
    await deliver();
    const [parent] = world.messenger.posted;
    expect(parent && readable(parent.message)).toContain('What the log says');
    expect(JSON.stringify(parent?.message.blocks)).toContain('"action_id":"feedback:down"');
    expect(JSON.stringify(parent?.message.blocks)).not.toContain('context_actions');
  });

  test('to the message itself, its plain form is posted once, without buttons', async () => {
    world.messenger.failNext('post', new MessageRefusedError('invalid_blocks'));
    world.messenger.failNext('post', new MessageRefusedError('msg_blocks_too_long'));
    await deliver();
    const [parent] = world.messenger.posted;
    expect(parent && readable(parent.message)).toContain('acme/web: price › rounds half to even');
    expect(parent?.message.blocks).toHaveLength(1);
  });

  test('to the plain form too, the failure is thrown', async () => {
    world.messenger.failNext('post', new MessageRefusedError('invalid_blocks'));
    world.messenger.failNext('post', new MessageRefusedError('invalid_blocks'));
    world.messenger.failNext('post', new MessageRefusedError('no_text'));
    await expect(deliver()).rejects.toBeInstanceOf(MessageRefusedError);
  });

  test('since somebody deleted the message, it is left alone', async () => {
    await deliver();
    world.messenger.failNext('update', new MessageGoneError('message_not_found'));
    expect(await deliver(failAgain())).toEqual([]);
    expect(world.messenger.posted).toHaveLength(3);
  });

  test('for the moment, the job is retried', async () => {
    world.messenger.failNext('post', new SlackUnavailableError('ratelimited', { retryAfterMs: 30_000 }));
    await expect(deliver()).rejects.toMatchObject({ retryable: true, retryAfterMs: 30_000 });
  });
});

test('a delivery that was told to stop posts nothing', async () => {
  const stopped = { ...world.context(aJob()), signal: AbortSignal.abort() };
  await expect(deliverSummary(stopped, { workspaceId, channelId, summaryId: first().id }, A_ROOM)).rejects.toThrow(
    'aborted',
  );
  expect(world.messenger.calls).toEqual([]);
});

test('how long a failure lasted is counted from its first run', async () => {
  world.failure.first = { ...world.failure.first, at: minutesLater(-60) };
  await deliver();
  resolve();
  await recover();
  expect(world.messenger.read(channelId).at(-1)).toContain('after 102 minutes');
});

describe('in the quiet time of a channel', () => {
  const asker = { workspaceId, userId: UserId.parse('U0ADA') };
  const QUIET = `${repository} quiet:09:00-11:00@UTC`;
  const held = () => world.mutes.due(workspaceId, channelId, { at: minutesLater(24 * 60), limit: 9 });

  async function setRules(...lines: string[]): Promise<void> {
    for (const { id } of await world.subscriptions.inChannel(workspaceId, channelId)) {
      await world.subscriptions.remove(workspaceId, { channelId, id });
    }
    for (const line of lines) await world.subscriptions.create(asker, channelId, aRule(line));
  }

  test('a failure is held back until it ends, and a job will look then', async () => {
    await setRules(QUIET);

    const [job, ...others] = await deliver();

    expect(others).toEqual([]);
    expect(job).toMatchObject({ kind: 'end-mute', payload: { workspaceId, channelId }, delayMs: 90 * 60_000 + 1_000 });
    expect(await held()).toMatchObject([{ failureId: world.failure.id, occasion: 'quiet', dueAt: minutesLater(90) }]);
    expect(world.messenger.posted).toEqual([]);
  });

  test('it is told at once where another rule that fits has no such time', async () => {
    await setRules(QUIET, `${repository} branch:main`);

    expect(await deliver()).toEqual([]);

    expect(await held()).toEqual([]);
    expect(world.messenger.read(channelId)[0]).toBe(HEADLINE);
  });

  test('of several times the first counts', async () => {
    await setRules(QUIET, `${repository} branch:main digest:daily@10:00@UTC`);

    await deliver();

    expect(await held()).toMatchObject([{ occasion: 'digest', dueAt: minutesLater(30) }]);
  });

  test('a message that stands is edited, and nothing is added to its thread', async () => {
    await deliver();
    await setRules(QUIET);
    const before = world.messenger.posted.length;

    expect(await deliver(failAgain())).toEqual([]);
    resolve();
    await recover();

    expect(world.messenger.posted).toHaveLength(before);
    expect(world.messenger.read(channelId)[0]).toContain('🟢 Fixed');
    expect(await held()).toEqual([]);
  });

  test('a failure that is listed stays where it is listed', async () => {
    await setRules(QUIET);
    world.listed.push(world.failure.id);

    expect(await deliver()).toEqual([]);

    expect(world.listed).toHaveLength(2);
    expect(await held()).toEqual([]);
  });

  test('what was asked for, or waited for its time, waits no longer', async () => {
    await setRules(`${repository} digest:daily@09:00@UTC`);
    const payload = { workspaceId, channelId, summaryId: first().id, isDue: true };

    expect(await deliverSummary(world.context(aJob()), payload, A_ROOM)).toEqual([]);

    expect(world.messenger.read(channelId)[0]).toBe(HEADLINE);
  });
});
