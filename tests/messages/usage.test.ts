import { describe, expect, test } from '@jest/globals';
import { RepositoryName } from '../../src/domain/ids.ts';
import { USUAL_REASONING } from '../../src/domain/reasoning.ts';
import { simplerForms } from '../../src/messages/forms.ts';
import { failureMessage } from '../../src/messages/diagnosis.ts';
import { feedbackReply } from '../../src/messages/feedback.ts';
import { problemWords, reasonModal, settingsModal, slowModal, strangeModal } from '../../src/messages/modals.ts';
import { bar, compact, dollars, share, wholeDollars } from '../../src/messages/money.ts';
import { settingsMessage, type SettingsState } from '../../src/messages/settings.ts';
import { spendLine, usageMessage } from '../../src/messages/usage.ts';
import { faultsIn, HOSTILE, readable } from '../support/hostile.ts';
import { aUsageReport, SOME_ROUTES } from '../support/memory-reasoning.ts';
import { aReport } from '../support/report-builders.ts';

describe('an amount', () => {
  test.each([
    [0, '$0'],
    [-5, '$0'],
    [40, 'under $0.0001'],
    [4_200, '$0.004'],
    [9_700, '$0.01'],
    [12_345, '$0.01'],
    [420_000, '$0.42'],
    [999_999, '$1.00'],
    [32_000_000, '$32.00'],
    [1_234_567_890, '$1,234.57'],
  ])('of %i millionths reads %s', (microUsd, words) => {
    expect(dollars(microUsd)).toBe(words);
  });

  test('that is a limit has cents only where it has some', () => {
    expect([0, 50, 12.5, 1_000_000].map(wholeDollars)).toEqual(['$0', '$50', '$12.50', '$1,000,000']);
  });

  test('as a share or a bar shows a little, and is full only when all is spent', () => {
    expect([0, 0.001, 0.424, 1.184].map(share)).toEqual(['0 %', 'under 1 %', '42 %', '118 %']);
    expect([0, 0.001, 0.5, 0.999, 1, 7].map((part) => bar(part, 4))).toEqual([
      '░░░░',
      '█░░░',
      '██░░',
      '███░',
      '████',
      '████',
    ]);
    expect([999, 4_512_000].map(compact)).toEqual(['999', '4.5M']);
  });
});

function aBusyMonth(changes: Parameters<typeof aUsageReport>[0] = {}) {
  return aUsageReport({
    spentMicroUsd: 21_230_000,
    reservedMicroUsd: 12_000,
    calls: 1_214,
    reused: 377,
    byModel: [
      {
        provider: 'claude',
        model: 'claude-haiku-5-5',
        calls: 1_100,
        failed: 12,
        costMicroUsd: 9_230_000,
        usage: { inputTokens: 4_500_000, cachedTokens: 3_690_000, outputTokens: 210_000 },
      },
      {
        provider: 'ollama',
        model: 'llama3:8b',
        calls: 114,
        failed: 0,
        costMicroUsd: 0,
        usage: { inputTokens: 52_000, cachedTokens: 0, outputTokens: 3_100 },
      },
    ],
    byRepository: Array.from({ length: 500 }, (_, index) => ({
      repository: RepositoryName.parse(`acme/${'long-name-'.repeat(9)}${index}`),
      calls: 2,
      costMicroUsd: 500_000 - index * 1_000,
    })),
    byDay: Array.from({ length: 30 }, (_, index) => ({
      day: `2026-11-${String(30 - index).padStart(2, '0')}`,
      calls: index,
      costMicroUsd: index * 10_000,
    })),
    feedback: { up: 41, down: 7 },
    ...changes,
  });
}

describe('the spend of a month', () => {
  test('says how much of the budget is gone, and what for', () => {
    const text = readable(usageMessage({ report: aBusyMonth(), budgetUsd: 50 }));
    expect(text).toContain('Models in November 2026');
    expect(text).toContain('$21.23 of $50 spent (42 %)\n████████░░░░░░░░░░░░');
    expect(text).toContain(
      '1,214 calls; 377 explanations taken over from an earlier one, without a call. Up to $0.01 more',
    );
    expect(text).toContain(
      'claude-haiku-5-5 (claude): $9.23 for 1,100 calls, 12 of them failed; 4.5M tokens in (82 % cached), 210K out',
    );
    expect(text).toContain('llama3:8b (ollama): $0 for 114 calls; 52K tokens in, 3.1K out');
    expect(text).toContain('41 thumbs up, 7 down');
    expect(text).not.toContain('nearly spent');
  });

  test('keeps to ten repositories and fourteen days, and adds up the rest, within the limits', () => {
    const message = usageMessage({ report: aBusyMonth(), budgetUsd: 50 });
    const text = readable(message);
    expect(faultsIn(message)).toEqual([]);
    expect(text).toContain('and 490 more repositories: $120.30 for 980 calls');
    expect(text.match(/acme\//gu)).toHaveLength(10);
    expect(text).toMatch(/Nov 16 {2}█{14} {2}\$0\.14 {2}14 calls\nNov 17 {2}█{13} {3}\$0\.13 {2}13 calls/u);
    expect(text).not.toContain('Nov 15');
    expect(text).toContain('and 15 earlier days: $3.30 for 330 calls');
  });

  test('warns from four fifths on, and says what happens when all is spent', () => {
    const words = (spent: number) =>
      readable(usageMessage({ report: aBusyMonth({ spentMicroUsd: spent }), budgetUsd: 50 }));
    expect(words(40_000_000)).toContain('The budget is nearly spent');
    expect(words(40_000_000)).toContain('until December 1');
    expect(words(59_000_000)).toContain('The budget is spent: explanations are written by rules');
    expect(words(59_000_000)).toContain('(118 %)');
  });

  test('that had no calls says so, and what to expect', () => {
    expect(readable(usageMessage({ report: aUsageReport(), budgetUsd: 50 }))).toContain(
      'No model was asked in November 2026 yet, so nothing is spent of the budget of $50',
    );
    expect(readable(usageMessage({ report: aUsageReport(), budgetUsd: 0 }))).toContain('the budget is $0');
  });

  test('with free models only draws its days by calls', () => {
    const report = aBusyMonth({
      spentMicroUsd: 0,
      byDay: [
        { day: '2026-11-01', calls: 10, costMicroUsd: 0 },
        { day: '2026-11-02', calls: 5, costMicroUsd: 0 },
      ],
    });
    const text = readable(usageMessage({ report, budgetUsd: 50 }));
    expect(text).toMatch(/Nov 01 {2}█{14} {2}\$0 {2}10 calls\nNov 02 {2}█{7} /u);
  });

  test('keeps its limits whatever the names are', () => {
    for (const text of HOSTILE) {
      const [model] = aBusyMonth().byModel;
      const byModel =
        model === undefined ? [] : Array.from({ length: 40 }, () => ({ ...model, model: text, provider: text }));
      const byDay = [{ day: text, calls: 1, costMicroUsd: 1 }];
      expect(faultsIn(usageMessage({ report: aBusyMonth({ byModel, byDay }), budgetUsd: 50 }))).toEqual([]);
    }
  });

  test('fits on one line of the App Home', () => {
    expect(spendLine({ report: aBusyMonth(), budgetUsd: 50 })).toBe(
      'Models in November 2026: $21.23 of $50 (42 %) for 1,214 calls. More: /cortex usage',
    );
  });
});

function someSettings(changes: Partial<SettingsState> = {}): SettingsState {
  return {
    settings: USUAL_REASONING,
    routes: SOME_ROUTES,
    limits: { monthlyBudgetUsd: 50, callsPerHour: 200 },
    missing: { claude: null, gpt: 'OPENAI_API_KEY', ollama: null },
    openReruns: [],
    answers: { check: [], comment: [] },
    ...changes,
  };
}

describe('the settings', () => {
  test('say what holds, who decided it, and what the operator could add', () => {
    const text = readable(settingsMessage(someSettings(), { mayEdit: false }));
    expect(text).toContain('Asked first: claude:claude-haiku-5-5, then ollama:llama3:8b (as configured)');
    expect(text).toContain('Budget: $50 a month (as configured)');
    expect(text).toContain('a confident explanation is taken over for 72 hours');
    expect(text).toContain('Prompts: not kept');
    expect(text).toContain('gpt is not configured; the operator sets OPENAI_API_KEY');
    expect(text).toContain('Workspace owners and admins can change this.');
    expect(text).not.toContain('Edit');
  });

  test('of a workspace that decided for itself say so, and have a button for admins', () => {
    const settings = {
      routes: { small: [{ provider: 'gpt', model: 'gpt-6-mini' } as const], large: [] },
      reuseHours: 0,
      monthlyBudgetUsd: 0,
      callsPerHour: 10,
      keepPromptsDays: 1,
    };
    const text = readable(settingsMessage(someSettings({ settings }), { mayEdit: true }));
    expect(text).toContain('gpt:gpt-6-mini (set here)');
    expect(text).toContain('no model');
    expect(text).toContain('$0, so no model is asked (set here)');
    expect(text).toContain('at most 10 an hour (set here)');
    expect(text).toContain('a model is asked each time');
    expect(text).toContain('kept for 1 day');
    expect(text).toContain('Edit');
  });

  test('and their window keep the limits with the longest names and the most models', () => {
    const longest = (name: string) => ({ provider: 'ollama', model: name.padEnd(100, 'x') }) as const;
    const routes = {
      small: Array.from({ length: 5 }, (_, index) => longest(`s${index}`)),
      large: Array.from({ length: 5 }, (_, index) => longest(`l${index}`)),
    };
    const state = someSettings({
      routes,
      settings: { ...USUAL_REASONING, routes: { ...routes, small: routes.large } },
    });
    expect(faultsIn(settingsMessage(state, { mayEdit: true }))).toEqual([]);
    expect(faultsIn(settingsModal(state, '{}'), 100)).toEqual([]);
  });

  test.each([
    [{ kind: 'no-model' }, 'Name a model'],
    [{ kind: 'too-many-models', most: 5 }, 'At most 5 models'],
    [{ kind: 'not-a-model', word: '<!channel>' }, '"<!channel>" is not of the form provider:model'],
    [{ kind: 'not-configured', provider: 'gpt', variable: 'OPENAI_API_KEY' }, 'has to set OPENAI_API_KEY first'],
    [{ kind: 'not-chosen' }, 'choose "Another, named below"'],
    [{ kind: 'not-an-amount', most: 1_000_000 }, 'dollars from 0 to 1,000,000'],
    [{ kind: 'not-a-whole-number', most: 720 }, 'whole number from 0 to 720'],
    [{ kind: 'too-long', most: 500 }, 'at most 500 characters'],
    [{ kind: 'changed-meanwhile' }, 'Somebody changed the settings'],
  ] as const)('say of %j what to write instead', (problem, words) => {
    expect(problemWords(problem)).toContain(words);
  });
});

describe('feedback', () => {
  test('has an answer and a window for each word, within the limits', () => {
    const replies = [
      feedbackReply({ kind: 'noted', opinion: 'up' }),
      feedbackReply({ kind: 'noted', opinion: 'down' }),
      feedbackReply({ kind: 'reason-noted' }),
      feedbackReply({ kind: 'gone' }),
    ];
    for (const said of replies) expect(faultsIn(said)).toEqual([]);
    for (const view of [reasonModal('{}'), slowModal(), strangeModal()]) expect(faultsIn(view, 100)).toEqual([]);
    expect(readable(replies[3] ?? { blocks: [] })).toContain('not stored any more');
  });

  test('is asked for by plain buttons where Slack refuses the newer ones, and not at all in the plainest form', () => {
    const refused = failureMessage(aReport());
    const forms = simplerForms(refused);
    expect(forms).toHaveLength(2);
    const [plain, plainest] = forms.map(({ blocks }) => JSON.stringify(blocks));
    expect(plain).not.toContain('context_actions');
    expect(plain).toContain('"action_id":"feedback:up"');
    expect(plain).toContain('"action_id":"feedback:down"');
    expect(faultsIn(forms[0] ?? refused)).toEqual([]);
    expect(plainest).not.toContain('feedback');
    expect(simplerForms(forms[0] ?? refused)).toHaveLength(1);
  });
});
