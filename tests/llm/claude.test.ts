import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { LLMock } from '@copilotkit/aimock';
import type { ReasonAnswer, ReasonRequest } from '../../src/domain/ports.ts';
import { ModelFailedError } from '../../src/errors.ts';
import { createClaude, DEFAULT_CLAUDE_MODEL } from '../../src/llm/claude.ts';

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

const answer = { headline: 'The cart is wrong', cause: 'It is.', nextStep: 'Fix it.', evidence: [0, 2] };
const request: ReasonRequest = {
  category: 'test',
  verdict: { kind: 'new', reasons: [] },
  facts: {
    failingTests: [],
    problems: [],
    exitCode: 1,
    failedStep: null,
    failedCommand: null,
    tool: null,
    ecosystem: null,
  },
  excerpt: [],
  evidence: [],
  prompt: { version: 'explain-1', system: 'You explain.', user: 'Explain this failure.' },
  maxOutputTokens: 500,
};

function ask(timeoutMs = 10_000, signal: AbortSignal = new AbortController().signal): Promise<ReasonAnswer> {
  return createClaude({ apiKey: 'key', baseUrl: mock.url, timeoutMs }).reason(request, signal);
}

const asTool = (value: unknown): { toolCalls: Array<{ name: string; arguments: string }> } => ({
  toolCalls: [{ name: 'explain_failure', arguments: typeof value === 'string' ? value : JSON.stringify(value) }],
});

describe('Claude', () => {
  test('hands in its answer as a tool call, with what it cost', async () => {
    mock.onMessage(/Explain/u, { ...asTool(answer), usage: { input_tokens: 321, output_tokens: 45 } });

    expect(await ask()).toEqual({
      ...answer,
      author: {
        provider: 'claude',
        model: DEFAULT_CLAUDE_MODEL,
        promptVersion: 'explain-1',
        inputTokens: 321,
        outputTokens: 45,
      },
    });
  });

  test('is asked for the tool by force, with the schema', async () => {
    mock.onMessage(/Explain/u, asTool(answer));
    await ask();

    const body = JSON.stringify(mock.getLastRequest()?.body);
    expect(body).toContain('explain_failure');
    expect(body).toContain('nextStep');
    expect(body).toContain(DEFAULT_CLAUDE_MODEL);
  });

  test.each([
    [401, 'claude refuses our key', false],
    [404, 'claude does not know the configured model', false],
    [400, 'claude refused the request (400)', false],
    [500, 'claude has a fault on its side (500)', true],
    [529, 'claude is overloaded', true],
  ])('status %i: %s', async (status, message, retryable) => {
    mock.onMessage(/Explain/u, { error: { message: 'quoting the prompt back', type: 'x' }, status });

    await expect(ask()).rejects.toMatchObject({ message, retryable, code: 'model.failed' });
  });

  test('a rate limit tells when to come back', async () => {
    mock.onMessage(/Explain/u, {
      error: { message: 'slow down', type: 'rate_limit_error' },
      status: 429,
      retryAfter: 1,
    });

    await expect(ask()).rejects.toMatchObject({
      message: 'claude limits our rate',
      retryable: true,
      retryAfterMs: 1000,
    });
  });

  test('a fault that passes is tried once more', async () => {
    mock.onMessage(/Explain/u, asTool(answer));
    mock.nextRequestError(529, { message: 'busy' });

    expect(await ask()).toMatchObject(answer);
  });

  test.each([
    ['broken JSON', asTool('{"headline": "half'), /could not be read|agreed shape/u],
    ['another shape', asTool({ headline: 'x', evidence: 'all' }), /agreed shape/u],
    ['negative lines', asTool({ ...answer, evidence: [-1] }), /agreed shape \(evidence\.0\)/u],
    ['prose', { content: 'The cart is wrong.' }, /did not hand in its answer/u],
    ['a cut answer', { ...asTool(answer), finishReason: 'length' }, /ran out of room/u],
    ['a refusal', { content: '', finishReason: 'content_filter' }, /declined|did not hand in/u],
  ])('%s is a failure in plain words', async (_, response, message) => {
    mock.onMessage(/Explain/u, response);

    await expect(ask()).rejects.toThrow(message);
    await expect(ask()).rejects.toBeInstanceOf(ModelFailedError);
  });

  test('lines that do not exist are passed on: whoever asked can check them', async () => {
    mock.onMessage(/Explain/u, asTool({ ...answer, evidence: [999] }));

    expect(await ask()).toMatchObject({ evidence: [999] });
  });

  test('a stream that is slower than the deadline is stopped', async () => {
    mock.onMessage(/Explain/u, asTool({ ...answer, cause: 'x'.repeat(200) }), { latency: 100, chunkSize: 20 });
    const started = performance.now();

    await expect(ask(400)).rejects.toBeInstanceOf(ModelFailedError);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test('the caller’s signal stops it', async () => {
    mock.onMessage(/Explain/u, asTool(answer), { latency: 100, chunkSize: 20 });

    await expect(ask(10_000, AbortSignal.timeout(300))).rejects.toThrow('claude was stopped before it had answered');
  });

  test('an address where nobody answers is named as such', async () => {
    const nowhere = createClaude({ apiKey: 'key', baseUrl: 'http://127.0.0.1:9', timeoutMs: 5000 });

    await expect(nowhere.reason(request, new AbortController().signal)).rejects.toThrow('claude could not be reached');
  });
});
