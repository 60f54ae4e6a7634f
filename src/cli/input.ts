import { createGunzip } from 'node:zlib';
import { pipeline } from 'node:stream/promises';

/** There was not one byte. */
export class EmptyInputError extends Error {}

/** The input is not text, nor gzip of text. */
export class NotTextError extends Error {
  readonly kind: 'zip' | 'utf-16' | 'binary';

  constructor(kind: NotTextError['kind']) {
    super(`The input is ${kind}`);
    this.kind = kind;
  }
}

/** How much of the input tells what it is. */
const SAMPLE_BYTES = 8_000;

/** Above this share of control characters it is no log; terminal codes alone stay far below. */
const BINARY_SHARE = 0.1;

/** Hands on the bytes of a stream, unpacked if they are gzip. `onBytes` is told how many came in. Rejects with EmptyInputError and NotTextError. */
export async function* unpack(
  input: AsyncIterable<unknown>,
  onBytes: (count: number) => void,
): AsyncGenerator<Uint8Array> {
  const chunks = toBytes(input, onBytes);
  const head = await readHead(chunks);
  if (head.length === 0) throw new EmptyInputError('The input is empty');
  const whole = joined(head, chunks);
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* refuseOther(whole);
    return;
  }
  const gunzip = createGunzip();
  // A damaged file makes both ends fail; the reading end tells.
  const pumped = pipeline(whole, gunzip).catch(() => {});
  yield* refuseOther(gunzip);
  await pumped;
}

/** Looks at the first piece. */
async function* refuseOther(input: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const chunk of input) {
    if (!(chunk instanceof Uint8Array)) continue;
    const kind = isFirst ? otherThanText(chunk.subarray(0, SAMPLE_BYTES)) : null;
    if (kind !== null) throw new NotTextError(kind);
    isFirst = false;
    yield chunk;
  }
}

function otherThanText(sample: Uint8Array): NotTextError['kind'] | null {
  const [first, second, third, fourth] = sample;
  if (first === 0x50 && second === 0x4b && third === 0x03 && fourth === 0x04) return 'zip';
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'utf-16';
  const controls = sample.reduce((sum, byte) => (isControl(byte) ? sum + 1 : sum), 0);
  return controls > sample.length * BINARY_SHARE ? 'binary' : null;
}

/** Bytes that text does not have; backspace to carriage return, and escape, stand in logs. */
function isControl(byte: number): boolean {
  return byte < 0x08 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b);
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
