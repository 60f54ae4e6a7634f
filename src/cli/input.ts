import { createGunzip } from 'node:zlib';
import { pipeline } from 'node:stream/promises';

/** There was not one byte. */
export class EmptyInputError extends Error {}

/** Hands on the bytes of a stream, unpacked if they are gzip. `onBytes` is told how many came in. Rejects with EmptyInputError. */
export async function* unpack(
  input: AsyncIterable<unknown>,
  onBytes: (count: number) => void,
): AsyncGenerator<Uint8Array> {
  const chunks = toBytes(input, onBytes);
  const head = await readHead(chunks);
  if (head.length === 0) throw new EmptyInputError('The input is empty');
  const whole = joined(head, chunks);
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* whole;
    return;
  }
  const gunzip = createGunzip();
  // A damaged file makes both ends fail; the reading end tells.
  const pumped = pipeline(whole, gunzip).catch(() => {});
  yield* gunzip;
  await pumped;
}

async function* toBytes(input: AsyncIterable<unknown>, onBytes: (count: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of input) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    if (!(bytes instanceof Uint8Array)) continue;
    onBytes(bytes.length);
    yield bytes;
  }
}

async function readHead(chunks: AsyncGenerator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < 2) {
    const { value, done } = await chunks.next();
    if (done === true) break;
    head = Buffer.concat([head, value]);
  }
  return head;
}

async function* joined(head: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  yield* rest;
}
