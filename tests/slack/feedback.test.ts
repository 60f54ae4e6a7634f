import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ChannelId } from '../../src/domain/ids.ts';
import type { Message } from '../../src/domain/message.ts';
import { DatabaseUnavailableError } from '../../src/errors.ts';
import { summaryAnswer } from '../../src/messages/answer.ts';
import { simplerForms } from '../../src/messages/forms.ts';
import { failureMessage } from '../../src/messages/diagnosis.ts';
import { recoveryMessage } from '../../src/messages/recovery.ts';
import { reanalysisReply } from '../../src/messages/thread.ts';
import { aReport, aResolution } from '../support/report-builders.ts';
import {
  ADA,
  BEN,
  CHANNEL,
  GIA,
  startSlackApp,
  submitForged,
  TEAM,
  waitForWords,
  type SlackApp,
} from '../support/slack-app.ts';
import { eventually } from '../support/eventually.ts';

let app: SlackApp;

beforeEach(async () => {
  app = await startSlackApp();
});

afterEach(async () => {
  await app.close();
});

const channelId = ChannelId.parse(CHANNEL);

/** A stored summary, with a message about it in the channel. */
async function aPosted(render: (report: ReturnType<typeof aReport>) => Message = failureMessage) {
  const report = aReport();
  app.state.runs.push(report.run);
  app.state.failures.push(report.failure);
  app.state.summaries.push(report.summary);
  const key = { eventType: 'cortex_failure', key: `failure:${report.failure.id}` } as const;
  const ts = await app.slack.messenger.post(TEAM, { channelId }, render(report), key);
  const summaryId = report.summary.id;
  const thumb = (user: string, way: 'up' | 'down') =>
    app.local.click({ user, channel: CHANNEL, ts, actionId: 'feedback', value: `${way}:${summaryId}` });
  return { ...report, ts, summaryId, thumb };
}

const windowOf = (user: string) => app.local.waitFor(() => app.local.modals(user).at(-1));

describe('a thumb', () => {
  test('up is kept, and confirmed to that person only', async () => {
    const { summaryId, thumb } = await aPosted();
    await thumb(BEN, 'up');
    await waitForWords(app, BEN, 'Noted: this explanation helps');
    expect(app.feedback.given).toEqual([{ summaryId, userId: BEN, opinion: 'up', reason: null }]);
    expect(app.local.modals(BEN)).toEqual([]);
    expect(app.local.messages(CHANNEL)).toHaveLength(1);
  });

  test('down is kept at once, and a reason after it', async () => {
    const { summaryId, thumb } = await aPosted();
    await thumb(BEN, 'down');
    await waitForWords(app, BEN, 'Noted: this explanation does not help');
    expect(app.feedback.given).toEqual([{ summaryId, userId: BEN, opinion: 'down', reason: null }]);
    const outcome = await app.local.submit(await windowOf(BEN), { reason: '  It was the \u202Eproxy \n' });
    expect(outcome).toMatchObject({ status: 200, errors: {} });
    await waitForWords(app, BEN, 'Noted, with your words');
    expect(app.feedback.given).toEqual([{ summaryId, userId: BEN, opinion: 'down', reason: 'It was the proxy' }]);
  });

  test('down without a reason stays down', async () => {
    const { thumb } = await aPosted();
    await thumb(BEN, 'down');
    expect(await app.local.submit(await windowOf(BEN), {})).toMatchObject({ status: 200, errors: {} });
    await thumb(ADA, 'down');
    await app.local.dismiss(await windowOf(ADA));
    expect(app.feedback.given).toMatchObject([
      { userId: BEN, opinion: 'down', reason: null },
      { userId: ADA, opinion: 'down', reason: null },
    ]);
  });

  test('of one person counts once, by the newest word; each person has a word', async () => {
    const { thumb } = await aPosted();
    await thumb(BEN, 'up');
    await thumb(BEN, 'up');
    await thumb(BEN, 'down');
    await thumb(ADA, 'up');
    await eventually(() => expect(app.feedback.given).toHaveLength(2));
    await eventually(() =>
      expect(app.feedback.given).toMatchObject([
        { userId: BEN, opinion: 'down' },
        { userId: ADA, opinion: 'up' },
      ]),
    );
  });

  test('by a guest is not kept, and they are told privately who may', async () => {
    const { thumb } = await aPosted();
    await thumb(GIA, 'up');
    await thumb(GIA, 'down');
    await waitForWords(app, GIA, 'this is for full members of this workspace');
    expect(app.feedback.given).toEqual([]);
    expect(app.local.modals(GIA)).toEqual([]);
  });

  test.each(['up', 'down'] as const)(
    '%s for a summary that is gone is answered, and asks for no reason',
    async (way) => {
      const { thumb } = await aPosted();
      app.state.summaries.length = 0;
      await thumb(BEN, way);
      await waitForWords(app, BEN, 'not stored any more');
      expect(app.local.modals(BEN)).toEqual([]);
    },
  );

  test.each<[string, (report: ReturnType<typeof aReport>) => Message]>([
    ['below another look', ({ summary }) => reanalysisReply(summary)],
    ['on a failure that is over', (report) => recoveryMessage({ ...report, resolution: aResolution() })],
  ])('%s works as well', async (_where, render) => {
    const { thumb, summaryId } = await aPosted(render);
    await thumb(BEN, 'up');
    await waitForWords(app, BEN, 'Noted');
    expect(app.feedback.given).toMatchObject([{ summaryId, opinion: 'up' }]);
  });

  test('by the plain buttons that stand in for those that Slack refused', async () => {
    const { ts, summaryId } = await aPosted(
      (report) => simplerForms(failureMessage(report))[0] ?? failureMessage(report),
    );
    await app.local.click({ user: BEN, channel: CHANNEL, ts, text: 'Not helpful' });
    await waitForWords(app, BEN, 'Noted: this explanation does not help');
    await app.local.click({ user: ADA, channel: CHANNEL, ts, text: 'Helpful' });
    await waitForWords(app, ADA, 'Noted: this explanation helps');
    expect(app.feedback.given).toMatchObject([
      { summaryId, userId: BEN, opinion: 'down' },
      { summaryId, userId: ADA, opinion: 'up' },
    ]);
  });

  test('below a private answer', async () => {
    const report = aReport();
    app.state.summaries.push(report.summary);
    await app.local.command({ user: BEN, channel: CHANNEL, text: 'summarize acme/web' });
    await eventually(() => expect(app.jobs).toHaveLength(1));
    const [job] = app.jobs;
    await app.slack.messenger.respond(
      job?.kind === 'answer-request' ? (job.payload.responseUrl ?? '') : '',
      summaryAnswer(report),
    );
    const shown = await app.local.waitFor(() => app.local.ephemerals(BEN).at(-1));
    const value = `up:${report.summary.id}`;
    await app.local.click({ user: BEN, channel: CHANNEL, ts: shown.ts, actionId: 'feedback', value });
    expect(await waitForWords(app, BEN, 'Noted: this explanation helps')).toContain('newest word');
    expect(app.feedback.given).toMatchObject([{ summaryId: report.summary.id, opinion: 'up' }]);
  });

  test('is kept though the window for the reason cannot be opened', async () => {
    const { thumb } = await aPosted();
    app.local.faults.add({ method: 'views.open', error: 'expired_trigger_id' });
    await thumb(BEN, 'down');
    await waitForWords(app, BEN, 'Noted: this explanation does not help');
    expect(app.feedback.given).toHaveLength(1);
  });

  test('that cannot be kept is not confirmed', async () => {
    const { thumb } = await aPosted();
    app.feedback.give = () => Promise.reject(new DatabaseUnavailableError('The database is away'));
    await thumb(BEN, 'up');
    expect(await waitForWords(app, BEN, 'did not answer')).not.toContain('Noted');
  });
});

describe('the window for a reason', () => {
  const metadata = (summaryId: string, workspaceId: string = TEAM) =>
    JSON.stringify({ workspaceId, summaryId, responseUrl: `${app.local.url}response/none` });

  test('takes 500 characters and no more', async () => {
    const { summaryId } = await aPosted();
    const send = (reason: string) =>
      submitForged(app, { callbackId: 'feedback-reason', metadata: metadata(summaryId), values: { reason } });
    expect((await send('x'.repeat(501))).body).toContain('at most 500 characters');
    expect(app.feedback.given).toEqual([]);
    await send('x'.repeat(500));
    expect(app.feedback.given).toHaveLength(1);
  });

  test.each([
    ['of another workspace', () => metadata('0b7f7c52-9d0e-4c1e-8f5a-6f1f2b3c4d5e', 'T0OTHER')],
    ['of nothing', () => '{}'],
  ])('%s changes nothing', async (_what, forged) => {
    await aPosted();
    const { body } = await submitForged(app, {
      callbackId: 'feedback-reason',
      metadata: forged(),
      values: { reason: 'x' },
    });
    expect(body).toContain('opened for something else');
    expect(app.feedback.given).toEqual([]);
  });

  test('by a guest changes nothing', async () => {
    const { summaryId } = await aPosted();
    const { body } = await submitForged(app, {
      callbackId: 'feedback-reason',
      metadata: metadata(summaryId),
      values: { reason: 'x' },
      user: GIA,
    });
    expect(body).toContain('this is for full members');
    expect(app.feedback.given).toEqual([]);
  });

  test('about a summary that is gone meanwhile says so', async () => {
    const { thumb } = await aPosted();
    await thumb(BEN, 'down');
    const window = await windowOf(BEN);
    app.state.summaries.length = 0;
    await app.local.submit(window, { reason: 'The proxy' });
    expect(await waitForWords(app, BEN, 'not stored any more')).toContain('nothing to judge');
  });
});
