import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ModelFailedError } from '../../src/errors.ts';
import type { Models } from '../../src/domain/ports.ts';
import { createModels } from '../../src/llm/models.ts';
import { fakeLog } from '../support/fake-log.ts';
import {
  aBench,
  aConfig,
  answer,
  askOf,
  events,
  json,
  MODELS,
  type RawProvider,
  request,
  startRawProvider,
  WAYS,
} from './support.ts';

// What goes over the wire, and the replies that the stand-in of contract.test.ts cannot give.

let raw: RawProvider;
beforeAll(async () => {
  raw = await startRawProvider();
});
afterAll(() => raw.close());

const text = JSON.stringify(answer);

const CLAUDE_USAGE = {
  input_tokens: 30,
  cache_creation_input_tokens: 200,
  cache_read_input_tokens: 1000,
  output_tokens: 45,
};
const claudeMessage = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-5-5-20261007',
  content: [
    { type: 'thinking', thinking: 'quoting the prompt', signature: 'x' },
    { type: 'text', text },
  ],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: CLAUDE_USAGE,
};
const claudeStart = {
  type: 'message_start',
  message: { ...claudeMessage, content: [], stop_reason: null, usage: { ...CLAUDE_USAGE, output_tokens: 1 } },
};
const claudeText = { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text } };
const claudeEnd = {
  type: 'message_delta',
  delta: { stop_reason: 'end_turn', stop_sequence: null },
  usage: { output_tokens: 45 },
};
const claudeStream = [
  claudeStart,
  { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'quoting the prompt' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
  claudeText,
  { type: 'content_block_stop', index: 1 },
  claudeEnd,
  { type: 'message_stop' },
];

const chatUsage = {
  prompt_tokens: 1230,
  completion_tokens: 45,
  total_tokens: 1275,
  prompt_tokens_details: { cached_tokens: 1000 },
};
const chatMessage = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-6-luna-2026-09-22',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: text, refusal: null } }],
  usage: chatUsage,
};
const chunk = (delta: object, finish: string | null = null): object => ({
  id: 'c',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'gpt-6-luna-2026-09-22',
  choices: [{ index: 0, delta, finish_reason: finish }],
});
const chatStream = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ content: text.slice(0, 40) }),
  chunk({ content: text.slice(40) }),
  chunk({}, 'stop'),
  { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], usage: chatUsage },
  '[DONE]',
];

const good = (provider: string, streaming: boolean) => {
  if (provider === 'claude') return streaming ? events(claudeStream) : json(claudeMessage);
  return streaming ? events(chatStream) : json(chatMessage);
};

async function faultOf(asking: Promise<unknown>): Promise<ModelFailedError> {
  const error: unknown = await asking.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ModelFailedError);
  return error as ModelFailedError;
}

const bodyOf = (index = 0): Record<string, unknown> =>
  JSON.parse(raw.requests[index]?.body ?? '{}') as Record<string, unknown>;

const strictSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['headline', 'cause', 'nextStep', 'evidence'],
  properties: {
    headline: { type: 'string', description: expect.any(String) },
    cause: { type: 'string', description: expect.any(String) },
    nextStep: { type: 'string', description: expect.any(String) },
    evidence: {
      type: 'array',
      description: expect.any(String),
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['number', 'text'],
        properties: {
          number: { type: 'integer', description: expect.any(String) },
          text: { type: 'string', description: expect.any(String) },
        },
      },
    },
  },
};

describe('what is sent', () => {
  test.each([true, false])(
    'Claude: schema, two marks for its cache, room for thoughts (streaming: %s)',
    async (streaming) => {
      raw.reply(good('claude', streaming));
      await askOf(aBench(raw.url, { streaming }), 'claude');

      expect(raw.requests[0]).toMatchObject({
        path: '/v1/messages',
        headers: { authorization: 'Bearer key-of-claude' },
      });
      expect(bodyOf()).toEqual({
        model: MODELS.claude,
        max_tokens: 5000,
        system: [{ type: 'text', text: request.prompt.shared, cache_control: { type: 'ephemeral' } }],
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: request.prompt.data, cache_control: { type: 'ephemeral' } },
              { type: 'text', text: request.prompt.task },
            ],
          },
        ],
        output_config: { format: { type: 'json_schema', schema: strictSchema }, effort: 'low' },
        ...(streaming ? { stream: true } : {}),
      });
    },
  );

  test.each([
    ['gpt', { max_completion_tokens: 5000, reasoning_effort: 'low', store: false }],
    ['ollama', { max_tokens: 5000 }],
  ] as const)('%s: schema, and the name it has for the room', async (provider, extras) => {
    raw.reply(good(provider, true));
    await askOf(aBench(raw.url), provider);

    expect(raw.requests[0]?.path).toBe('/v1/chat/completions');
    expect(raw.requests[0]?.headers['authorization']).toBe(provider === 'gpt' ? 'Bearer key-of-gpt' : 'Bearer none');
    expect(bodyOf()).toEqual({
      model: MODELS[provider],
      messages: [
        { role: 'system', content: request.prompt.shared },
        { role: 'user', content: `${request.prompt.data}\n\n${request.prompt.task}` },
      ],
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'explanation', strict: true, schema: strictSchema },
      },
      stream: true,
      stream_options: { include_usage: true },
      ...extras,
    });
  });

  test.each([
    ['claude', 'claude-haiku-4-5', 'output_config.effort'],
    ['gpt', 'gpt-4.1', 'reasoning_effort'],
    ['gpt', 'gpt-5.2-chat-latest', 'reasoning_effort'],
  ] as const)(
    '%s: %s does not think, is not told how much to, and gets no room for it',
    async (provider, model, name) => {
      raw.reply(good(provider, true));
      await aBench(raw.url).find({ provider, model })?.ask(request, new AbortController().signal);

      expect(raw.requests[0]?.body).not.toContain(name.split('.').at(-1));
      expect(bodyOf()).toMatchObject(provider === 'claude' ? { max_tokens: 1000 } : { max_completion_tokens: 1000 });
    },
  );

  test.each(['/', '/v1', '/v1/', ''])('the address of Ollama may end in "%s"', async (ending) => {
    raw.reply(good('ollama', true));
    await askOf(aBench(raw.url, { ollama: { baseUrl: `${raw.url}${ending}`, model: MODELS.ollama } }), 'ollama');

    expect(raw.requests[0]?.path).toBe('/v1/chat/completions');
  });

  test.each(WAYS)(
    '$way: no redirect is followed, since it would carry the key along',
    async ({ provider, streaming }) => {
      raw.reply(json('', 307, { location: `${raw.url}/elsewhere` }));

      expect(await faultOf(askOf(aBench(raw.url, { streaming }), provider))).toMatchObject({ fault: 'unreachable' });
      expect(raw.requests.map(({ path }) => path)).not.toContain('/elsewhere');
    },
  );
});

describe.each(WAYS)('$way', ({ provider, streaming }) => {
  const bench = (): ReturnType<typeof aBench> => aBench(raw.url, { streaming });

  test('counts what came from the cache, and names itself', async () => {
    raw.reply(good(provider, streaming));

    expect(await askOf(bench(), provider)).toMatchObject({
      answer,
      model: provider === 'claude' ? 'claude-haiku-5-5-20261007' : expect.stringMatching(/^gpt-6-luna|^m$/u),
      usage: { inputTokens: 1230, outputTokens: 45, cachedTokens: 1000 },
    });
  });

  test.each([
    ['without Retry-After', {}],
    ['of money, whatever it says', { 'retry-after': '1', 'x-quota': 'yes' }],
  ])('a limit %s is not asked again: it does not pass by itself', async (_, headers) => {
    const code = 'x-quota' in headers ? 'insufficient_quota' : 'rate_limit_exceeded';
    raw.reply(json({ error: { message: 'quoting the prompt', type: code, code } }, 429, headers));
    const models = bench();

    expect(await faultOf(askOf(models, provider))).toMatchObject({ fault: 'refused', retryable: false });
    expect(raw.requests).toHaveLength(1);
    expect(models.waits).toEqual([]);
  });

  test.each([
    [{ 'retry-after': '3' }, 3000],
    [{ 'retry-after': '2.5' }, 2500],
    [{ 'retry-after-ms': '1200', 'retry-after': '9' }, 1200],
  ])('%j is kept to', async (headers, least) => {
    raw.reply(json({ error: { type: 'rate_limit_error' } }, 429, headers), good(provider, streaming));
    const models = bench();
    await askOf(models, provider);

    expect(models.waits).toEqual([Math.ceil(least * 1.125)]);
  });

  test('so is a date, and the wait of an overloaded provider', async () => {
    const now = Date.parse('2026-11-24T10:00:00Z');
    const waits: number[] = [];
    const wait = (ms: number): Promise<void> => Promise.resolve(void waits.push(ms));
    const models = createModels(aConfig(raw.url, { streaming }), {
      log: fakeLog(),
      wait,
      random: () => 0,
      now: () => now,
    });
    raw.reply(json({ error: {} }, 503, { 'retry-after': 'Tue, 24 Nov 2026 10:00:08 GMT' }), good(provider, streaming));
    await askOf(models, provider);

    expect(waits).toEqual([8000]);
  });

  test('a provider that says not to try again is not', async () => {
    raw.reply(json({ error: {} }, 500, { 'x-should-retry': 'false' }));

    expect(await faultOf(askOf(bench(), provider))).toMatchObject({ fault: 'overloaded', retryable: false });
    expect(raw.requests).toHaveLength(1);
  });

  test.each(['{}', '[]', 'null', '{"choices":[],"content":[]}', '<html>quoting', ''])(
    'a reply that is no reply (%s) is malformed or broken off, never more than an error of ours',
    async (body) => {
      raw.reply(streaming ? events([body]) : json(body));

      const error = await faultOf(askOf(bench(), provider));

      expect(['malformed', 'unreachable']).toContain(error.fault);
      expect(error.message).not.toContain('quoting');
      expect(raw.requests).toHaveLength(1);
    },
  );
});

describe('streams', () => {
  test.each([
    ['claude', [claudeStart, claudeText], 1230],
    ['gpt', chatStream.slice(0, 3), 1000],
    ['ollama', chatStream.slice(0, 3), 1000],
  ] as const)(
    '%s: one that ends in good order before its answer does is broken off, and paid for',
    async (provider, part, least) => {
      raw.reply(events([...part]));

      const error = await faultOf(askOf(aBench(raw.url), provider));

      expect(error).toMatchObject({ fault: 'unreachable', message: `${provider} broke off its answer` });
      expect(error.usage?.inputTokens).toBeGreaterThanOrEqual(least);
      expect(error.usage?.outputTokens).toBe(5000);
    },
  );

  test.each([
    ['overloaded_error', 'overloaded', 'claude is overloaded'],
    ['api_error', 'unreachable', 'claude broke off its answer'],
  ])('claude: an error within (%s)', async (type, fault, message) => {
    raw.reply(events([claudeStart, { type: 'error', error: { type, message: 'quoting the prompt' } }]));

    expect(await faultOf(askOf(aBench(raw.url), 'claude'))).toMatchObject({
      fault,
      message,
      usage: { inputTokens: 1230 },
    });
  });

  test('gpt: a refusal in words of its own is told in ours', async () => {
    raw.reply(events([chunk({ refusal: 'I will not quote the prompt.' }), chunk({}, 'stop'), '[DONE]']));

    const error = await faultOf(askOf(aBench(raw.url), 'gpt'));

    expect(error).toMatchObject({ fault: 'declined', message: 'gpt declined to answer' });
  });

  test('gpt: a refusal in one piece', async () => {
    const message = { role: 'assistant', content: null, refusal: 'I will not quote the prompt.' };
    raw.reply(json({ ...chatMessage, choices: [{ index: 0, finish_reason: 'stop', message }] }));

    expect(await faultOf(askOf(aBench(raw.url, { streaming: false }), 'gpt'))).toMatchObject({ fault: 'declined' });
  });

  test('claude: a context that is too small is out of room', async () => {
    raw.reply(json({ ...claudeMessage, stop_reason: 'model_context_window_exceeded' }));

    expect(await faultOf(askOf(aBench(raw.url, { streaming: false }), 'claude'))).toMatchObject({
      fault: 'out-of-room',
    });
  });

  test.each(['claude', 'gpt', 'ollama'] as const)(
    '%s: one without an end is left as soon as it is too long',
    async (provider) => {
      const piece = 'x'.repeat(10_000);
      const part =
        provider === 'claude'
          ? { ...claudeText, delta: { type: 'text_delta', text: piece } }
          : chunk({ content: piece });
      const start = provider === 'claude' ? [claudeStart] : [];
      raw.reply(events([...start, ...Array.from({ length: 30 }, () => part)], { end: false }));

      expect(await faultOf(askOf(aBench(raw.url), provider))).toMatchObject({
        fault: 'malformed',
        message: `${provider} gave an answer far longer than any that was asked for`,
      });
    },
  );

  test.each(WAYS)('$way: one that falls silent is stopped by the signal', async ({ provider, streaming }) => {
    const first = provider === 'claude' ? [claudeStart] : [chatStream[0]];
    raw.reply(streaming ? events(first, { end: false }) : (response) => response.writeHead(200).write('{'));
    const stopping = new AbortController();
    const asking = faultOf(askOf(aBench(raw.url, { streaming }), provider, stopping.signal));
    while (raw.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    stopping.abort();

    expect(await asking).toMatchObject({ fault: 'stopped', retryable: false });
  });
});

describe('the circuit of a provider', () => {
  const failing = json({ error: { message: 'busy' } }, 529);

  test('opens after five faults, asks nobody while it is open, and closes when a probe is answered', async () => {
    const models = aBench(raw.url);
    raw.reply(failing);
    const first = await faultOf(askOf(models, 'claude'));
    const second = await faultOf(askOf(models, 'claude'));
    const third = await faultOf(askOf(models, 'claude'));

    expect([first.fault, second.fault, third.fault]).toEqual(['overloaded', 'overloaded', 'circuit-open']);
    expect(raw.requests).toHaveLength(5);
    expect(models.circuits()).toEqual({ claude: 1, gpt: 0, ollama: 0 });
    expect(models.log.at('warn')).toMatchObject([{ fields: { provider: 'claude' } }]);

    raw.reply(good('gpt', true));
    expect(await askOf(models, 'gpt')).toMatchObject({ answer });

    raw.reply(good('claude', true));
    await atALaterTime(11_000, async () => {
      expect(await askOf(models, 'claude')).toMatchObject({ answer });
    });
    expect(models.circuits()).toEqual({ claude: 0, gpt: 0, ollama: 0 });
    expect(models.log.at('info')).toMatchObject([{ fields: { provider: 'claude' } }]);
  });

  test('a probe that fails, or that our own deadline stops, leaves it open for longer', async () => {
    const models = aBench(raw.url);
    await open(models);

    raw.reply(events([claudeStart], { end: false }));
    await atALaterTime(11_000, async () => {
      const stopping = new AbortController();
      const probe = faultOf(askOf(models, 'claude', stopping.signal));
      while (raw.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
      // While it is under way nobody waits for it.
      expect(await faultOf(askOf(models, 'claude'))).toMatchObject({ fault: 'circuit-open' });
      stopping.abort();
      expect(await probe).toMatchObject({ fault: 'stopped' });
    });
    expect(models.circuits()).toMatchObject({ claude: 1 });
    await atALaterTime(11_000 + 15_000, async () => {
      expect(await faultOf(askOf(models, 'claude'))).toMatchObject({ fault: 'circuit-open' });
    });
    raw.reply(good('claude', true));
    await atALaterTime(11_000 + 21_000, async () => {
      expect(await askOf(models, 'claude')).toMatchObject({ answer });
    });
  });

  test.each([
    ['refused keys', json({ error: {} }, 401)],
    ['limits of our rate', json({ error: {} }, 429, { 'retry-after': '600' })],
    [
      'malformed answers',
      json({ ...chatMessage, choices: [{ ...chatMessage.choices[0], message: { content: '{' } }] }),
    ],
  ])('stays closed over %s: whoever says so is there', async (_, reply) => {
    const models = aBench(raw.url, { streaming: false });
    raw.reply(reply);
    for (let count = 0; count < 8; count += 1) await faultOf(askOf(models, 'gpt'));

    expect(models.circuits()).toMatchObject({ gpt: 0 });
    expect(raw.requests).toHaveLength(8);
  });

  test('stays closed over our own stops', async () => {
    const models = aBench(raw.url);
    raw.reply((response) => response.writeHead(200).flushHeaders());
    for (let count = 0; count < 8; count += 1) {
      const asking = faultOf(askOf(models, 'gpt', AbortSignal.timeout(20)));
      expect(await asking).toMatchObject({ fault: 'stopped' });
    }
    expect(models.circuits()).toMatchObject({ gpt: 0 });
  });

  test('a wait between two attempts ends with the signal', async () => {
    const models = createModels(aConfig(raw.url), { log: fakeLog() });
    raw.reply(json({ error: {} }, 429, { 'retry-after': '10' }));
    const stopping = new AbortController();
    const asking = faultOf(askOf(models, 'claude', stopping.signal));
    while (raw.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    setTimeout(() => stopping.abort(), 50);

    expect(await asking).toMatchObject({
      fault: 'stopped',
      message: 'claude was stopped while it waited to be asked again',
    });
    expect(raw.requests).toHaveLength(1);
  });
});

async function open(models: Models): Promise<void> {
  raw.reply(json({ error: {} }, 529));
  for (let count = 0; count < 2; count += 1) await faultOf(askOf(models, 'claude'));
  expect(models.circuits()).toMatchObject({ claude: 1 });
}

/** The circuit breaker looks at the clock of the process; nothing else here does. */
async function atALaterTime(ms: number, work: () => Promise<void>): Promise<void> {
  const real = Date.now;
  Date.now = () => real() + ms;
  try {
    await work();
  } finally {
    Date.now = real;
  }
}
