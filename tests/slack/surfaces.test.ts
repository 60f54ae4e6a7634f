import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ChannelId, RunId } from '../../src/domain/ids.ts';
import { summaryAnswer } from '../../src/messages/answer.ts';
import { failureMessage } from '../../src/messages/diagnosis.ts';
import { eventually } from '../support/eventually.ts';
import { aUsageReport } from '../support/memory-reasoning.ts';
import { aReport, aRun } from '../support/report-builders.ts';
import {
  ADA,
  BEN,
  CHANNEL,
  GIA,
  seenBy,
  startSlackApp,
  TEAM,
  waitForWords,
  type SlackApp,
} from '../support/slack-app.ts';

let app: SlackApp;

beforeEach(async () => {
  app = await startSlackApp();
});

afterEach(async () => {
  await app.close();
});

const channelId = ChannelId.parse(CHANNEL);

/** A failure that is stored, with its message in the channel. */
async function aPostedFailure() {
  const report = aReport();
  app.state.runs.push(report.run);
  app.state.failures.push(report.failure);
  app.state.summaries.push(report.summary);
  const key = { eventType: 'cortex_failure', key: `failure:${report.failure.id}` } as const;
  const ts = await app.slack.messenger.post(TEAM, { channelId }, failureMessage(report), key);
  return { ...report, ts };
}

describe('the button "Re-analyze"', () => {
  test('queues one more look by the larger model, tells the person, and leaves the message as it is', async () => {
    const { ts, summary } = await aPostedFailure();
    await app.local.click({ user: BEN, channel: CHANNEL, ts, actionId: 'reanalyze' });
    expect(await waitForWords(app, BEN, 'I am looking again')).toContain('I am looking again');
    const payload = { runId: summary.run.runId, revision: 1, wants: { tier: 'large' } };
    expect(app.jobs).toMatchObject([{ kind: 'analyze-run', payload }]);
    const [message] = app.local.messages(CHANNEL);
    expect(message && app.local.render(message)).toContain('price › rounds half to even');
    expect(app.local.messages(CHANNEL)).toHaveLength(1);
  });

  test('clicked twice is one look', async () => {
    const { ts } = await aPostedFailure();
    await app.local.click({ user: BEN, channel: CHANNEL, ts, actionId: 'reanalyze' });
    expect(await waitForWords(app, BEN, 'I am looking again')).toContain('I am looking again');
    await app.local.click({ user: ADA, channel: CHANNEL, ts, actionId: 'reanalyze' });
    expect(await waitForWords(app, ADA, 'Somebody asked for that a moment ago')).toContain(
      'Somebody asked for that a moment ago',
    );
    expect(app.jobs).toHaveLength(1);
  });

  test('clicked by a guest does nothing and says privately who may', async () => {
    const { ts } = await aPostedFailure();
    await app.local.click({ user: GIA, channel: CHANNEL, ts, actionId: 'reanalyze' });
    expect(await waitForWords(app, GIA, 'this is for full members of this workspace')).toContain(
      'this is for full members of this workspace',
    );
    expect(app.jobs).toEqual([]);
    expect(app.local.messages(CHANNEL)).toHaveLength(1);
  });

  test('below a private answer sends the new answer to where it stands', async () => {
    const report = aReport();
    app.state.summaries.push(report.summary);
    await app.local.command({ user: BEN, channel: CHANNEL, text: 'summarize acme/web' });
    await eventually(() => expect(app.jobs).toHaveLength(1));
    const [job] = app.jobs;
    const responseUrl = job?.kind === 'answer-request' ? (job.payload.responseUrl ?? '') : '';
    await app.slack.messenger.respond(responseUrl, summaryAnswer(report));
    expect(await waitForWords(app, BEN, 'price › rounds half to even')).toContain('price › rounds half to even');
    const shown = app.local.ephemerals(BEN).at(-1);
    await app.local.click({ user: BEN, channel: CHANNEL, ts: shown?.ts ?? '', actionId: 'reanalyze' });
    await eventually(() => expect(app.jobs).toHaveLength(2));
    expect(app.jobs[1]?.payload).toMatchObject({ askedBy: { userId: BEN, channelId: CHANNEL } });
  });

  test('of a summary that another workspace owns finds nothing', async () => {
    const { ts } = await aPostedFailure();
    app.state.summaries.length = 0;
    await app.local.click({ user: BEN, channel: CHANNEL, ts, actionId: 'reanalyze' });
    expect(await waitForWords(app, BEN, 'not stored any more')).toContain('not stored any more');
  });
});

test('"View run" opens the run on GitHub and is acknowledged', async () => {
  const { ts, run } = await aPostedFailure();
  const { status } = await app.local.click({ user: GIA, channel: CHANNEL, ts, actionId: 'view-run' });
  expect(status).toBe(200);
  const [message] = app.local.messages(CHANNEL);
  expect(JSON.stringify(message?.blocks)).toContain(`"url":"${run.url}"`);
  expect(seenBy(app, GIA)).toEqual([]);
});

describe('the App Home', () => {
  const shown = (user: string) => {
    const home = app.local.home(user);
    return home === null ? null : app.local.render(home);
  };

  test('tells a newcomer what to do', async () => {
    await app.local.openHome(BEN);
    expect(await app.local.waitFor(() => shown(BEN)?.includes('/cortex subscribe owner/repo'))).toBe(true);
  });

  test('shows a member the repositories and what failed lately', async () => {
    const report = await aPostedFailure();
    app.state.statuses.push({ repository: report.run.repository, latest: report.run, openFailures: 1 });
    await app.local.openHome(BEN);
    const text = await app.local.waitFor(() => shown(BEN));
    expect(text).toContain('acme/web');
    expect(text).toContain('1 open failure');
    expect(text).toContain('price › rounds half to even');
  });

  test('tells whoever decides about the budget what is spent of it, and nobody else', async () => {
    await aPostedFailure();
    app.modelCalls.reports.set(TEAM, aUsageReport({ spentMicroUsd: 1_500_000, calls: 3 }));
    await app.local.openHome(ADA);
    await app.local.openHome(BEN);
    expect(await app.local.waitFor(() => shown(ADA))).toContain('$1.50 of $50 (3 %) for 3 calls. More: /cortex usage');
    expect(await app.local.waitFor(() => shown(BEN))).not.toContain('$');
  });

  test('turns its pages', async () => {
    for (let index = 1; index <= 30; index += 1) {
      const run = aRun({ runId: RunId.parse(index) });
      app.state.statuses.push({ repository: run.repository, latest: run, openFailures: 0 });
    }
    await app.local.openHome(BEN);
    expect(await app.local.waitFor(() => shown(BEN)?.includes('Page 1 of 2'))).toBe(true);
    await app.local.click({ user: BEN, view: 'home', text: 'Older' });
    expect(await app.local.waitFor(() => shown(BEN)?.includes('Page 2 of 2'))).toBe(true);
  });

  test('is not published for the messages tab', async () => {
    await app.local.openHome(BEN, 'messages');
    await app.local.openHome(ADA);
    await app.local.waitFor(() => shown(ADA));
    expect(shown(BEN)).toBeNull();
  });

  test('shows nothing of the workspace to a stranger, nor to a guest, who is in some of its channels only', async () => {
    app.state.statuses.push({ repository: aRun().repository, latest: aRun(), openFailures: 1 });
    await app.local.setMember(BEN, { isStranger: true }, { silent: true });
    for (const user of [BEN, GIA]) {
      await app.local.openHome(user);
      const text = await app.local.waitFor(() => shown(user));
      expect(text).toContain('it is for its full members');
      expect(text).not.toContain(aRun().repository);
    }
  });
});
