import { describe, expect, test } from '@jest/globals';
import type { OpenGap } from '../../src/domain/reconciling.ts';
import { planAsks } from '../../src/pipeline/reconcile.ts';

const NOW = new Date('2026-11-28T12:00:00Z');
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const ago = (ms: number) => new Date(NOW.getTime() - ms);

const aGap = (key: string, changes: Partial<OpenGap> = {}): OpenGap => ({
  key,
  tryId: '1',
  failedAt: ago(10 * MINUTE_MS),
  lastFailedAt: ago(10 * MINUTE_MS),
  asks: 0,
  askedAt: null,
  ...changes,
});
const situation = { now: NOW, keptMs: 3 * DAY_MS, lastReceivedAt: ago(0), limit: 60 };
const many = Array.from({ length: 100 }, (_, index) => aGap(`gap-${index}`));
const keys = (gaps: readonly OpenGap[]) => gaps.map(({ key }) => key);

describe('deliveries that failed', () => {
  test('are asked for at once, the oldest first, and no more of them than the limit allows', () => {
    const { ask } = planAsks(many, situation);

    expect(keys(ask)).toEqual(keys(many.slice(0, 60)));
  });

  test.each([
    ['nothing came since the last of them failed', ago(11 * MINUTE_MS)],
    ['nothing ever came', null],
  ])('are asked for in small number while %s', (_why, lastReceivedAt) => {
    expect(planAsks(many, { ...situation, lastReceivedAt }).ask).toHaveLength(3);
  });

  test('that were asked for are asked for again only after a while, which grows', () => {
    const asked = (asks: number, minutes: number) => aGap('x', { asks, askedAt: ago(minutes * MINUTE_MS) });

    expect(planAsks([asked(1, 4)], situation).ask).toHaveLength(0);
    expect(planAsks([asked(1, 5)], situation).ask).toHaveLength(1);
    expect(planAsks([asked(2, 29)], situation).ask).toHaveLength(0);
    expect(planAsks([asked(2, 30)], situation).ask).toHaveLength(1);
    expect(planAsks([asked(6, 23 * 60)], situation).ask).toHaveLength(0);
  });

  test('that failed each of seven times are given up, after as long a wait as before', () => {
    const waiting = aGap('waiting', { asks: 7, askedAt: ago(DAY_MS / 2) });
    const failed = aGap('failed', { asks: 7, askedAt: ago(DAY_MS) });
    const { ask, hopeless } = planAsks([waiting, failed], situation);

    expect([keys(ask), keys(hopeless)]).toEqual([[], ['failed']]);
  });

  test('that GitHub has forgotten are not asked for', () => {
    const old = aGap('old', { failedAt: ago(3 * DAY_MS + 1) });
    const { ask, forgotten } = planAsks([old, aGap('young')], situation);

    expect([keys(ask), keys(forgotten)]).toEqual([['young'], ['old']]);
    expect(planAsks([], situation)).toEqual({ ask: [], forgotten: [], hopeless: [] });
  });
});
