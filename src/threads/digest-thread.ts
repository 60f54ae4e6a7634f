import { type MessagePort, threadId } from 'node:worker_threads';
import { type Baseline, readBaseline } from '../analysis/baseline.ts';
import { digestLog } from '../analysis/digest.ts';
import { createRedactor, type Redaction } from '../analysis/redact.ts';
import type { JobDigest } from '../domain/digest.ts';
import type { LoggedJob } from '../domain/run.ts';

/** What a thread is given for each log: plain data, and a port on which the log's bytes come. */
export interface DigestTask {
  readonly job: LoggedJob | null;
  readonly redaction: Redaction;
  readonly port: MessagePort;
  /** For the bytes of a passing log to compare with; null where there will be none. */
  readonly passing: MessagePort | null;
}

export type ToThread =
  | { readonly kind: 'chunk'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  /** Nobody waits for this digest any more. */
  | { readonly kind: 'stop' };

export type FromThread =
  | { readonly kind: 'started'; readonly threadId: number }
  /** So many bytes are behind us: there is room for as many more. */
  | { readonly kind: 'read'; readonly bytes: number };

/** The part that runs in a thread of its own: reads the log that comes over the port. Rejects when it is told to stop. */
export async function digest({ job, redaction, port, passing }: DigestTask): Promise<JobDigest> {
  port.postMessage({ kind: 'started', threadId } satisfies FromThread);
  try {
    const comparison = passing === null ? {} : { passing: readPassing(passing) };
    return await digestLog(receive(port), { job, redactor: createRedactor(redaction), ...comparison });
  } finally {
    port.close();
    passing?.close();
  }
}

/** Null for one that was not brought to its end. */
async function readPassing(port: MessagePort): Promise<Baseline | null> {
  try {
    return await readBaseline(receive(port));
  } catch {
    return null;
  }
}

async function* receive(port: MessagePort): AsyncGenerator<Uint8Array> {
  const waiting: ToThread[] = [];
  let arrival = Promise.withResolvers<void>();
  const take = (message: ToThread): void => {
    waiting.push(message);
    arrival.resolve();
  };
  port.on('message', take);
  port.once('close', () => take({ kind: 'stop' }));
  for (;;) {
    const message = waiting.shift();
    if (message === undefined) {
      await arrival.promise;
      arrival = Promise.withResolvers<void>();
      continue;
    }
    if (message.kind === 'end') return;
    if (message.kind === 'stop') throw new Error('The log is not wanted any more');
    const { byteLength } = message.bytes;
    yield message.bytes;
    port.postMessage({ kind: 'read', bytes: byteLength } satisfies FromThread);
  }
}
