import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WorkspaceId } from '../../src/domain/ids.ts';
import { USUAL_REASONING, type ReasoningSettings } from '../../src/domain/reasoning.ts';
import { DatabaseUnavailableError } from '../../src/errors.ts';
import type { ViewValues } from '../../src/sandbox/slack/contract.ts';
import { versionOf } from '../../src/slack/settings-state.ts';
import { eventually } from '../support/eventually.ts';
import { aUsageReport } from '../support/memory-reasoning.ts';
import {
  ADA,
  BEN,
  CHANNEL,
  GIA,
  seenBy,
  sendSigned,
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

const cortex = (text: string, user: string) => app.local.command({ user, channel: CHANNEL, text });
const saved = () => app.settings.saved.get(TEAM);

/** The message with the settings, as this person sees it. */
async function openSettings(user = ADA): Promise<string> {
  await cortex('settings', user);
  const message = await app.local.waitFor(() =>
    app.local.ephemerals(user).find((each) => app.local.render(each).includes('Models and budget')),
  );
  return message.ts;
}

/** The window behind "Edit". */
async function openWindow(user = ADA) {
  const ts = await openSettings(user);
  await app.local.click({ user, channel: CHANNEL, ts, text: 'Edit' });
  return app.local.waitFor(() => app.local.modals(user).at(-1));
}

async function submit(values: ViewValues) {
  return app.local.submit(await openWindow(), values);
}

describe('/cortex usage', () => {
  test('shows a member the month, for their eyes only', async () => {
    const report = aUsageReport({
      spentMicroUsd: 21_230_000,
      calls: 12,
      byModel: [
        {
          provider: 'claude',
          model: 'claude-haiku-5-5',
          calls: 12,
          failed: 1,
          costMicroUsd: 21_230_000,
          usage: { inputTokens: 1, outputTokens: 1, cachedTokens: 0 },
        },
      ],
      byDay: [{ day: '2026-11-03', calls: 12, costMicroUsd: 21_230_000 }],
      feedback: { up: 3, down: 1 },
    });
    app.modelCalls.reports.set(TEAM, report);
    await cortex('usage', BEN);
    const text = await waitForWords(app, BEN, '$21.23 of $50 spent (42 %)');
    expect(text).toContain('claude-haiku-5-5 (claude): $21.23 for 12 calls, 1 of them failed');
    expect(text).toContain('3 thumbs up, 1 down');
    expect(app.local.messages(CHANNEL)).toEqual([]);
  });

  test('counts against the budget that the workspace set', async () => {
    app.settings.saved.set(TEAM, { ...USUAL_REASONING, monthlyBudgetUsd: 10 });
    app.modelCalls.reports.set(TEAM, aUsageReport({ spentMicroUsd: 9_000_000, calls: 5 }));
    await cortex('usage', BEN);
    expect(await waitForWords(app, BEN, '$9.00 of $10 spent (90 %)')).toContain('The budget is nearly spent');
  });

  test('of an empty month says so', async () => {
    await cortex('usage', BEN);
    expect(await waitForWords(app, BEN, 'No model was asked in')).toContain('the budget of $50');
  });

  test('takes no other words', async () => {
    await cortex('usage please', BEN);
    expect(await waitForWords(app, BEN, 'This takes nothing else')).toContain('/cortex usage');
  });

  test('is not for guests', async () => {
    await cortex('usage', GIA);
    expect(await waitForWords(app, GIA, 'this is for full members')).toContain('of this workspace');
  });
});

describe('/cortex settings', () => {
  test('shows a member what holds and who may change it, without a button', async () => {
    const ts = await openSettings(BEN);
    const text = seenBy(app, BEN).join();
    expect(text).toContain('claude:claude-haiku-5-5, then ollama:llama3:8b (as configured)');
    expect(text).toContain('gpt is not configured; the operator sets OPENAI_API_KEY');
    expect(text).toContain('Workspace owners and admins can change this.');
    await expect(app.local.click({ user: BEN, channel: CHANNEL, ts, text: 'Edit' })).rejects.toThrow('to click');
  });

  test('is not for guests', async () => {
    await cortex('settings', GIA);
    expect(await waitForWords(app, GIA, 'this is for full members')).toContain('of this workspace');
  });

  test('opens a window for an admin, within the limits of Slack', async () => {
    const window = await openWindow();
    const text = app.local.render(window);
    expect(text).toContain('Small model, asked first');
    expect(text).toContain('Days for which prompts are kept');
    expect(app.local.violations()).toEqual([]);
  });

  test('a role that was taken away counts at the click', async () => {
    const ts = await openSettings();
    await app.local.setMember(ADA, { isAdmin: false, isOwner: false });
    await eventually(() => expect(app.users.roles.size).toBe(0));
    await app.local.click({ user: ADA, channel: CHANNEL, ts, text: 'Edit' });
    await waitForWords(app, ADA, 'this is for workspace owners and admins');
    expect(app.local.modals(ADA)).toEqual([]);
  });

  test('says so where the window could not be opened in time', async () => {
    const ts = await openSettings();
    app.local.faults.add({ method: 'views.open', error: 'expired_trigger_id' });
    await app.local.click({ user: ADA, channel: CHANNEL, ts, text: 'Edit' });
    expect(await waitForWords(app, ADA, 'Please try again in a minute')).toContain('error id');
  });
});

describe('saving the settings', () => {
  test('keeps everything, shows it where the settings stood, and leaves a line in the log', async () => {
    const outcome = await submit({
      small: 'other',
      'small-other': 'claude:claude-opus-5, OLLAMA:qwen:14b',
      large: 'claude:claude-haiku-5-5',
      budget: '12.50',
      'calls-per-hour': '30',
      'reuse-hours': '0',
      'keep-prompts-days': '7',
    });
    expect(outcome).toMatchObject({ status: 200, errors: {} });
    expect(saved()).toEqual({
      routes: {
        small: [
          { provider: 'claude', model: 'claude-opus-5' },
          { provider: 'ollama', model: 'qwen:14b' },
        ],
        large: [{ provider: 'claude', model: 'claude-haiku-5-5' }],
      },
      monthlyBudgetUsd: 12.5,
      callsPerHour: 30,
      reuseHours: 0,
      keepPromptsDays: 7,
    });
    expect(app.local.modals(ADA)).toEqual([]);
    expect(await waitForWords(app, ADA, '$12.50 a month (set here)')).toContain(
      'claude:claude-opus-5, then ollama:qwen:14b',
    );
    expect(app.local.ephemerals(ADA)).toHaveLength(1);
    const [line] = app.log.at('info').filter(({ sentence }) => sentence === 'Settings of models changed');
    expect(line?.fields).toMatchObject({
      workspaceId: TEAM,
      userId: ADA,
      changed: { monthlyBudgetUsd: { from: null, to: 12.5 }, reuseHours: { from: 72, to: 0 } },
    });
  });

  test('without a change changes nothing', async () => {
    expect(await submit({})).toMatchObject({ status: 200, errors: {} });
    expect(saved()).toBeUndefined();
    expect(app.log.records.map(({ sentence }) => sentence)).not.toContain('Settings of models changed');
  });

  test('gives back to the operator what was emptied', async () => {
    const own: ReasoningSettings = {
      routes: {
        small: [{ provider: 'claude', model: 'claude-opus-5' }],
        large: [
          { provider: 'claude', model: 'a' },
          { provider: 'claude', model: 'b' },
        ],
      },
      reuseHours: 5,
      monthlyBudgetUsd: 5,
      callsPerHour: 5,
      keepPromptsDays: 5,
    };
    app.settings.saved.set(TEAM, own);
    const window = await openWindow();
    expect(window.values['small']?.['small']).toMatchObject({ selected_option: { value: 'claude:claude-opus-5' } });
    expect(window.values['large-other']?.['large-other']).toMatchObject({ value: 'claude:a, claude:b' });
    await app.local.submit(window, { small: 'configured', large: 'configured', budget: null, 'calls-per-hour': null });
    expect(saved()).toEqual({ ...own, routes: null, monthlyBudgetUsd: null, callsPerHour: null });
  });

  test.each<[ViewValues, string, string]>([
    [{ small: 'other' }, 'small-other', 'Name a model'],
    [{ small: 'other', 'small-other': 'haiku' }, 'small-other', '"haiku" is not of the form provider:model'],
    [{ small: 'other', 'small-other': 'claude:' }, 'small-other', '"claude:" is not of the form'],
    [{ small: 'other', 'small-other': 'gemini:pro' }, 'small-other', '"gemini:pro" is not of the form'],
    [{ small: 'other', 'small-other': 'claude:<!channel>' }, 'small-other', 'is not of the form'],
    [
      { small: 'other', 'small-other': 'claude:a claude:b claude:c claude:d claude:e claude:f' },
      'small-other',
      'At most 5',
    ],
    [
      { small: 'other', 'small-other': 'gpt:gpt-6' },
      'small-other',
      'gpt is not configured: the operator has to set OPENAI',
    ],
    [{ 'large-other': 'claude:x' }, 'large-other', 'choose "Another, named below"'],
    [{ large: 'other', 'large-other': 'x' }, 'large-other', 'is not of the form'],
    [{ budget: '-1' }, 'budget', 'Write dollars from 0 to 1,000,000'],
    [{ budget: '1.234' }, 'budget', 'at most two decimals'],
    [{ budget: '1000000.01' }, 'budget', 'Write dollars'],
    [{ budget: '1e3' }, 'budget', 'Write dollars'],
    [{ 'calls-per-hour': '1.5' }, 'calls-per-hour', 'whole number from 0 to 100,000'],
    [{ 'calls-per-hour': '100001' }, 'calls-per-hour', 'whole number'],
    [{ 'reuse-hours': '721' }, 'reuse-hours', 'whole number from 0 to 720'],
    [{ 'reuse-hours': 'soon' }, 'reuse-hours', 'whole number'],
    [{ 'keep-prompts-days': '91' }, 'keep-prompts-days', 'whole number from 0 to 90'],
    [{ 'keep-prompts-days': '-3' }, 'keep-prompts-days', 'whole number'],
  ])('of %j is refused at the field %s', async (values, field, words) => {
    const { errors } = await submit(values);
    expect(Object.keys(errors)).toEqual([field]);
    expect(errors[field]).toContain(words);
    expect(app.local.modals(ADA)).toHaveLength(1);
    expect(saved()).toBeUndefined();
  });

  test('tells all mistakes at once, and takes the corrected window', async () => {
    const window = await openWindow();
    const { errors } = await app.local.submit(window, { small: 'other', budget: 'a lot', 'reuse-hours': '9999' });
    expect(Object.keys(errors).toSorted()).toEqual(['budget', 'reuse-hours', 'small-other']);
    await app.local.submit(window, { small: 'configured', budget: '20', 'reuse-hours': '24' });
    expect(saved()).toEqual({ ...USUAL_REASONING, monthlyBudgetUsd: 20, reuseHours: 24 });
  });

  test('that somebody else changed meanwhile is refused, and keeps theirs', async () => {
    const window = await openWindow();
    const theirs = { ...USUAL_REASONING, monthlyBudgetUsd: 99 };
    app.settings.saved.set(TEAM, theirs);
    const { errors } = await app.local.submit(window, { budget: '1' });
    expect(errors['small']).toContain('Somebody changed the settings after you opened this window');
    expect(saved()).toEqual(theirs);
  });

  test('is refused to whoever is no admin any more', async () => {
    const window = await openWindow();
    await app.local.setMember(ADA, { isAdmin: false, isOwner: false });
    await eventually(() => expect(app.users.roles.size).toBe(0));
    await app.local.submit(window, { budget: '1' });
    expect(
      app.local
        .modals(ADA)
        .map((each) => app.local.render(each))
        .join(),
    ).toContain('for workspace owners and admins');
    expect(saved()).toBeUndefined();
  });

  test('that fails says so in the window, with the id that stands in the log', async () => {
    const window = await openWindow();
    app.settings.saveReasoning = () => Promise.reject(new DatabaseUnavailableError('The database is away'));
    await app.local.submit(window, { budget: '1' });
    const [record] = app.log.at('warn').filter(({ sentence }) => sentence === 'Slack request failed');
    const text = app.local
      .modals(ADA)
      .map((each) => app.local.render(each))
      .join();
    expect(text).toContain('Nothing was lost');
    expect(text).toContain(String(record?.fields['errorId']));
  });

  test('that takes long is answered within three seconds, and is done all the same', async () => {
    const window = await openWindow();
    const { promise, resolve } = Promise.withResolvers<void>();
    app.settings.saveReasoning = async (workspaceId, settings) => {
      await promise;
      app.settings.saved.set(workspaceId, settings);
    };
    const { status } = await app.local.submit(window, { budget: '1' });
    expect(status).toBe(200);
    expect(
      app.local
        .modals(ADA)
        .map((each) => app.local.render(each))
        .join(),
    ).toContain('This takes longer than usual');
    resolve();
    await eventually(() => expect(saved()?.monthlyBudgetUsd).toBe(1));
  });

  test('whose answer address has expired is done all the same', async () => {
    const window = await openWindow();
    app.local.faults.add({ method: 'response_url', status: 404, times: Infinity });
    await app.local.submit(window, { budget: '1' });
    await eventually(() =>
      expect(app.log.at('warn').map(({ sentence }) => sentence)).toContain(
        'Person could not be told what came of a window',
      ),
    );
    expect(saved()?.monthlyBudgetUsd).toBe(1);
  });
});

describe('a window that was not opened for this', () => {
  const VALUES = { budget: '1', 'reuse-hours': '1', 'keep-prompts-days': '1' };
  const metadata = (changes = {}) =>
    JSON.stringify({
      workspaceId: TEAM,
      responseUrl: `${app.local.url}response/none`,
      version: versionOf(USUAL_REASONING),
      ...changes,
    });

  test.each([
    ['another workspace', () => metadata({ workspaceId: 'T0OTHER' })],
    ['nothing', () => ''],
    ['no JSON', () => '{'],
    ['something else', () => JSON.stringify({ workspaceId: TEAM, summaryId: 'x' })],
  ])('but for %s changes nothing, in no workspace', async (_what, forged) => {
    const { body } = await submitForged(app, { callbackId: 'settings', metadata: forged(), values: VALUES });
    expect(body).toContain('opened for something else');
    expect(app.settings.saved.size).toBe(0);
  });

  test('of a version long gone changes nothing', async () => {
    const old = metadata({ version: 'long-gone' });
    const { body } = await submitForged(app, { callbackId: 'settings', metadata: old, values: VALUES });
    expect(JSON.parse(body)).toMatchObject({ response_action: 'errors' });
    expect(app.settings.saved.size).toBe(0);
  });

  test.each([BEN, GIA])('by %s, who is no admin, changes nothing', async (user) => {
    const { body } = await submitForged(app, { callbackId: 'settings', metadata: metadata(), values: VALUES, user });
    expect(body).toContain('workspace owners and admins');
    expect(app.settings.saved.size).toBe(0);
  });

  test('does not make us write to a foreign address', async () => {
    const foreign = metadata({ responseUrl: 'https://evil.example/hook' });
    await submitForged(app, { callbackId: 'settings', metadata: foreign, values: VALUES });
    await eventually(() =>
      expect(app.log.at('warn').map(({ sentence }) => sentence)).toContain(
        'Person could not be told what came of a window',
      ),
    );
  });

  test('but for a repeated one is acknowledged without effect', async () => {
    const { sent, status } = await submitForged(app, { callbackId: 'settings', metadata: metadata(), values: VALUES });
    expect(status).toBe(200);
    app.settings.saved.clear();
    expect(await sendSigned(app, { body: sent, atMs: Date.now() })).toBe(200);
  });

  test('from a workspace without the app is acknowledged, and changes nothing', async () => {
    app.workspaces.installs.delete(WorkspaceId.parse(TEAM));
    const { status } = await submitForged(app, { callbackId: 'settings', metadata: metadata(), values: VALUES });
    expect(status).toBe(200);
    expect(app.settings.saved.size).toBe(0);
  });
});
