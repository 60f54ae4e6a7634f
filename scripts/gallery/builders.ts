import { randomUUID } from 'node:crypto';
import { ChannelId, RepositoryName, SubscriptionId, UserId } from '../../src/domain/ids.ts';
import type { UsageReport } from '../../src/domain/reasoning.ts';
import type { Subscription } from '../../src/domain/subscription.ts';
import { aUsageReport } from '../../tests/support/memory-reasoning.ts';
import { aRule } from '../../tests/support/rules.ts';
import { MOMENT } from '../../tests/support/report-builders.ts';

export function aSubscription(line: string, pausedReason: string | null = null): Subscription {
  return {
    id: SubscriptionId.parse(randomUUID()),
    channelId: ChannelId.parse('C0PAYMENTS'),
    rule: aRule(line),
    createdBy: UserId.parse('U0ADA'),
    createdAt: MOMENT,
    pausedReason,
  };
}

/** A month in which a team of some size worked. */
export function aBusyMonth(changes: Partial<UsageReport> = {}): UsageReport {
  const usage = { inputTokens: 4_500_000, cachedTokens: 3_690_000, outputTokens: 210_000 };
  return aUsageReport({
    spentMicroUsd: 21_230_000,
    calls: 1_214,
    reused: 377,
    byModel: [
      { provider: 'claude', model: 'claude-haiku-5-5', calls: 1_100, failed: 12, costMicroUsd: 9_230_000, usage },
      { provider: 'claude', model: 'claude-sonnet-5-5', calls: 114, failed: 0, costMicroUsd: 12_000_000, usage },
    ],
    byRepository: Array.from({ length: 14 }, (_, index) => ({
      repository: RepositoryName.parse(`acme/service-${index}`),
      calls: 90 - index,
      costMicroUsd: 2_500_000 - index * 100_000,
    })),
    byDay: Array.from({ length: 20 }, (_, index) => ({
      day: `2026-11-${String(20 - index).padStart(2, '0')}`,
      calls: 40 + ((index * 13) % 30),
      costMicroUsd: 700_000 + ((index * 170_000) % 900_000),
    })),
    feedback: { up: 41, down: 7 },
    ...changes,
  });
}
