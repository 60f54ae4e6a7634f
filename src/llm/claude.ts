import Anthropic from '@anthropic-ai/sdk';
import { z } from 'zod';
import type { Provider, ReasonAnswer, ReasonRequest } from '../domain/ports.ts';
import { ModelFailedError } from '../errors.ts';
import { ModelAnswer, parseAnswer } from './answer.ts';
import { toModelError } from './errors.ts';

/** The newest of the small, fast models in the type `Model` of @anthropic-ai/sdk 1.12.0. */
export const DEFAULT_CLAUDE_MODEL: Anthropic.Model = 'claude-haiku-5-5';

/** One more try after a fault that may pass; the caller's deadline stands over both. */
const MAX_RETRIES = 1;
const NAME = 'claude';
const TOOL = 'explain_failure';

export interface ClaudeOptions {
  apiKey: string;
  /** Without a path; the SDK adds `/v1/messages`. */
  baseUrl?: string;
  model?: string;
  /** Over the whole call, retries and slow streams included. */
  timeoutMs: number;
}

/** Claude behind the provider port: one forced tool call, so that the answer has the agreed shape. Throws ModelFailedError only. */
export function createClaude({ apiKey, baseUrl, model = DEFAULT_CLAUDE_MODEL, timeoutMs }: ClaudeOptions): Provider {
  const client = new Anthropic({
    apiKey,
    // The SDK would otherwise take these from the environment.
    authToken: null,
    maxRetries: MAX_RETRIES,
    timeout: timeoutMs,
    logLevel: 'off',
    ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
  });
  return {
    name: NAME,
    async reason(request, signal) {
      // The SDK's own timeout ends with the first byte; a slow stream needs a signal.
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      try {
        return await ask(client, { model, request, signal: deadline });
      } catch (error) {
        throw toModelError(error, NAME);
      }
    },
  };
}

const SCHEMA: Anthropic.Tool.InputSchema = { ...z.toJSONSchema(ModelAnswer), type: 'object' };

async function ask(
  client: Anthropic,
  { model, request, signal }: { model: string; request: ReasonRequest; signal: AbortSignal },
): Promise<ReasonAnswer> {
  const stream = client.messages.stream(
    {
      model,
      max_tokens: request.maxOutputTokens,
      system: request.prompt.system,
      messages: [{ role: 'user', content: request.prompt.user }],
      tools: [{ name: TOOL, description: 'Hands in the explanation.', input_schema: SCHEMA }],
      tool_choice: { type: 'tool', name: TOOL, disable_parallel_tool_use: true },
    },
    { signal },
  );
  const message = await stream.finalMessage();
  const { headline, cause, nextStep, evidence } = parseAnswer(toolInput(message), NAME);
  return {
    headline,
    cause,
    nextStep,
    evidence,
    author: {
      provider: NAME,
      model: message.model,
      promptVersion: request.prompt.version,
      inputTokens: message.usage.input_tokens,
      outputTokens: message.usage.output_tokens,
    },
  };
}

function toolInput({ stop_reason: stopReason, content }: Anthropic.Message): unknown {
  if (stopReason === 'refusal') throw new ModelFailedError(`${NAME} declined to answer`);
  if (stopReason === 'max_tokens') throw new ModelFailedError(`${NAME} ran out of room before its answer was complete`);
  const use = content.find((block) => block.type === 'tool_use');
  if (use === undefined) throw new ModelFailedError(`${NAME} did not hand in its answer in the agreed form`);
  return use.input;
}
