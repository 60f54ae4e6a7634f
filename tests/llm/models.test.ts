import { describe, expect, test } from '@jest/globals';
import { loadModels } from '../../src/config.ts';
import { createModels } from '../../src/llm/models.ts';
import { fakeLog } from '../support/fake-log.ts';
import { aConfig, MODELS, request } from './support.ts';

const deps = { log: fakeLog() };
const models = createModels(aConfig('http://127.0.0.1:9'), deps);
const none = createModels(loadModels({}), deps);

describe('the catalogue of models', () => {
  test('finds any model of a configured provider, the same one each time', () => {
    const found = models.find({ provider: 'claude', model: 'claude-opus-9' });

    expect(found).toMatchObject({ provider: 'claude', model: 'claude-opus-9' });
    expect(models.find({ provider: 'claude', model: 'claude-opus-9' })).toBe(found);
    expect(models.missing('claude')).toBeNull();
  });

  test('says by name what a provider needs', () => {
    expect(none.find({ provider: 'gpt', model: MODELS.gpt })).toBeNull();
    expect(none.missing('claude')).toBe('ANTHROPIC_API_KEY');
    expect(none.missing('gpt')).toBe('OPENAI_API_KEY');
    expect(none.missing('ollama')).toBe('OLLAMA_BASE_URL and OLLAMA_MODEL');
    expect(none.routes).toEqual({ small: [], large: [] });
    expect(none.limits).toEqual({ monthlyBudgetUsd: 50, callsPerHour: 200 });
  });

  test('leads to every configured provider, unless the operator wants it otherwise', () => {
    expect(models.routes).toEqual({
      small: [
        { provider: 'claude', model: 'claude-haiku-5-5' },
        { provider: 'gpt', model: 'gpt-6-luna' },
        { provider: 'ollama', model: 'qwen3:8b' },
      ],
      large: [
        { provider: 'claude', model: 'claude-sonnet-5-5' },
        { provider: 'gpt', model: 'gpt-6.1-sol' },
        { provider: 'ollama', model: 'qwen3:8b' },
      ],
    });
    const configured = loadModels({
      ANTHROPIC_API_KEY: 'k'.repeat(20),
      ANTHROPIC_MODEL: 'claude-haiku-4-5',
      MODEL_ROUTE_LARGE: 'claude:claude-opus-5-5',
    });
    expect(createModels(configured, deps).routes).toEqual({
      small: [{ provider: 'claude', model: 'claude-haiku-4-5' }],
      large: [{ provider: 'claude', model: 'claude-opus-5-5' }],
    });
  });
});

describe('an estimate', () => {
  test.each([
    ['claude', 'claude-haiku-5-5', 0.125, 0.5, 5000],
    ['claude', 'claude-haiku-4-5', 1.25, 5, 1000],
    ['gpt', 'gpt-6.1-sol', 2.5, 10, 5000],
  ] as const)('of %s %s is the most that the request can cost', (provider, model, input, output, room) => {
    const found = models.find({ provider, model });
    const estimate = found?.estimateMicroUsd(request) ?? 0;
    const { shared, data, task } = request.prompt;
    const bytes = Buffer.byteLength(shared + data + task);

    expect(Number.isInteger(estimate)).toBe(true);
    expect(estimate).toBeGreaterThan(bytes * input + room * output);
    expect(estimate).toBeLessThan((bytes + 3000) * input + room * output);
    const usage = { inputTokens: bytes, outputTokens: room, cachedTokens: 0 };
    expect(found?.costMicroUsd(usage)).toBeLessThanOrEqual(estimate);
  });

  test('of Ollama is nothing', () => {
    expect(models.find({ provider: 'ollama', model: MODELS.ollama })?.estimateMicroUsd(request)).toBe(0);
  });
});
