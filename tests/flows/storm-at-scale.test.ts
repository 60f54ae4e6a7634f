import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ApiCall, StoredMessage } from '../../src/sandbox/slack/local-slack.ts';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { FAILING_JEST } from '../support/logs.ts';
import { aFailingJob, aPassingJob, aRun } from '../support/scripts.ts';
import { INSTALLATION, MEMBER } from '../support/stage.ts';

/** Forty are two thousand runs: `STORM_CHANNELS=40`. Beside all other tests a fifth of them has to do. */
const CHANNELS = Number(process.env['STORM_CHANNELS'] ?? '8');
const RUNS_PER_CHANNEL = 50;
/** Of a channel's runs, so many fail on one branch for one cause; the others each on a branch of their own. */
const ON_MAIN = 15;
/** So many of the branches pass again before the storm is over. */
const MENDED = 5;
const OWN_MESSAGES = 5;
/** After this time a channel has room for as many again. */
const ROOM_MS = 5 * 60_000;
/** Slack takes about one a second, and short bursts; here two, so that it says no now and then. */
const MESSAGES_A_SECOND = 2;
/** What it may take on a machine that is busy with other tests; alone on two cores it is some four minutes. */
const STORM_MS = 20 * 60_000;

/** A worker as it is in production; flows otherwise look for work more often. */
const PRODUCTION = { LOG_LEVEL: 'info', SWEEP_INTERVAL_MS: '10000', JOB_LEASE_MS: '30000', WORKER_CONCURRENCY: '8' };

const channels = Array.from({ length: CHANNELS }, (_, index) => ({
  id: `C0STORM${String(index).padStart(2, '0')}`,
  name: `storm-${index}`,
  repository: `acme/service-${index}`,
}));

describeOnServers(`${CHANNELS * RUNS_PER_CHANNEL} failing runs at once, over ${CHANNELS} channels`, (openStage) => {
  let stage: ServerStage;

  beforeAll(async () => {
    stage = await openStage(['web'], { channels });
    await stage.start('worker', { ...PRODUCTION, CHANNEL_MESSAGES: String(OWN_MESSAGES) });
    stage.github.world.installations.get(INSTALLATION)?.events.splice(0, Infinity, 'workflow_run');
    for (const { id, repository } of channels) {
      stage.github.addRepository(repository);
      await stage.slack.command({ user: MEMBER, channel: id, text: `subscribe ${repository}` });
    }
    await eventually(async () => expect(await stage.query('select 1 from subscriptions')).toHaveLength(CHANNELS));
    stage.slack.setMessageRate(MESSAGES_A_SECOND);
  });

  afterAll(() => stage.close());

  test(
    'every channel ends with the true state, nothing stands twice, and what Slack put off is said in the end',
    async () => {
      const startedAt = performance.now();
      await Promise.all(channels.map(({ repository }) => breakEverything(repository)));

      await eventually(
        async () => expect(await stage.query(`select kind from jobs where status <> 'done' limit 5`)).toEqual([]),
        STORM_MS,
      );

      const rooms = 1 + Math.floor((performance.now() - startedAt) / ROOM_MS);
      expect(stage.slack.violations()).toEqual([]);
      for (const place of channels) await expectTruth(place, rooms * OWN_MESSAGES);
      expect(stage.slack.calls().filter(isPutOff)).not.toEqual([]);
    },
    STORM_MS,
  );

  async function breakEverything(repository: string): Promise<void> {
    for (let index = 0; index < RUNS_PER_CHANNEL; index += 1) {
      const isMain = index < ON_MAIN;
      const letter = String.fromCodePoint(97 + (index % 26));
      const log = isMain ? FAILING_JEST : FAILING_JEST.replaceAll('applies the discount once', `adds item ${letter}`);
      const branch = isMain ? 'main' : `feature-${index}`;
      const { runId } = await stage.github.play(aRun({ repository, branch, jobs: [aFailingJob({ log })] }));
      if (index >= RUNS_PER_CHANNEL - MENDED) await stage.github.rerun(runId, { jobs: [aPassingJob()] });
    }
  }

  async function expectTruth({ id: channel, repository }: (typeof channels)[number], most: number): Promise<void> {
    const failures = await stage.query(
      `select branch, status, exists (select 1 from threads where failure_id = failures.id) as own
       from failures where repository = '${repository}'`,
    );
    const causes = 1 + RUNS_PER_CHANNEL - ON_MAIN;
    expect(failures.length).toBeLessThanOrEqual(causes);
    // An attempt that we read of only after its re-run passed was over before anybody looked at it.
    expect(failures.length).toBeGreaterThanOrEqual(causes - MENDED);
    const messages = stage.slack.messages(channel);
    expect(new Set(messages.map(keyOf)).size).toBe(messages.length);
    const shown = messages.map((message) => stage.slack.render(message));
    const own = failures.filter((failure) => failure['own'] === true);
    expect(shown).toHaveLength(own.length + 1);
    expect(own.length).toBeGreaterThanOrEqual(OWN_MESSAGES);
    expect(own.length).toBeLessThanOrEqual(most);
    for (const { branch, status } of own) {
      const isAbout = new RegExp(String.raw`\b${String(branch)}\b`, 'u');
      const [message, ...others] = shown.filter((text) => isAbout.test(text) && !text.includes('more failure'));
      expect(others).toEqual([]);
      expect(message).toContain(status === 'open' ? '🔴' : '🟢');
    }
    const open = failures.filter(({ own: isOwn, status }) => isOwn === false && status === 'open').length;
    const over = failures.length - own.length - open;
    const list = shown.find((text) => text.includes('more failure'));
    expect(list).toContain(`${failures.length - own.length} more failures`);
    expect(list).toContain(over === 0 ? 'All of them are open' : `${open} open, ${over} over`);
  }
});

const isPutOff = ({ status }: ApiCall): boolean => status === 429;
const keyOf = ({ metadata }: StoredMessage): string => JSON.stringify(metadata);
