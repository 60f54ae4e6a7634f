import { describe, expect, test } from '@jest/globals';
import { ChannelId } from '../../src/domain/ids.ts';
import type { AdminNotice } from '../../src/domain/notice.ts';
import { noticeMessage } from '../../src/messages/notices.ts';
import { faultsIn, readable } from '../support/hostile.ts';

const budget = { month: '2026-11', spentMicroUsd: 40_120_000, budgetMicroUsd: 50_000_000 };
const NOTICES: Record<string, AdminNotice> = {
  'most of the budget is spent': { kind: 'budget-warning', ...budget },
  'all of the budget is spent': { kind: 'budget-exhausted', ...budget, spentMicroUsd: 50_031_400 },
  'the year ends with the budget': { kind: 'budget-exhausted', ...budget, month: '2026-12' },
  'another provider answers': { kind: 'model-refused', provider: 'claude', insteadOfIt: 'gpt', day: '2026-11-24' },
  'no provider answers': { kind: 'model-refused', provider: 'ollama', insteadOfIt: 'offline', day: '2026-11-24' },
  'a channel cannot be posted to': {
    kind: 'channel-paused',
    channelId: ChannelId.parse('C0PAYMENTS'),
    reason: 'channel_not_found',
    at: '2026-11-24T09:30:00.000Z',
  },
};

describe('what admins are told', () => {
  test.each(Object.entries(NOTICES))('when %s', (_when, notice) => {
    const said = noticeMessage(notice);

    expect(faultsIn(said)).toEqual([]);
    expect(`${said.text}\n---\n${readable(said)}`).toMatchSnapshot();
  });

  test('says how much, of how much, what follows, until when, and what to do', () => {
    const { text } = noticeMessage({ kind: 'budget-warning', ...budget });

    expect(text).toMatch(
      /^80 % .*\$40\.12 of \$50\.00.*At 100 % .*offline.*until December 1 \(UTC\).*\/cortex usage/su,
    );
  });

  test('never says 100 % while there is something left, and divides by no budget of nothing', () => {
    const spent = { ...budget, spentMicroUsd: 49_999_999 };

    expect(noticeMessage({ kind: 'budget-warning', ...spent }).text).toMatch(/^99 % /u);
    expect(noticeMessage({ kind: 'budget-warning', ...spent, budgetMicroUsd: 0 }).text).toMatch(/^100 % /u);
  });

  test('is whole in the notification, where nothing is cut off', () => {
    for (const notice of Object.values(NOTICES)) expect(noticeMessage(notice).text).not.toContain('…');
  });
});
