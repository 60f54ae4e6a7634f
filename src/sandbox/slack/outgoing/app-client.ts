import { createHmac, randomUUID } from 'node:crypto';
import type { Ack, LocalSlackOptions, Outgoing } from '../contract.ts';
import type { Fields } from '../fields.ts';
import { isFields } from '../fields.ts';
import type { World } from '../world.ts';

/** Slack waits so long for an acknowledgement, in milliseconds. */
const ACK_TIMEOUT = 3_000;

export type Endpoint = 'events' | 'commands' | 'interactions';

/** One request to the app, before it is signed. */
export interface AppRequest {
  endpoint: Endpoint;
  kind: Outgoing['kind'];
  subject: string;
  /** A form's fields, or an event's JSON. */
  form?: Record<string, string>;
  json?: Fields;
  eventId?: string;
  retry?: { num: number; reason: string };
}

/** Sends signed requests to the product, and times its answers. */
export interface AppClient {
  send(request: AppRequest): Promise<Ack>;
  /** Base address of the product, without a slash at the end. */
  appUrl(): string;
  setAppUrl(url: string): void;
  /** Gives up what is under way. */
  close(): void;
}

/** Slack's `v0` signature of a body at a time in seconds (docs.slack.dev, verifying requests). */
export function signatureOf(signingSecret: string, timestamp: number, body: string): string {
  return `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

export function buildAppClient(world: World, options: LocalSlackOptions): AppClient {
  let base = (options.appUrl ?? '').replace(/\/$/u, '');
  const closing = new AbortController();
  const { paths = {}, ackTimeoutMs = ACK_TIMEOUT, signingSecret } = options;
  const pathOf = (endpoint: Endpoint): string => paths[endpoint] ?? paths.events ?? '/slack/events';
  return {
    appUrl: () => base,
    setAppUrl(url) {
      base = url.replace(/\/$/u, '');
    },
    close: () => closing.abort(),
    async send(request) {
      if (base === '') throw new Error('The local Slack has no app: give it an appUrl first');
      const body = bodyOf(request);
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(ackTimeoutMs)]);
      const headers = headersOf(request, { body, signingSecret });
      const entry = startEntry(world, request);
      const startedAt = performance.now();
      const ack = await post(base + pathOf(request.endpoint), { body, headers, signal });
      Object.assign(entry, ack, { ackMs: Math.round(performance.now() - startedAt) });
      world.changed();
      return { status: entry.status, ackMs: entry.ackMs, body: entry.body };
    },
  };
}

function bodyOf({ form, json }: AppRequest): string {
  return form ? new URLSearchParams(form).toString() : JSON.stringify(json);
}

function headersOf(
  request: AppRequest,
  { body, signingSecret }: { body: string; signingSecret: string },
): Record<string, string> {
  const timestamp = Math.floor(Date.now() / 1000);
  return {
    'content-type': request.form ? 'application/x-www-form-urlencoded' : 'application/json',
    'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
    'x-slack-request-timestamp': String(timestamp),
    'x-slack-signature': signatureOf(signingSecret, timestamp, body),
    ...(request.retry
      ? { 'x-slack-retry-num': String(request.retry.num), 'x-slack-retry-reason': request.retry.reason }
      : {}),
  };
}

function startEntry(world: World, { kind, subject, eventId, retry }: AppRequest): Outgoing {
  const entry: Outgoing = {
    kind,
    subject,
    eventId: eventId ?? null,
    retryNum: retry?.num ?? 0,
    at: Date.now(),
    status: 0,
    ackMs: 0,
    body: '',
  };
  world.outgoing.push(entry);
  return entry;
}

async function post(
  url: string,
  request: { body: string; headers: Record<string, string>; signal: AbortSignal },
): Promise<{ status: number; body: string }> {
  try {
    const response = await fetch(url, { method: 'POST', redirect: 'manual', ...request });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    return { status: 0, body: reasonOf(error) };
  }
}

/** Slack's retry reason for an answer that never came. */
function reasonOf(error: unknown): string {
  const name = isFields(error) ? error['name'] : undefined;
  return name === 'TimeoutError' ? 'http_timeout' : 'connection_failed';
}

/** A token that Slack once sent to show who asks; the signature replaced it. */
export const VERIFICATION_TOKEN = randomUUID();
