import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type BodyOutcome, createBodyReader } from '../../src/http/body.ts';
import { eventually } from '../support/eventually.ts';

const reader = createBodyReader({ body: 100, buffered: 150 });
let server: Server;
let port: number;
let outcomes: Array<BodyOutcome['kind']>;
let received = 0;

beforeEach(async () => {
  outcomes = [];
  received = 0;
  server = createServer((req, res) => void answer(req).then(() => res.end()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' ? (address?.port ?? 0) : 0;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function answer(req: IncomingMessage): Promise<void> {
  const { kind } = await reader.read(req, (chunk) => {
    received += chunk.length;
  });
  outcomes.push(kind);
}

/** A body whose length nobody knows before its end. */
function send(bytes: number) {
  const sent = request({ port, host: '127.0.0.1', method: 'POST' });
  sent.on('error', () => {});
  sent.write(Buffer.alloc(bytes, 'x'));
  return sent;
}

test('what all requests hold together has a limit, and what ended is not counted any more', async () => {
  const held = send(90);
  await eventually(() => expect(received).toBe(90));

  send(90).end();
  await eventually(() => expect(outcomes).toEqual(['overloaded']));
  held.end();
  await eventually(() => expect(outcomes).toEqual(['overloaded', 'read']));
  send(90).end();

  await eventually(() => expect(outcomes).toEqual(['overloaded', 'read', 'read']));
});

test('a body too large by what comes, and a sender who goes away, leave nothing behind', async () => {
  send(101).end();
  await eventually(() => expect(outcomes).toEqual(['too-large']));
  const gone = send(90);
  await eventually(() => expect(received).toBe(90));
  gone.destroy();
  await eventually(() => expect(outcomes).toEqual(['too-large', 'aborted']));

  send(90).end();

  await eventually(() => expect(outcomes).toEqual(['too-large', 'aborted', 'read']));
});
