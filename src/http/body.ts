import type { IncomingMessage } from 'node:http';
import { MAX_DELIVERY_BYTES } from '../domain/delivery-batch.ts';

/** All bodies in flight together, so that many senders without a valid signature cannot fill the memory. */
export const MAX_BUFFERED_BYTES = 8 * MAX_DELIVERY_BYTES;

export type BodyOutcome =
  | { kind: 'read'; body: Buffer }
  | { kind: 'too-large' }
  /** Too much is in flight already. */
  | { kind: 'overloaded' }
  /** The sender went away, or was too slow for the server's request timeout. */
  | { kind: 'aborted' };

export interface BodyReader {
  /** Reads a body, showing each chunk to `onChunk`; stops reading, and leaves the rest to the caller, when it refuses. */
  read(req: IncomingMessage, onChunk: (chunk: Buffer) => void): Promise<BodyOutcome>;
}

/** One reader per server: it counts what all its requests hold together. */
export function createBodyReader(limits = { body: MAX_DELIVERY_BYTES, buffered: MAX_BUFFERED_BYTES }): BodyReader {
  let buffered = 0;
  return {
    async read(req, onChunk) {
      if (Number(req.headers['content-length'] ?? 0) > limits.body) return { kind: 'too-large' };
      let held = 0;
      const outcome = await collect(req, (chunk) => {
        held += chunk.length;
        buffered += chunk.length;
        if (held > limits.body) return 'too-large';
        if (buffered > limits.buffered) return 'overloaded';
        onChunk(chunk);
        return null;
      });
      buffered -= held;
      return outcome;
    },
  };
}

function collect(
  req: IncomingMessage,
  judge: (chunk: Buffer) => 'too-large' | 'overloaded' | null,
): Promise<BodyOutcome> {
  const { promise, resolve } = Promise.withResolvers<BodyOutcome>();
  const chunks: Buffer[] = [];
  const settle = (outcome: BodyOutcome): void => {
    req.off('data', onData);
    req.pause();
    resolve(outcome);
  };
  const onData = (chunk: Buffer): void => {
    const objection = judge(chunk);
    if (objection === null) chunks.push(chunk);
    else settle({ kind: objection });
  };
  req.on('data', onData);
  req.once('end', () => settle({ kind: 'read', body: join(chunks) }));
  req.on('error', () => settle({ kind: 'aborted' }));
  req.once('close', () => settle({ kind: 'aborted' }));
  return promise;
}

/** Most deliveries come in one piece, which nobody else holds: no need to copy it. */
function join(chunks: readonly Buffer[]): Buffer {
  const [first, second] = chunks;
  return first !== undefined && second === undefined ? first : Buffer.concat(chunks);
}
