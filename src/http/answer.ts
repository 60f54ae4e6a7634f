import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorId } from '../errors.ts';

/** For JSON and plain text that no browser should frame, cache, sniff or run. */
const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/** How long a sender may go on sending what nobody reads before its connection is cut. */
const LINGER_MS = 1_000;

/** What a caller is told when we do not do what was asked: a stable code, a sentence, and the mark to find it in the log. */
export interface Refusal {
  status: number;
  error: string;
  message: string;
  headers?: Record<string, string>;
}

/** Writes a whole answer with our security headers; does nothing if the caller is gone or was answered already. */
export function send(
  res: ServerResponse,
  {
    status,
    type,
    body,
    headers = {},
  }: { status: number; type: string; body: string; headers?: Record<string, string> },
): void {
  if (res.headersSent || res.destroyed) return;
  const length = Buffer.byteLength(body);
  res.writeHead(status, { ...SECURITY_HEADERS, 'content-type': type, 'content-length': length, ...headers });
  res.end(body);
}

export function sendJson(
  res: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  send(res, { status, type: 'application/json; charset=utf-8', body: JSON.stringify(body), headers });
}

/** Refuses, and returns the id that was shown, for the log. */
export function refuse(
  res: ServerResponse,
  { status, error, message, headers }: Refusal,
  id: string = errorId(),
): string {
  sendJson(res, status, { error, message, id }, headers);
  return id;
}

/**
 * Stops caring about a request body that was refused half way. Closing at once would reset the connection and lose our
 * answer, so what still comes is thrown away for a moment first.
 */
export function abandonBody(req: IncomingMessage): void {
  if (req.complete || req.destroyed) return;
  const cut = setTimeout(() => req.destroy(), LINGER_MS);
  req.once('close', () => clearTimeout(cut));
  req.resume();
}
