import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { EmptyInputError, NotTextError, UnusableInputError } from './refusal.ts';
import { isZip } from './zip.ts';

const MEBIBYTE = 1024 * 1024;
/** What gzip may unpack to: far beyond any log, and read in about a minute. */
export const GZIP_LIMIT = 8192 * MEBIBYTE;

/** How much of the input tells what it is. */
const SAMPLE_BYTES = 8_000;
const MAGIC_BYTES = 4;

/**
 * Above this share of control characters, and more than a few of them, it is no log: terminal codes alone stay far below, and what is
 * packed or encrypted holds about 10 %.
 */
const BINARY_SHARE = 0.05;
const FEW = 16;

/** Hands on the bytes of a stream, unpacked if they are gzip. Rejects with UnusableInputError. */
export async function* unpack(
  input: AsyncIterable<unknown>,
  onBytes: (count: number) => void,
  gzipBytes: number = GZIP_LIMIT,
): AsyncGenerator<Uint8Array> {
  const chunks = toBytes(input, onBytes);
  const head = await readHead(chunks);
  if (head.length === 0) throw new EmptyInputError();
  const whole = joined(head, chunks);
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* refuseOther(whole);
    return;
  }
  const gunzip = createGunzip();
  // A damaged file makes both ends fail; the reading end tells.
  const pumped = pipeline(whole, gunzip).catch(() => {});
  yield* limited(refuseOther(gunzip), gzipBytes);
  await pumped;
}

async function* limited(input: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of input) {
    bytes += chunk.length;
    if (bytes > limit) {
      throw new UnusableInputError(`unpacks to more than ${toMebibytes(limit)} MiB. Unpack it, and name the log file.`);
    }
    yield chunk;
  }
}

/** Looks at the first piece; there must be one. */
async function* refuseOther(input: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const chunk of input) {
    if (!(chunk instanceof Uint8Array)) continue;
    const kind = isFirst ? otherThanText(chunk.subarray(0, SAMPLE_BYTES)) : null;
    if (kind !== null) throw new NotTextError(kind);
    isFirst = false;
    yield chunk;
  }
  if (isFirst) throw new EmptyInputError();
}

function otherThanText(sample: Uint8Array): NotTextError['kind'] | null {
  const [first, second] = sample;
  if (isZip(sample)) return 'zip';
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'utf-16';
  const controls = sample.reduce((sum, byte) => (isControl(byte) ? sum + 1 : sum), 0);
  return controls > Math.max(FEW, sample.length * BINARY_SHARE) ? 'binary' : null;
}

/** Bytes that text does not have; backspace to carriage return, and escape, stand in logs. */
function isControl(byte: number): boolean {
  return byte < 0x08 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b);
}

/** Leaves out what is no bytes, and tells how many came. */
export async function* toBytes(
  input: AsyncIterable<unknown>,
  onBytes: (count: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of input) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    if (!(bytes instanceof Uint8Array)) continue;
    onBytes(bytes.length);
    yield bytes;
  }
}

/** The first bytes of a stream; fewer than a magic number's where there are no more. */
export async function readHead(chunks: AsyncGenerator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < MAGIC_BYTES) {
    const { value, done } = await chunks.next();
    if (done === true) break;
    head = Buffer.concat([head, value]);
  }
  return head;
}

/** Puts what was read ahead before the rest. */
export async function* joined(head: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  yield* rest;
}

/** For sentences. */
export function toMebibytes(bytes: number): string {
  return Math.round(bytes / MEBIBYTE).toLocaleString('en');
}
