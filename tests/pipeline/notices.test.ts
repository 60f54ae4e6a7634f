import { expect, test } from '@jest/globals';
import { JOB_PAYLOADS } from '../../src/domain/jobs.ts';
import { UserId, WorkspaceId } from '../../src/domain/ids.ts';
import { planNotices, planTellingAdmins, type UndatedNotice } from '../../src/pipeline/notices.ts';

const workspaceId = WorkspaceId.parse('T0ACME');
const amounts = { spentMicroUsd: 40_120_000, budgetMicroUsd: 50_000_000 };
const warning: UndatedNotice = { kind: 'budget-warning', ...amounts };
const exhausted: UndatedNotice = { kind: 'budget-exhausted', ...amounts };
const refused: UndatedNotice = { kind: 'model-refused', provider: 'claude', insteadOfIt: 'gpt' };

const keys = (notices: readonly UndatedNotice[], at: string) =>
  planNotices(workspaceId, notices, new Date(at)).map(({ dedupeKey }) => dedupeKey);

test('what happened becomes jobs with payloads that their schema takes', () => {
  const jobs = planNotices(workspaceId, [warning, exhausted, refused], new Date('2026-11-24T23:30:00Z'));

  expect(jobs.map(({ kind, dedupeKey }) => [kind, dedupeKey])).toEqual([
    ['notify-admins', 'notify:T0ACME:budget-warning:2026-11'],
    ['notify-admins', 'notify:T0ACME:budget-exhausted:2026-11'],
    ['notify-admins', 'notify:T0ACME:model-refused:claude:2026-11-24'],
  ]);
  for (const { payload } of jobs) expect(JOB_PAYLOADS['notify-admins'].parse(payload)).toEqual(payload);
  expect(planNotices(workspaceId, [], new Date())).toEqual([]);
});

test('a budget is told of once a month, whatever its amounts are, and a refusal once a day and provider', () => {
  expect(keys([{ ...warning, spentMicroUsd: 1 }], '2026-11-01T00:00:00Z')).toEqual(
    keys([warning], '2026-11-30T23:59:59.999Z'),
  );
  expect(keys([warning], '2026-12-01T00:00:00Z')).not.toEqual(keys([warning], '2026-11-30T23:59:59.999Z'));
  expect(keys([{ ...refused, insteadOfIt: 'offline' }], '2026-11-24T00:00:00Z')).toEqual(
    keys([refused], '2026-11-24T23:59:59Z'),
  );
  expect(keys([{ ...refused, provider: 'gpt' }], '2026-11-24T00:00:00Z')).not.toEqual(
    keys([refused], '2026-11-24T00:00:00Z'),
  );
  expect(keys([refused], '2026-11-25T00:00:00Z')).not.toEqual(keys([refused], '2026-11-24T23:59:59Z'));
});

test('each admin has a job of their own', () => {
  const notice = { ...warning, month: '2026-11' } as const;
  const jobs = planTellingAdmins(workspaceId, [UserId.parse('U0ADA'), UserId.parse('U0ZOE')], notice);

  expect(jobs.map(({ dedupeKey }) => dedupeKey)).toEqual([
    'notify:T0ACME:budget-warning:2026-11:U0ADA',
    'notify:T0ACME:budget-warning:2026-11:U0ZOE',
  ]);
  for (const { payload } of jobs) expect(JOB_PAYLOADS['notify-admin'].parse(payload)).toEqual(payload);
});
