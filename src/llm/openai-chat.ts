import type OpenAI from 'openai';
import type { ModelRequest } from '../domain/model-ports.ts';
import type { ModelProvider, TokenUsage } from '../domain/reasoning.ts';
import { ANSWER_SCHEMA } from './model-answer.ts';
import { BEGUN, type End, type Piece, type Wire } from './wire.ts';

/** How one provider's dialect of chat completions differs. */
export interface ChatDialect {
  provider: ModelProvider;
  apiKey: string;
  /** With `/v1`. */
  baseUrl: string;
  streaming: boolean;
  timeoutMs: number;
  thoughtTokens(model: string): number;
  /** How the room for the answer is named, and whatever else this provider wants. */
  extras(model: string, room: number): Partial<Body>;
}

type Body = OpenAI.ChatCompletionCreateParamsNonStreaming;

/** Models behind chat completions, GPT's or of a service with the same API. The answer is held to the schema by the response format. */
export function connectChat(dialect: ChatDialect): (model: string) => Wire {
  const { provider, streaming } = dialect;
  let opened: Promise<OpenAI> | undefined;
  const client = (): Promise<OpenAI> => (opened ??= openClient(dialect));
  return (model) => ({
    provider,
    model,
    streaming,
    thoughtTokens: dialect.thoughtTokens(model),
    open(request, signal) {
      const room = request.maxOutputTokens + dialect.thoughtTokens(model);
      const body = { ...toBody(request, model), ...dialect.extras(model, room) };
      return streaming ? stream(client, body, signal) : whole(client, body, signal);
    },
  });
}

/** The SDK is loaded by whoever asks a model first: it takes memory that most processes never need. */
async function openClient({ apiKey, baseUrl, timeoutMs }: ChatDialect): Promise<OpenAI> {
  const sdk = await import('openai');
  return new sdk.default({
    apiKey,
    baseURL: baseUrl,
    // The SDK would otherwise take these from the environment.
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: timeoutMs,
    logLevel: 'off',
    // A redirect would carry prompt and key to another host.
    fetchOptions: { redirect: 'error' },
  });
}

/** What is the same for many requests stands first, so that the provider's own cache of beginnings can work. */
function toBody({ prompt }: ModelRequest, model: string): Body {
  return {
    model,
    messages: [
      { role: 'system', content: prompt.shared },
      { role: 'user', content: `${prompt.data}\n\n${prompt.task}` },
    ],
    response_format: { type: 'json_schema', json_schema: { name: 'explanation', strict: true, schema: ANSWER_SCHEMA } },
  };
}

async function* whole(client: () => Promise<OpenAI>, body: Body, signal: AbortSignal): AsyncGenerator<Piece> {
  const { chat } = await client();
  const answering = chat.completions.create(body, { signal });
  await answering.asResponse();
  yield BEGUN;
  const completion = await answering;
  const choice = completion.choices[0];
  yield {
    text: choice?.message.content ?? '',
    model: completion.model,
    ...(completion.usage ? { usage: toUsage(completion.usage) } : {}),
    end: isRefusal(choice?.message.refusal) ? 'declined' : toEnd(choice?.finish_reason),
  };
}

async function* stream(client: () => Promise<OpenAI>, body: Body, signal: AbortSignal): AsyncGenerator<Piece> {
  const { chat } = await client();
  const chunks = await chat.completions.create(
    { ...body, stream: true, stream_options: { include_usage: true } },
    { signal },
  );
  yield BEGUN;
  let hasDeclined = false;
  for await (const { model, choices, usage } of chunks) {
    const choice = choices[0];
    hasDeclined ||= isRefusal(choice?.delta.refusal);
    const reason = choice?.finish_reason;
    yield {
      text: choice?.delta.content ?? '',
      model,
      ...(usage ? { usage: toUsage(usage) } : {}),
      ...(reason ? { end: hasDeclined ? 'declined' : toEnd(reason) } : {}),
    };
  }
}

function isRefusal(text: string | null | undefined): boolean {
  return (text ?? '') !== '';
}

function toUsage(counts: OpenAI.CompletionUsage): TokenUsage {
  return {
    inputTokens: counts.prompt_tokens,
    outputTokens: counts.completion_tokens,
    cachedTokens: counts.prompt_tokens_details?.cached_tokens ?? 0,
  };
}

function toEnd(reason: OpenAI.ChatCompletion.Choice['finish_reason'] | undefined): End {
  switch (reason) {
    case 'stop':
      return 'complete';
    case 'content_filter':
      return 'declined';
    case 'length':
      return 'out-of-room';
    case 'tool_calls':
    case 'function_call':
    case undefined:
      return 'other';
    default:
      reason satisfies never;
      return 'other';
  }
}
