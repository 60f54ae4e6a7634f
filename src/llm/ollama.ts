import { connectChat } from './openai-chat.ts';
import { type Effort, THOUGHT_TOKENS, type Wire } from './wire.ts';

export interface OllamaOptions {
  /** Where Ollama listens, with or without `/v1`. */
  baseUrl: string;
  streaming: boolean;
  effort: Effort;
  timeoutMs: number;
}

/** Models of an Ollama, over its API that is compatible with OpenAI's. It wants no key, and the SDK does. */
export function connectOllama({ baseUrl, effort, ...options }: OllamaOptions): (model: string) => Wire {
  return connectChat({
    ...options,
    provider: 'ollama',
    apiKey: 'none',
    baseUrl: withVersion(baseUrl),
    // Which of its models think is not in their names.
    thoughtTokens: () => THOUGHT_TOKENS[effort],
    extras: (_model, room) => ({ max_tokens: room }),
  });
}

function withVersion(baseUrl: string): string {
  const url = new URL(baseUrl);
  const path = url.pathname.replace(/\/+$/u, '');
  url.pathname = path.endsWith('/v1') ? path : `${path}/v1`;
  return url.href;
}
