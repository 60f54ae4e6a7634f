import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { LLMock } from '@copilotkit/aimock';
import { explainOffline } from '../../src/analysis/offline.ts';
import { ModelFailedError, type ModelFault } from '../../src/errors.ts';
import { aDiagnosis } from '../support/report-builders.ts';
import { aBench, answer, askOf, MODELS, request, WAYS } from './support.ts';

// What every provider has to do, through its official SDK, against a stand-in for its service.

const mock = new LLMock({ port: 0 });
beforeAll(async () => {
  await mock.start();
});
afterAll(async () => {
  await mock.stop();
});
beforeEach(() => {
  mock.reset();
});

const EXPLAIN = /Explain/u;
const asked = { content: JSON.stringify(answer), usage: { input_tokens: 321, output_tokens: 45 } };
const counted = {
  ...asked,
  usage: { ...asked.usage, prompt_tokens: 321, completion_tokens: 45 },
};

/** The error that was thrown; fails the test where none was. */
async function faultOf(asking: Promise<unknown>): Promise<ModelFailedError> {
  const error = await asking.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ModelFailedError);
  return error as ModelFailedError;
}

describe.each(WAYS)('$way', ({ provider, streaming }) => {
  const bench = (): ReturnType<typeof aBench> => aBench(mock.url, { streaming });

  test('answers in the agreed shape, with what it cost', async () => {
    mock.onMessage(EXPLAIN, counted);

    const reply = await askOf(bench(), provider);

    expect(reply).toEqual({
      answer,
      model: MODELS[provider],
      usage: { inputTokens: 321, outputTokens: 45, cachedTokens: 0 },
      firstTokenMs: streaming ? expect.any(Number) : null,
    });
  });

  test('is asked for the model and held to the schema', async () => {
    mock.onMessage(EXPLAIN, counted);
    await askOf(bench(), provider);

    const sent = mock.getLastRequest();
    const body = JSON.stringify(sent?.body);
    expect(sent?.path).toBe(provider === 'claude' ? '/v1/messages' : '/v1/chat/completions');
    expect(body).toContain(MODELS[provider]);
    expect(body).toContain(request.prompt.shared);
    expect(body).toContain(request.prompt.data);
    expect(mock.getRequests()).toHaveLength(1);
  });

  test.each<[string, number, ModelFault, string]>([
    ['a refused key', 401, 'refused', 'refuses our key'],
    ['no money', 402, 'refused', 'has a limit of money that is reached'],
    ['no right', 403, 'refused', 'refuses our key'],
    ['an unknown model', 404, 'refused', 'does not know the configured model'],
    ['a bad request', 400, 'unknown', 'refused the request (400)'],
  ])('%s (%i) is told at once, in our words', async (_, status, fault, says) => {
    mock.onMessage(EXPLAIN, { error: { message: 'quoting the prompt back', type: 'x' }, status });
    const models = bench();

    const error = await faultOf(askOf(models, provider));

    expect(error).toMatchObject({ fault, retryable: false, usage: null, message: `${provider} ${says}` });
    expect(mock.getRequests()).toHaveLength(1);
    expect(models.waits).toEqual([]);
  });

  test.each([
    [500, 'has a fault on its side (500)'],
    [529, 'is overloaded'],
  ])('a fault of theirs (%i) is tried three times, a second and two seconds later', async (status, says) => {
    mock.onMessage(EXPLAIN, { error: { message: 'quoting the prompt back', type: 'x' }, status });
    const models = bench();

    const error = await faultOf(askOf(models, provider));

    expect(error).toMatchObject({ fault: 'overloaded', retryable: true, message: `${provider} ${says}` });
    expect(mock.getRequests()).toHaveLength(3);
    expect(models.waits).toEqual([1125, 2250]);
  });

  test('a fault that passes costs one more request', async () => {
    mock.onMessage(EXPLAIN, counted);
    mock.nextRequestError(529, { message: 'busy' });

    expect(await askOf(bench(), provider)).toMatchObject({ answer });
    expect(mock.getRequests()).toHaveLength(2);
  });

  test('a rate limit with Retry-After is waited for, and never shorter', async () => {
    let count = 0;
    mock.onMessage(EXPLAIN, () => {
      count += 1;
      return count === 1
        ? { error: { message: 'slow down', type: 'rate_limit_error' }, status: 429, retryAfter: 7 }
        : counted;
    });
    const models = bench();

    expect(await askOf(models, provider)).toMatchObject({ answer });
    expect(models.waits).toHaveLength(1);
    expect(models.waits[0]).toBeGreaterThanOrEqual(7000);
  });

  test('a rate limit for longer than we can wait is handed on at once', async () => {
    mock.onMessage(EXPLAIN, {
      error: { message: 'slow down', type: 'rate_limit_error' },
      status: 429,
      retryAfter: 600,
    });
    const models = bench();

    expect(await faultOf(askOf(models, provider))).toMatchObject({ fault: 'rate-limited', retryAfterMs: 600_000 });
    expect(models.waits).toEqual([]);
  });

  test.each<[string, string, RegExp]>([
    ['broken JSON', '{"headline": "half', /could not be read/u],
    [
      'another shape',
      JSON.stringify({ headline: 'x', evidence: 'all' }),
      /agreed shape \(cause, nextStep, evidence\)/u,
    ],
    [
      'a negative line',
      JSON.stringify({ ...answer, evidence: [{ number: -1, text: '' }] }),
      /\(evidence\.0\.number\)/u,
    ],
    ['prose', 'The cart is wrong, see quoted prompt.', /could not be read/u],
    ['nothing', ' ', /empty answer/u],
    ['a megabyte', JSON.stringify({ ...answer, cause: 'x'.repeat(1_000_000) }), /far longer|agreed shape/u],
  ])('%s is malformed, and was paid for', async (_, content, says) => {
    mock.onMessage(EXPLAIN, { ...counted, content }, { chunkSize: 10_000 });

    const error = await faultOf(askOf(bench(), provider));

    expect(error).toMatchObject({ fault: 'malformed', retryable: false });
    expect(error.message).toMatch(says);
    expect(error.message).not.toContain('quoted prompt');
    expect(error.usage?.inputTokens).toBeGreaterThanOrEqual(321);
    expect(mock.getRequests()).toHaveLength(1);
  });

  test('lines that do not exist are passed on: whoever asked can check them', async () => {
    const invented = { ...answer, evidence: [{ number: 9999, text: 'never logged' }] };
    mock.onMessage(EXPLAIN, { ...counted, content: JSON.stringify(invented) });

    expect(await askOf(bench(), provider)).toMatchObject({ answer: invented });
  });

  test('an answer that runs out of room is told as such, with what it cost', async () => {
    mock.onMessage(EXPLAIN, { ...counted, content: '{"headline": "half', finishReason: 'length' });

    expect(await faultOf(askOf(bench(), provider))).toMatchObject({
      fault: 'out-of-room',
      usage: { inputTokens: 321, outputTokens: 45, cachedTokens: 0 },
    });
  });

  test('a refusal is told as such, with what it cost', async () => {
    const finishReason = provider === 'claude' ? 'refusal' : 'content_filter';
    mock.onMessage(EXPLAIN, { ...counted, content: 'I cannot.', finishReason });

    expect(await faultOf(askOf(bench(), provider))).toMatchObject({
      fault: 'declined',
      retryable: false,
      usage: { inputTokens: 321, outputTokens: 45, cachedTokens: 0 },
    });
  });

  test('an answer slower than the deadline is stopped, and counts as paid', async () => {
    mock.onMessage(EXPLAIN, counted, { latency: 200, chunkSize: 10 });
    // In one piece nothing trickles: the stand-in has to be slow to begin.
    if (!streaming) mock.reset().onMessage(EXPLAIN, counted, { chaos: { latencyMs: 20_000 } });
    const started = performance.now();

    const error = await faultOf(askOf(bench(), provider, AbortSignal.timeout(300)));

    expect(error).toMatchObject({ fault: 'stopped', message: `${provider} was stopped before it had answered` });
    expect(error.usage?.outputTokens).toBeGreaterThan(request.maxOutputTokens);
    expect(performance.now() - started).toBeLessThan(8000);
  });

  test('a signal that has fired asks nobody', async () => {
    mock.onMessage(EXPLAIN, counted);

    expect(await faultOf(askOf(bench(), provider, AbortSignal.abort()))).toMatchObject({
      fault: 'stopped',
      usage: null,
    });
    expect(mock.getRequests()).toHaveLength(0);
  });

  test('a connection that is dropped before a word is tried again', async () => {
    mock.onMessage(EXPLAIN, counted, { chaos: { disconnectRate: 1 } });
    const models = bench();

    expect(await faultOf(askOf(models, provider))).toMatchObject({
      fault: 'unreachable',
      retryable: true,
      usage: null,
    });
    expect(models.waits).toHaveLength(2);
  });

  test('an address where nobody listens cannot be reached', async () => {
    const models = aBench('http://127.0.0.1:9', { streaming });

    expect(await faultOf(askOf(models, provider))).toMatchObject({
      fault: 'unreachable',
      message: `${provider} could not be reached`,
    });
  });
});

describe.each(WAYS.filter(({ streaming }) => streaming))('$way', ({ provider }) => {
  test.each([
    ['cut', { latency: 20, truncateAfterChunks: 4 }],
    ['disconnected', { latency: 50, disconnectAfterMs: 120 }],
  ])('a stream that is %s is broken off, paid for, and not asked for again here', async (_, faults) => {
    mock.onMessage(EXPLAIN, counted, { chunkSize: 10, ...faults });
    const models = aBench(mock.url);

    const error = await faultOf(askOf(models, provider));

    expect(error).toMatchObject({ fault: 'unreachable', retryable: true, message: `${provider} broke off its answer` });
    expect(error.usage?.outputTokens).toBeGreaterThan(request.maxOutputTokens);
    expect(mock.getRequests()).toHaveLength(1);
  });
});

test('the offline analyser answers with the network away, and asks nobody', () => {
  const explanation = explainOffline(aDiagnosis({ evidence: [], excerpt: [] }));

  expect(explanation.headline.length).toBeGreaterThan(8);
  expect(mock.getRequests()).toEqual([]);
});
