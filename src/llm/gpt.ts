import { connectChat } from './openai-chat.ts';
import { type Effort, THOUGHT_TOKENS, type Wire } from './wire.ts';

export interface GptOptions {
  apiKey: string;
  /** With `/v1`. */
  baseUrl: string;
  streaming: boolean;
  effort: Effort;
  timeoutMs: number;
}

/** Models of OpenAI, or of any service that speaks as it does. */
export function connectGpt({ effort, ...options }: GptOptions): (model: string) => Wire {
  return connectChat({
    ...options,
    provider: 'gpt',
    thoughtTokens: (model) => (thinks(model) ? THOUGHT_TOKENS[effort] : 0),
    extras: (model, room) => ({
      max_completion_tokens: room,
      store: false,
      ...(thinks(model) ? { reasoning_effort: effort } : {}),
    }),
  });
}

/** GPT-4 and older, and models of others, refuse the parameter. */
function thinks(model: string): boolean {
  return /^(?:gpt-(?:[5-9]|\d{2,})(?![\d.]*-chat)|o\d)/u.test(model);
}
