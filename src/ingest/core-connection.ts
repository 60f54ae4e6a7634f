import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

export interface Posting {
  path: string;
  headers: Readonly<Record<string, string>>;
  body: readonly Buffer[];
}

export interface CoreAnswer {
  status: number;
  text: string;
  /** When to come again, as the core says it. */
  retryAfter: string | null;
}

export interface CoreConnection {
  /** Rejects when there is no whole answer in time. `make` is called once for each try. */
  post(make: () => Posting, withinMs: number): Promise<CoreAnswer>;
  /** What its `/ready` says. */
  isReady(): Promise<boolean>;
  close(): void;
}

const CONNECTIONS = 8;
/** The core closes idle connections after 5 s; whoever sends at that moment meets a closed one. */
const IDLE_MS = 4_000;
const READY_MS = 1_500;
/** An answer is a few bytes for each delivery. */
const ANSWER_MAX = 64 * 1024;

/** HTTP to the core over connections that stay open. Redirects are not followed. */
export function createCoreConnection(coreUrl: string): CoreConnection {
  const base = new URL(coreUrl);
  const isSecure = base.protocol === 'https:';
  const options = { keepAlive: true, maxSockets: CONNECTIONS, timeout: IDLE_MS };
  const agent = isSecure ? new HttpsAgent(options) : new HttpAgent(options);
  const open = isSecure ? httpsRequest : httpRequest;
  const urlOf = (path: string) => new URL(`${base.pathname.replace(/\/+$/u, '')}${path}`, base);

  const start = ({ path, headers, body }: Posting, signal: AbortSignal): ClientRequest => {
    const length = body.reduce((sum, piece) => sum + piece.length, 0);
    const all = { ...headers, 'content-length': length };
    const sent = open(urlOf(path), { method: 'POST', agent, headers: all, signal });
    for (const piece of body) sent.write(piece);
    return sent.end();
  };

  return {
    async post(make, withinMs) {
      const signal = AbortSignal.timeout(withinMs);
      const first = start(make(), signal);
      try {
        return await answerOf(first);
      } catch (error) {
        // The core closed an idle connection just as we used it, and nothing was read of what we sent.
        if (!first.reusedSocket || signal.aborted) throw error;
        return await answerOf(start(make(), signal));
      }
    },
    async isReady() {
      try {
        const signal = AbortSignal.timeout(READY_MS);
        return (await answerOf(open(urlOf('/ready'), { agent, signal }).end())).status === 200;
      } catch {
        return false;
      }
    },
    close: () => agent.destroy(),
  };
}

function answerOf(sent: ClientRequest): Promise<CoreAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<CoreAnswer>();
  sent.once('error', reject);
  sent.once('response', (response) => {
    const retryAfter = response.headers['retry-after'] ?? null;
    readText(response).then((text) => resolve({ status: response.statusCode ?? 0, text, retryAfter }), reject);
  });
  return promise;
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > ANSWER_MAX) throw new Error('The answer is longer than any of the core');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
