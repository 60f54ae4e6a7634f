import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { costMicroUsd, findPrice, LIST_PRICES, mostMicroUsd } from '../../src/llm/prices.ts';
import { boundTokens } from '../../src/llm/tokens.ts';

const million = { inputTokens: 1_000_000, outputTokens: 0, cachedTokens: 0 };
const priceOf = (model: string, own = {}, provider: 'claude' | 'gpt' | 'ollama' = 'gpt') =>
  findPrice({ provider, model }, own);

describe('the price of a model', () => {
  test('is ours, unless the operator has one; the longest id that fits wins', () => {
    expect(priceOf('gpt-6.1-sol')).toMatchObject({ input: 2, output: 10 });
    const own = {
      'gpt-*': { input: 1, output: 1 },
      'gpt-6.1*': { input: 3, output: 3 },
      'gpt-6.1-sol': { input: 4, output: 4 },
    };
    expect(priceOf('gpt-6.1-sol', own)).toMatchObject({ input: 4 });
    expect(priceOf('gpt-6.1-terra', own)).toMatchObject({ input: 3 });
    expect(priceOf('gpt-5.5', own)).toMatchObject({ input: 1 });
  });

  test('of a model that nobody knows is the dearest there is', () => {
    expect(priceOf('gpt-9-oracle')).toMatchObject({ input: 30, output: 180, cachedInput: 30, cacheWrite: 37.5 });
    expect(priceOf('gpt-9-oracle', { other: { input: 99, output: 1 } })).toMatchObject({ input: 99, output: 180 });
  });

  test('of Ollama is nothing, unless the operator has one', () => {
    expect(priceOf('gpt-6-luna', {}, 'ollama')).toMatchObject({ input: 0, output: 0 });
    expect(priceOf('qwen3:8b', { 'qwen3*': { input: 0.5, output: 0.5 } }, 'ollama')).toMatchObject({ input: 0.5 });
  });

  test.each(['claude-haiku-5-5', 'claude-sonnet-5-5', 'gpt-6-luna', 'gpt-6.1-sol'])(
    '%s, a default, has one',
    (model) => {
      expect(Object.keys(LIST_PRICES).some((id) => model.startsWith(id.replace(/\*$/u, '')))).toBe(true);
    },
  );
});

describe('what a call costs', () => {
  const price = { input: 2, output: 10, cachedInput: 0.1 };

  test('counts cached input at its price, and other input as written to the cache', () => {
    expect(costMicroUsd(price, { inputTokens: 1000, outputTokens: 100, cachedTokens: 0 })).toBe(2500 + 1000);
    expect(costMicroUsd(price, { inputTokens: 1000, outputTokens: 100, cachedTokens: 800 })).toBe(500 + 80 + 1000);
    expect(costMicroUsd({ ...price, cacheWrite: 2 }, million)).toBe(2_000_000);
  });

  test('is rounded up to whole millionths, but not for a hair', () => {
    expect(
      costMicroUsd({ input: 0.1, output: 0.5, cacheWrite: 0.1 }, { inputTokens: 3, outputTokens: 0, cachedTokens: 0 }),
    ).toBe(1);
    expect(
      costMicroUsd({ input: 0.1, output: 0.7, cacheWrite: 0.1 }, { inputTokens: 0, outputTokens: 30, cachedTokens: 0 }),
    ).toBe(21);
    expect(costMicroUsd(price, { inputTokens: 0, outputTokens: 0, cachedTokens: 0 })).toBe(0);
  });

  test('is higher for a long prompt where the provider says so', () => {
    const haiku = priceOf('claude-haiku-5-5', {}, 'claude');
    expect(costMicroUsd(haiku, { ...million, inputTokens: 100_000 })).toBe(12_500);
    expect(costMicroUsd(haiku, { ...million, inputTokens: 100_001 })).toBe(62_501);
  });

  test('is never more than the most it can cost', () => {
    const rate = fc.double({ min: 0, max: 200, noNaN: true });
    const rates = fc.record({ input: rate, output: rate, cachedInput: rate, cacheWrite: rate });
    const prices = fc.tuple(rates, fc.option(rates), fc.nat(1000)).map(([usual, long, over]) => ({
      ...usual,
      ...(long === null ? {} : { long: { ...long, over } }),
    }));
    const tokens = fc.tuple(fc.nat(2000), fc.nat(2000), fc.nat(2000));
    fc.assert(
      fc.property(prices, tokens, fc.nat(500), (aPrice, [inputTokens, outputTokens, cachedTokens], spare) => {
        const most = mostMicroUsd(aPrice, { inputTokens: inputTokens + spare, outputTokens: outputTokens + spare });
        expect(costMicroUsd(aPrice, { inputTokens, outputTokens, cachedTokens })).toBeLessThanOrEqual(most);
      }),
    );
  });
});

describe('the bound on tokens', () => {
  test.each([
    ['a line of one letter', 'a'.repeat(40_000)],
    ['rare characters', '🧑🏽‍🚀ﷺ'.repeat(5000)],
    ['words of the tokenizer', '<|endoftext|>'.repeat(2000)],
  ])('is quick on %s', (_, text) => {
    const started = performance.now();

    expect(boundTokens(text)).toBe(Buffer.byteLength(text));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
