import { isMarkedAsUntransferable } from 'node:worker_threads';

/** A chunk that may be given away: itself where it fills its memory alone, else a copy. What was given cannot be read here any more. */
export function toTransferable(chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = chunk;
  const isAlone =
    buffer instanceof ArrayBuffer && chunk.byteLength === buffer.byteLength && !isMarkedAsUntransferable(buffer);
  return isAlone ? new Uint8Array(buffer) : new Uint8Array(chunk);
}
