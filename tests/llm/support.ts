import { type IncomingMessage, createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ModelRequest, Models } from '../../src/domain/model-ports.ts';
import type { ModelProvider } from '../../src/domain/reasoning.ts';
import { createModels, type ModelsConfig } from '../../src/llm/models.ts';
import { fakeLog } from '../support/fake-log.ts';

export const answer = {
  headline: 'The cart counts a removed item',
  cause: 'The total is read before the item is gone.',
  nextStep: 'Read the total after the removal in cart.ts.',
  evidence: [{ number: 12, text: 'expected 2, got 3' }],
};

export const request: ModelRequest = {
  prompt: {
    version: 'explain-4',
    shared: 'You explain failures of CI runs.',
    data: '12 expected 2, got 3',
    task: 'Explain this failure.',
  },
  maxOutputTokens: 1000,
};

export const MODELS = { claude: 'claude-haiku-5-5', gpt: 'gpt-6-luna', ollama: 'qwen3:8b' } as const;

/** Every provider, streaming and not. */
export const WAYS = (['claude', 'gpt', 'ollama'] as const).flatMap((provider) =>
  [true, false].map((streaming) => ({
    provider,
    streaming,
    way: `${provider}, ${streaming ? 'streaming' : 'in one piece'}`,
  })),
);

/** All three providers at one address, as the configuration arranges them. */
export function aConfig(url: string, changes: Partial<ModelsConfig> = {}): ModelsConfig {
  return {
    claude: { apiKey: 'key-of-claude', baseUrl: url },
    gpt: { apiKey: 'key-of-gpt', baseUrl: `${url}/v1` },
    ollama: { baseUrl: url, model: MODELS.ollama },
    deadlineMs: 60_000,
    streaming: true,
    effort: 'low',
    prices: {},
    routes: { small: null, large: null },
    limits: { monthlyBudgetUsd: 50, callsPerHour: 200 },
    ...changes,
  };
}

export interface Bench extends Models {
  waits: number[];
  log: ReturnType<typeof fakeLog>;
}

/** Models whose waits are written down and take no time. */
export function aBench(url: string, changes: Partial<ModelsConfig> = {}): Bench {
  const waits: number[] = [];
  const log = fakeLog();
  const wait = (ms: number): Promise<void> => {
    waits.push(ms);
    return Promise.resolve();
  };
  return { ...createModels(aConfig(url, changes), { log, wait, random: () => 0.5 }), waits, log };
}

/** Asks the usual model of a provider. */
export function askOf(
  models: Models,
  provider: ModelProvider,
  signal: AbortSignal = new AbortController().signal,
): ReturnType<NonNullable<ReturnType<Models['find']>>['ask']> {
  const model = models.find({ provider, model: MODELS[provider] });
  if (model === null) throw new Error(`${provider} is not configured`);
  return model.ask(request, signal);
}

export interface RawProvider {
  url: string;
  requests: Array<{ path: string; body: string; headers: IncomingMessage['headers'] }>;
  /** Answers the next requests, the last one for ever. */
  reply(...replies: Array<(response: ServerResponse) => void>): void;
  close(): Promise<void>;
}

/** A server that says byte for byte what a test wants it to say. */
export async function startRawProvider(): Promise<RawProvider> {
  let replies: Array<(response: ServerResponse) => void> = [];
  const requests: RawProvider['requests'] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      requests.push({
        path: incoming.url ?? '',
        body: Buffer.concat(chunks).toString(),
        headers: incoming.headers,
      });
      (replies.length > 1 ? replies.shift() : replies[0])?.(response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    reply: (...next) => {
      replies = next;
      requests.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };

export const events =
  (chunks: readonly unknown[], { end = true } = {}) =>
  (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const chunk of chunks) {
      const name =
        typeof chunk === 'object' && chunk !== null && 'type' in chunk ? `event: ${String(chunk.type)}\n` : '';
      response.write(`${name}data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`);
    }
    if (end) response.end();
  };
