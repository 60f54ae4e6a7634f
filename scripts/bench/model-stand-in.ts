import { once } from 'node:events';
import { createServer } from 'node:http';

export interface StandIn {
  readonly url: string;
  /** Requests since the last `reset`, and how many of them were answered with a fault. */
  count(): { requests: number; faults: number };
  /** From now on every `faultEvery`-th request meets a fault; 0 for none. */
  reset(faultEvery: number): void;
  close(): Promise<void>;
}

export const USAGE = { prompt_tokens: 3000, completion_tokens: 200, total_tokens: 3200 };

/** A model of the chat completions API that answers every question alike after `latencyMs`. */
export async function startStandIn(answer: object, latencyMs: number): Promise<StandIn> {
  const body = JSON.stringify({
    id: 'bench',
    object: 'chat.completion',
    created: 0,
    model: 'bench',
    choices: [
      {
        index: 0,
        finish_reason: 'stop',
        message: { role: 'assistant', content: JSON.stringify(answer), refusal: null },
      },
    ],
    usage: USAGE,
  });
  let [requests, faults, every] = [0, 0, 0];
  const server = createServer((request, response) => {
    requests += 1;
    const isFault = every > 0 && requests % every === 0;
    if (isFault) faults += 1;
    const answerNow = (): void => {
      response.writeHead(isFault ? 500 : 200, { 'content-type': 'application/json' });
      response.end(isFault ? '{"error":{"message":"a fault"}}' : body);
    };
    request.resume().once('end', () => setTimeout(answerNow, latencyMs));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    count: () => ({ requests, faults }),
    reset(faultEvery) {
      [requests, faults, every] = [0, 0, faultEvery];
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
