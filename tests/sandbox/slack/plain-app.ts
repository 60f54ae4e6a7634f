import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** An app that keeps what it is sent and answers as it is told, to see the bytes that Bolt hides. */
export interface PlainApp {
  url: string;
  received: Received[];
  /** Answers each request; 200 without a body until it is set. */
  answerWith(answer: (request: Received, response: ServerResponse) => void): void;
  close(): Promise<void>;
}

export async function startPlainApp(): Promise<PlainApp> {
  const received: Received[] = [];
  let answer = (_request: Received, response: ServerResponse): void => void response.end();
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const one = { path: request.url ?? '', headers: request.headers, body };
      received.push(one);
      answer(one, response);
      return one;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    received,
    answerWith(next) {
      answer = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
