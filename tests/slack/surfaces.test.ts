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
  submitForged,
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
  const open = async (user: string, ts: string): Promise<string> => {
    await app.local.click({ user, channel: CHANNEL, ts, actionId: 'reanalyze' });
    return await app.local.waitFor(() => app.local.modals(user).at(-1)?.id);
  };
  const replied = (user: string, words: string) => waitForWords(app, user, words);

  test('asks who looks again, queues one more look, tells the person, and leaves the message as it is', async () => {
    const { ts, summary } = await aPostedFailure();
    await app.local.submit(await open(BEN, ts), { note: ' The \u202Eproxy ' });
    expect(await replied(BEN, 'I am looking again')).toContain('I am looking again');
    const { runId } = summary.run;
    expect(app.jobs).toMatchObject([
      { kind: 'analyze-run', payload: { runId, revision: 1, person: BEN, wants: { note: 'The proxy' } } },
    ]);
    expect(await app.audit.about(TEAM, { kind: 'failure', id: summary.failureId })).toMatchObject([
      { actor: BEN, action: 'reanalyze', details: { note: true } },
    ]);
    const [message] = app.local.messages(CHANNEL);
    expect(message && app.local.render(message)).toContain('price › rounds half to even');
    expect(app.local.messages(CHANNEL)).toHaveLength(1);
  });

  test('asked by two people at once is one look, and the second hears that their note was not used', async () => {
    const { ts } = await aPostedFailure();
    const [one, other] = [await open(BEN, ts), await open(ADA, ts)];
    await app.local.submit(one, {});
    await app.local.submit(other, { note: 'It is the proxy' });
    expect(await replied(ADA, 'Somebody asked for that a moment ago')).toContain('without your note');
    expect(app.jobs).toHaveLength(1);
  });

  test('clicked by a guest does nothing and says privately who may', async () => {
    const { ts } = await aPostedFailure();
    await app.local.click({ user: GIA, channel: CHANNEL, ts, actionId: 'reanalyze' });
    expect(await replied(GIA, 'this is for full members of this workspace')).toContain('full members');
    expect(app.jobs).toEqual([]);
    expect(app.local.modals(GIA)).toEqual([]);
    expect(app.local.messages(CHANNEL)).toHaveLength(1);
  });

  test('asks for the role again when the window is sent', async () => {
    const { ts } = await aPostedFailure();
    const window = await open(BEN, ts);
    await app.local.setMember(BEN, { isRestricted: true });
    const { body } = await app.local.submit(window, {});
    expect(body).toContain('this is for full members of this workspace');
    expect(app.jobs).toEqual([]);
  });

  test('refuses a window of another workspace, a choice that it does not offer, and a note that is too long', async () => {
    const { summary } = await aPostedFailure();
    const send = (workspaceId: string, values: Record<string, string>) => {
      const metadata = JSON.stringify({ workspaceId, responseUrl: 'https://slack.example/r', summaryId: summary.id });
      return submitForged(app, { callbackId: 'reanalyze', metadata, values });
    };
    expect((await send('T0OTHER', { who: 'larger' })).body).toContain('opened for something else');
    expect((await send(TEAM, { who: 'nobody' })).body).toContain('Choose one of the lines');
    expect((await send(TEAM, { who: 'larger', note: 'n'.repeat(501) })).body).toContain('at most 500 characters');
    expect(app.jobs).toEqual([]);
  });

  test('below a private answer sends the new answer to where it stands', async () => {
    const report = aReport();
    app.state.summaries.push(report.summary);
    await app.local.command({ user: BEN, channel: CHANNEL, text: 'summarize acme/web' });
    await eventually(() => expect(app.jobs).toHaveLength(1));
    const [job] = app.jobs;
    const responseUrl = job?.kind === 'answer-request' ? (job.payload.responseUrl ?? '') : '';
    await app.slack.messenger.respond(responseUrl, summaryAnswer(report));
    expect(await replied(BEN, 'price › rounds half to even')).toContain('price › rounds half to even');
    const shown = app.local.ephemerals(BEN).at(-1);
    await app.local.submit(await open(BEN, shown?.ts ?? ''), {});
    await eventually(() => expect(app.jobs).toHaveLength(2));
    expect(app.jobs[1]?.payload).toMatchObject({ askedBy: { userId: BEN, channelId: CHANNEL } });
  });

  test('of a summary that another workspace owns finds nothing', async () => {
    const { ts } = await aPostedFailure();
    app.state.summaries.length = 0;
    await app.local.click({ user: BEN, channel: CHANNEL, ts, actionId: 'reanalyze' });
    expect(await replied(BEN, 'not stored any more')).toContain('not stored any more');
  });
});

describe('the button "Full analysis"', () => {
  const click = (user: string, ts: string) =>
    app.local.click({ user, channel: CHANNEL, ts, actionId: 'full-analysis' });

  test('opens the analysis that the message shows, and changes nothing', async () => {
    const { ts, summary } = await aPostedFailure();
    await click(GIA, ts);
    const view = await app.local.waitFor(() => app.local.modals(GIA).at(-1));
    expect(app.local.render(view)).toContain(summary.diagnosis.nextStep);
    expect(app.jobs).toEqual([]);
    expect(app.local.messages(CHANNEL)).toHaveLength(1);
  });

  test.each(['summaries', 'failures', 'runs'] as const)(
    'says so where its %s are not stored any more',
    async (what) => {
      const { ts } = await aPostedFailure();
      app.state[what].length = 0;
      await click(BEN, ts);
      expect(await waitForWords(app, BEN, 'not stored any more')).toContain('View run');
      expect(app.local.modals(BEN)).toEqual([]);
    },
  );
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
