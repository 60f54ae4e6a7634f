import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Server } from 'node:http';
import express, { type Request, type Response } from 'express';
import { queryOf } from './answers.ts';
import { closeServer, listen } from './listen.ts';

/** GitHub's log links expire after one minute: docs.github.com, REST "workflow jobs". */
const LINK_LIFETIME_MS = 60_000;

/** The second host: serves logs to whoever holds a signed link, until it expires. Knows no tokens, and refuses them. */
export interface LogHost {
  /** `host:port`. */
  host: string;
  /** A link to the content, good for one minute; `makeBody` is asked when the link is followed. */
  link(name: string, contentType: string, makeBody: () => Promise<Buffer>): string;
  /** Makes all links given out so far look a minute old. */
  expireLinks(): void;
  close(): Promise<void>;
}

interface Blob {
  contentType: string;
  expiresAt: number;
  makeBody: () => Promise<Buffer>;
}

export async function createLogHost(middleware: express.RequestHandler): Promise<LogHost> {
  const key = randomBytes(32);
  const blobs = new Map<string, Blob>();
  const app = express().disable('x-powered-by');
  app.use(middleware);
  app.get('/results/:id/:name', (request, response) => serve(request, response, { key, blobs }));
  const server: Server = await listen(app, 0);
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    host: `127.0.0.1:${port}`,
    link(name, contentType, makeBody) {
      const id = randomBytes(16).toString('hex');
      const expiresAt = Date.now() + LINK_LIFETIME_MS;
      blobs.set(id, { contentType, expiresAt, makeBody });
      const url = new URL(`http://127.0.0.1:${port}/results/${id}/${encodeURIComponent(name)}`);
      url.searchParams.set('se', new Date(expiresAt).toISOString());
      url.searchParams.set('sig', sign(key, id));
      return url.href;
    },
    expireLinks() {
      for (const blob of blobs.values()) blob.expiresAt = 0;
    },
    close: () => closeServer(server),
  };
}

const sign = (key: Buffer, id: string): string => createHmac('sha256', key).update(id).digest('base64');

async function serve(request: Request, response: Response, { key, blobs }: { key: Buffer; blobs: Map<string, Blob> }) {
  const { id } = request.params;
  const blob = typeof id === 'string' ? blobs.get(id) : undefined;
  // The real host answers a foreign Authorization header with an error, so a client that leaks its token is found out.
  if (request.headers.authorization !== undefined) return refuse(response, 401, 'InvalidAuthenticationInfo');
  if (!blob || typeof id !== 'string') return refuse(response, 404, 'BlobNotFound');
  const given = Buffer.from(queryOf(request, 'sig') ?? '');
  const wanted = Buffer.from(sign(key, id));
  const good = given.length === wanted.length && timingSafeEqual(given, wanted);
  if (!good || blob.expiresAt < Date.now()) return refuse(response, 403, 'AuthenticationFailed');
  response.type(blob.contentType).send(await blob.makeBody());
}

function refuse(response: Response, status: number, code: string): void {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code></Error>`;
  response.status(status).type('application/xml').send(body);
}
