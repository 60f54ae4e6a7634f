import { describe, expect, test } from '@jest/globals';
import {
  choiceOf,
  fallbackLabelOf,
  fallbackReasonOf,
  type Happened,
  limitsOf,
  nextStep,
  planRoute,
  type RoutePlan,
  type Wants,
} from '../../src/analysis/route.ts';
import { type ModelChoice, USUAL_REASONING } from '../../src/domain/reasoning.ts';
import type { ModelFault } from '../../src/errors.ts';

const claude: ModelChoice = { provider: 'claude', model: 'c-small' };
const gpt: ModelChoice = { provider: 'gpt', model: 'g-small' };
const bigClaude: ModelChoice = { provider: 'claude', model: 'c-large' };
const bigGpt: ModelChoice = { provider: 'gpt', model: 'g-large' };
const routes = { small: [claude, gpt], large: [bigClaude, bigGpt] };
const limits = { monthlyBudgetUsd: 10, callsPerHour: 10 };

function plan(wants: Wants = {}, change: Partial<typeof USUAL_REASONING> = {}): RoutePlan {
  const settings = { ...USUAL_REASONING, ...change };
  return planRoute({ settings, limits: limitsOf(settings, { limits }), wants }, { routes });
}

const tierOf = (choice: ModelChoice) => (choice.model.endsWith('large') ? ('large' as const) : ('small' as const));
const candidate = (choice: ModelChoice) => ({ tier: tierOf(choice), choice });
const failed = (choice: ModelChoice, fault: ModelFault = 'overloaded'): Happened => ({
  ...candidate(choice),
  kind: 'failed',
  fault,
  reason: `${choice.provider} is away`,
});
const unsound = (choice: ModelChoice): Happened => ({ ...candidate(choice), kind: 'unsound', reason: 'unsound' });
const sound = (choice: ModelChoice, confidence: 'high' | 'medium' | 'low' = 'high'): Happened => ({
  ...candidate(choice),
  kind: 'sound',
  confidence,
});
const spent: Happened = { kind: 'spent', reason: 'spent' };

const ask = (choice: ModelChoice, isRepair = false) => ({ kind: 'ask', candidate: candidate(choice), isRepair });
const STAND = { kind: 'stand' };
const OFFLINE = { kind: 'offline' };

describe('whom to ask next', () => {
  test.each<[string, Happened[], object]>([
    ['first the first small model', [], ask(claude)],
    ['a sound answer stands', [sound(claude)], STAND],
    ['one with medium confidence, too', [sound(claude, 'medium')], STAND],
    ['a failed check is repaired once', [unsound(claude)], ask(claude, true)],
    ['then a larger model is asked', [unsound(claude), unsound(claude)], ask(bigClaude)],
    ['which is repaired once as well', [unsound(claude), unsound(claude), unsound(bigClaude)], ask(bigClaude, true)],
    ['a repair that fails escalates', [unsound(claude), failed(claude)], ask(bigClaude)],
    ['a failure goes to the next provider', [failed(claude)], ask(gpt)],
    ['then to the larger ones', [failed(claude), failed(gpt)], ask(bigClaude)],
    ['but not to those of a provider out of reach', [failed(claude, 'refused'), failed(gpt)], ask(bigGpt)],
    ['or with an open circuit', [failed(claude, 'circuit-open'), failed(gpt, 'circuit-open')], OFFLINE],
    ['low confidence asks a larger model', [sound(claude, 'low')], ask(bigClaude)],
    ['whose failure leaves the answer at hand', [sound(claude, 'low'), failed(bigClaude)], STAND],
    ['as does its failed check', [sound(claude, 'low'), unsound(bigClaude)], STAND],
    ['and its answer stands, however sure', [sound(claude, 'low'), sound(bigClaude, 'low')], STAND],
    ['no money for it leaves the answer at hand', [sound(claude, 'low'), spent], STAND],
    ['no money at all is the end', [spent], OFFLINE],
    ['also after a failure', [failed(claude), spent], OFFLINE],
    ['no time is the end', [failed(claude), { kind: 'late', reason: 'late' }], OFFLINE],
    ['what is not set up is passed over', [{ ...candidate(claude), kind: 'unset', reason: 'no key' }], ask(gpt)],
    [
      'six questions are enough',
      [failed(claude), failed(gpt), unsound(bigClaude), unsound(bigClaude), unsound(bigGpt), unsound(bigGpt)],
      OFFLINE,
    ],
  ])('%s', (_, happened, step) => {
    expect(nextStep(plan(), happened)).toEqual(step);
  });

  test('a person who asks for a larger model gets one, and a small one where none can', () => {
    const large = plan({ tier: 'large' });

    expect(nextStep(large, [])).toEqual(ask(bigClaude));
    expect(nextStep(large, [failed(bigClaude)])).toEqual(ask(bigGpt));
    expect(nextStep(large, [failed(bigClaude), failed(bigGpt)])).toEqual(ask(claude));
    expect(nextStep(large, [failed(bigClaude), failed(bigGpt), sound(claude, 'low')])).toEqual(STAND);
  });

  test('one model by name is asked alone', () => {
    const one = plan({ choice: gpt });

    expect(nextStep(one, [])).toEqual(ask(gpt));
    expect(nextStep(one, [failed(gpt)])).toEqual(OFFLINE);
    expect(nextStep(one, [sound(gpt, 'low')])).toEqual(STAND);
  });

  test.each<[string, Wants, object]>([
    ['a person wants none', { choice: 'offline' }, {}],
    ['the workspace has no budget', {}, { monthlyBudgetUsd: 0 }],
    ['no call is allowed', {}, { callsPerHour: 0 }],
    ['the routes are empty', {}, { routes: { small: [], large: [] } }],
  ])('nobody where %s', (_, wants, change) => {
    expect(nextStep(plan(wants, change), [])).toEqual(OFFLINE);
  });

  test('the table of the workspace goes before that of the operator', () => {
    expect(nextStep(plan({}, { routes: { small: [], large: [bigGpt] } }), [])).toEqual(ask(bigGpt));
  });
});

describe('why somebody else answered', () => {
  test('is told in the order in which it went, each reason once', () => {
    const reasons = [failed(claude), failed(claude), { ...failed(gpt), reason: 'gpt is slow' }];

    expect(fallbackReasonOf(reasons)).toBe('claude is away; gpt is slow');
    expect(fallbackReasonOf([sound(claude)])).toBeNull();
    expect([reasons, [sound(claude)], [sound(claude, 'low'), spent], []].map(fallbackLabelOf)).toEqual([
      'overloaded',
      'none',
      'spent',
      'none',
    ]);
    expect(fallbackReasonOf([sound(claude, 'low'), spent])).toBe('no larger model answered: spent');
  });
});

test('the first model of a provider that a route names is its model', () => {
  expect(choiceOf({ routes }, 'gpt')).toEqual(gpt);
  expect(choiceOf({ routes }, 'ollama')).toBeNull();
});
