import { createHmac, randomInt, randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { AppIdentity } from './payloads/installation.ts';

/** GitHub gives up on an answer after 10 seconds. */
const ANSWER_LIMIT_MS = 10_000;

/** One try to deliver, as GitHub's delivery list keeps it. */
export interface DeliveryRecord {
  id: number;
  guid: string;
  event: string;
  action: string | null;
  installationId: number | null;
  repositoryId: number | null;
  deliveredAt: Date;
  redelivery: boolean;
  /** Seconds. */
  duration: number;
  /** `OK`, or GitHub's word for the failure. */
  status: string;
  /** What the receiver answered; 502 or 504 when it did not. */
  statusCode: number;
  request: { url: string; headers: Record<string, string>; body: string };
  response: { headers: Record<string, string>; body: string };
}

/** What is sent. `secret`, `signature` and `guid` are for forgeries and repeats. */
export interface Outgoing {
  event: string;
  payload: object;
  action?: string | null;
  installationId?: number | null;
  repositoryId?: number | null;
  guid?: string;
  secret?: string;
  /** Replaces `X-Hub-Signature-256`; null leaves it out. */
  signature?: string | null;
}

export interface WebhookSender {
  /** Null means nobody listens: what is sent then is lost, as on GitHub without a hook. */
  url: string | null;
  readonly hookId: number;
  send(outgoing: Outgoing): Promise<DeliveryRecord>;
  /** Sends the same bytes under the same GUID again, as a new try. */
  redeliver(guid: string): Promise<DeliveryRecord>;
  /** Oldest first. */
  deliveries(): readonly DeliveryRecord[];
}

export function createWebhookSender(options: { app: AppIdentity; secret: string; url: string | null }): WebhookSender {
  const records: DeliveryRecord[] = [];
  let nextId = 185_203_944_122;
  const hookId = 512_773_904;
  const attempt = async (
    guid: string,
    outgoing: Outgoing,
    body: string,
    redelivery: boolean,
  ): Promise<DeliveryRecord> => {
    if (sender.url === null) throw new Error('The local GitHub has no webhook address yet: set `webhookUrl` first.');
    const headers = headersOf(guid, outgoing, {
      body,
      hookId,
      appId: options.app.id,
      secret: outgoing.secret ?? options.secret,
    });
    const started = performance.now();
    const deliveredAt = new Date();
    const answer = await post(sender.url, headers, body);
    const record: DeliveryRecord = {
      id: (nextId += randomInt(3, 90)),
      guid,
      event: outgoing.event,
      action: outgoing.action ?? null,
      installationId: outgoing.installationId ?? null,
      repositoryId: outgoing.repositoryId ?? null,
      deliveredAt,
      redelivery,
      duration: Math.round(performance.now() - started) / 1000,
      status: answer.status,
      statusCode: answer.statusCode,
      request: { url: sender.url, headers, body },
      response: { headers: answer.headers, body: answer.body },
    };
    records.push(record);
    return record;
  };
  const sender: WebhookSender = {
    url: options.url,
    hookId,
    send: (outgoing) => attempt(outgoing.guid ?? randomUUID(), outgoing, JSON.stringify(outgoing.payload), false),
    async redeliver(guid) {
      const first = records.find((record) => record.guid === guid);
      if (!first) throw new Error(`no delivery has the GUID ${guid}`);
      return attempt(guid, { ...first, payload: {} }, first.request.body, true);
    },
    deliveries: () => records,
  };
  return sender;
}

function headersOf(
  guid: string,
  { event, signature }: Outgoing,
  { body, hookId, appId, secret }: { body: string; hookId: number; appId: number; secret: string },
): Record<string, string> {
  const digest = (algorithm: string): string => createHmac(algorithm, secret).update(body).digest('hex');
  return {
    accept: '*/*',
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': 'GitHub-Hookshot/8a3f0c1',
    'X-GitHub-Delivery': guid,
    'X-GitHub-Event': event,
    'X-GitHub-Hook-ID': String(hookId),
    'X-GitHub-Hook-Installation-Target-ID': String(appId),
    'X-GitHub-Hook-Installation-Target-Type': 'integration',
    'X-Hub-Signature': `sha1=${digest('sha1')}`,
    ...(signature === null ? {} : { 'X-Hub-Signature-256': signature ?? `sha256=${digest('sha256')}` }),
  };
}

type Answer = Pick<DeliveryRecord, 'status' | 'statusCode'> & DeliveryRecord['response'];

function post(url: string, headers: Record<string, string>, body: string): Promise<Answer> {
  return new Promise((resolve) => {
    const failed = (status: string, statusCode: number): void => resolve({ status, statusCode, headers: {}, body: '' });
    const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
    const request = httpRequest(url, { method: 'POST', headers, signal }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => failed('failed to read the answer', 502));
      response.on('end', () => {
        const statusCode = response.statusCode ?? 0;
        const words = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
        const status = statusCode < 300 ? 'OK' : `Invalid HTTP Response: ${statusCode}`;
        resolve({ status, statusCode, headers: Object.fromEntries(words), body: Buffer.concat(chunks).toString() });
      });
    });
    request.on('error', () =>
      failed(signal.aborted ? 'timed out' : 'failed to connect to host', signal.aborted ? 504 : 502),
    );
    request.end(body);
  });
}
