import type Anthropic from '@anthropic-ai/sdk';
import type { ModelRequest } from '../domain/model-ports.ts';
import type { TokenUsage } from '../domain/reasoning.ts';
import { ANSWER_SCHEMA } from './model-answer.ts';
import { BEGUN, type Effort, type End, type Piece, THOUGHT_TOKENS, type Wire } from './wire.ts';

export interface ClaudeOptions {
  apiKey: string;
  /** Without a path; the SDK adds `/v1/messages`. */
  baseUrl: string;
  streaming: boolean;
  effort: Effort;
  timeoutMs: number;
}

/**
 * Models of Claude over the Messages API. The answer is held to the schema by structured outputs; a forced tool would be refused by the models
 * that think: https://platform.claude.com/docs/en/models/sonnet-5-5/whats-new-sonnet-5-5
 */
export function connectClaude(options: ClaudeOptions): (model: string) => Wire {
  const { streaming, effort } = options;
  let opened: Promise<Anthropic> | undefined;
  const client = (): Promise<Anthropic> => (opened ??= openClient(options));
  return (model) => ({
    provider: 'claude',
    model,
    streaming,
    thoughtTokens: takesEffort(model) ? THOUGHT_TOKENS[effort] : 0,
    open(request, signal) {
      const body = toBody(request, { model, effort });
      return streaming ? stream(client, body, signal) : whole(client, body, signal);
    },
  });
}

/** The SDK is loaded by whoever asks a model first: it takes memory that most processes never need. */
async function openClient({ apiKey, baseUrl, timeoutMs }: ClaudeOptions): Promise<Anthropic> {
  const sdk = await import('@anthropic-ai/sdk');
  return new sdk.default({
    apiKey,
    baseURL: baseUrl,
    // The SDK would otherwise take it from the environment.
    authToken: null,
    maxRetries: 0,
    timeout: timeoutMs,
    logLevel: 'off',
    // A redirect would carry the key to another host.
    fetchOptions: { redirect: 'error' },
  });
}

/** Older models refuse the parameter, and do not think unless they are told to. */
function takesEffort(model: string): boolean {
  return /^claude-[a-z]+-(?:[5-9]|\d{2,}|4-[6-9])(?:-|$)/u.test(model);
}

const CACHED = { type: 'ephemeral' } as const;

/** Both marks end a part that comes again: the instructions with every failure, the excerpt with a repair or a further question. */
function toBody(
  { prompt, maxOutputTokens }: ModelRequest,
  { model, effort }: { model: string; effort: Effort },
): Anthropic.MessageCreateParamsNonStreaming {
  const thinks = takesEffort(model);
  return {
    model,
    max_tokens: maxOutputTokens + (thinks ? THOUGHT_TOKENS[effort] : 0),
    system: [{ type: 'text', text: prompt.shared, cache_control: CACHED }],
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: prompt.data, cache_control: CACHED },
          { type: 'text', text: prompt.task },
        ],
      },
    ],
    output_config: { format: { type: 'json_schema', schema: ANSWER_SCHEMA }, ...(thinks ? { effort } : {}) },
  };
}

async function* whole(
  client: () => Promise<Anthropic>,
  body: Anthropic.MessageCreateParamsNonStreaming,
  signal: AbortSignal,
): AsyncGenerator<Piece> {
  const { messages } = await client();
  const answering = messages.create(body, { signal });
  await answering.asResponse();
  yield BEGUN;
  const message = await answering;
  const text = message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  yield { text, model: message.model, usage: toUsage(message.usage), end: toEnd(message.stop_reason) };
}

async function* stream(
  client: () => Promise<Anthropic>,
  body: Anthropic.MessageCreateParamsNonStreaming,
  signal: AbortSignal,
): AsyncGenerator<Piece> {
  const { messages } = await client();
  const events = await messages.create({ ...body, stream: true }, { signal });
  yield BEGUN;
  let usage: Counts = { input_tokens: 0, output_tokens: 0 };
  for await (const event of events) {
    if (event.type === 'message_start') {
      usage = event.message.usage;
      yield { model: event.message.model, usage: toUsage(usage) };
    } else if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') {
      yield { text: event.delta.text };
    } else if (event.type === 'message_delta') {
      usage = newest(usage, event.usage);
      yield { usage: toUsage(usage), end: toEnd(event.delta.stop_reason) };
    }
  }
}

interface Counts {
  input_tokens: number | null;
  output_tokens: number;
  cache_read_input_tokens?: number | null;
  cache_creation_input_tokens?: number | null;
}

/** The last event counts all of the answer, and repeats the counts of the input only sometimes. */
function newest(before: Counts, after: Counts): Counts {
  return {
    input_tokens: after.input_tokens ?? before.input_tokens,
    output_tokens: after.output_tokens,
    cache_read_input_tokens: after.cache_read_input_tokens ?? before.cache_read_input_tokens ?? 0,
    cache_creation_input_tokens: after.cache_creation_input_tokens ?? before.cache_creation_input_tokens ?? 0,
  };
}

/** `input_tokens` leaves out what was read from the cache and what was written to it. */
function toUsage(counts: Counts): TokenUsage {
  const cachedTokens = counts.cache_read_input_tokens ?? 0;
  const inputTokens = (counts.input_tokens ?? 0) + cachedTokens + (counts.cache_creation_input_tokens ?? 0);
  return { inputTokens, outputTokens: counts.output_tokens, cachedTokens };
}

function toEnd(reason: Anthropic.StopReason | null): End {
  switch (reason) {
    case 'end_turn':
    case 'stop_sequence':
      return 'complete';
    case 'refusal':
      return 'declined';
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'out-of-room';
    case 'tool_use':
    case 'pause_turn':
    case null:
      return 'other';
    default:
      reason satisfies never;
      return 'other';
  }
}
