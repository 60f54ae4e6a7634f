import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { ChannelId, JobId, UserId, WorkspaceId } from '../../src/domain/ids.ts';
import type { Run } from '../../src/domain/run.ts';
import { tellRun } from '../../src/notify/tell-run.ts';
import { PostInProgressError } from '../../src/errors.ts';
import { fakePorts } from '../support/fake-ports.ts';
import { readable } from '../support/hostile.ts';
import { memoryActions } from '../support/memory-actions.ts';
import { memoryMessenger } from '../support/memory-messenger.ts';
import { aClock, memoryPosts, memoryRuns, memorySubscriptions, memoryWorkspaces } from '../support/memory-stores.ts';
import { aRun, minutesLater, MOMENT } from '../support/report-builders.ts';
import { aRule } from '../support/rules.ts';

const asker = { workspaceId: WorkspaceId.parse('T0ACME'), userId: UserId.parse('U0ADA') };
const { workspaceId } = asker;
const channelId = ChannelId.parse('C0PAYMENTS');
const WAITING = { status: 'waiting', conclusion: 'action_required' } as const;

/** A channel with one rule, a run, and jobs that tell of it. */
async function aWorld(line: string, run: Partial<Run>) {
  const runs = [aRun(run)];
  const messenger = memoryMessenger();
  const [subscriptions, workspaces, posts] = [memorySubscriptions(), memoryWorkspaces(), memoryPosts()];
  await workspaces.saveInstall(workspaceId, { name: 'Acme', installation: {} });
  await subscriptions.create(asker, channelId, aRule(line));
  const { mutes } = memoryActions({ failures: () => [] });
  const clock = aClock(MOMENT);
  const ports = fakePorts({ clock, runs: memoryRuns(runs), subscriptions, workspaces, posts, messenger, mutes });
  const { repository, runId, attempt } = aRun();
  const tell = (jobId = JobId.parse(randomUUID())) =>
    tellRun(
      { ...ports, lease: { jobId, token: 'a' }, signal: new AbortController().signal },
      { workspaceId, channelId, repository, runId, attempt },
    );
  const become = (changes: Partial<Run>) => runs.splice(0, 1, aRun(changes));
  return {
    messenger,
    posts,
    mutes,
    tell,
    become,
    said: () => messenger.posted.map(({ message }) => readable(message)),
  };
}

test('a run that passed is one line, posted once', async () => {
  const { tell, said } = await aWorld('acme/web on:always', { conclusion: 'success' });

  await tell();
  await tell();

  expect(said()).toHaveLength(1);
  expect(said()[0]).toContain('🟢 acme/web: CI #812 passed on main: Round prices half to even, by ada');
});

test('a run that waits has a link to review it, and the same message says what became of it', async () => {
  const { tell, become, said, messenger } = await aWorld('acme/web on:action_required', WAITING);
  await tell();
  expect(said()[0]).toContain('waits for an approval');
  expect(JSON.stringify(messenger.posted[0]?.message.blocks)).toContain('"text":"Review on GitHub"');

  become({ status: 'in_progress', conclusion: null });
  await tell();
  expect(said()[0]).toContain('was approved and is under way');
  become({ conclusion: 'failure' });
  await tell();

  expect(said()).toHaveLength(1);
  expect(said()[0]).toContain('🔴 acme/web: CI #812 failed');
});

test('nothing is told by a rule that does not want it, of a run that failed, or to a muted channel', async () => {
  const usual = await aWorld('acme/web', { conclusion: 'success' });
  const failed = await aWorld('acme/web on:always', { conclusion: 'failure' });
  const muted = await aWorld('acme/web on:always', { conclusion: 'success' });
  await muted.mutes.mute(asker, channelId, { scope: '*', until: minutesLater(60), at: MOMENT });

  for (const { tell, said } of [usual, failed, muted]) {
    await tell();
    expect(said()).toEqual([]);
  }
});

test('while another job posts the message, this one waits to say what is newer', async () => {
  const { tell, posts } = await aWorld('acme/web on:always', { conclusion: 'success' });
  const other = JobId.parse(randomUUID());
  posts.live.add(other);
  const key = `run:acme/web:${aRun().runId}:1`;
  await posts.reserve(workspaceId, { jobId: other, token: 'b' }, { channelId, key });

  await expect(tell()).rejects.toThrow(PostInProgressError);
});
