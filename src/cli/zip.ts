import type { Readable } from 'node:stream';
import { type Entry, fromFdPromise, getFileNameLowLevel, validateFileName, type ZipFile } from 'yauzl';
import type { ArchiveEntry } from '../analysis/joined.ts';
import { UnusableInputError } from './refusal.ts';

/** What an archive may ask of us. */
export interface ZipLimits {
  readonly entries: number;
  /** Of one file, and of all together, unpacked. */
  readonly entryBytes: number;
  readonly totalBytes: number;
  /** How many times a file may grow when it is unpacked, once it is larger than `ratioFrom`. */
  readonly ratio: number;
  readonly ratioFrom: number;
}

const MEBIBYTE = 1024 * 1024;
/** A run has at most some hundred jobs of some dozen steps; logs shrink to a tenth, and rarely to a fiftieth. */
export const ZIP_LIMITS: ZipLimits = {
  entries: 20_000,
  entryBytes: 2048 * MEBIBYTE,
  totalBytes: 4096 * MEBIBYTE,
  ratio: 300,
  ratioFrom: 32 * MEBIBYTE,
};

const MAX_NAME_BYTES = 1024;
/** Control characters, and those that turn the direction of the text that follows. */
const MISLEADING = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;
const FILE_TYPE = 0o170_000;
const LINK = 0o120_000;

export interface OpenZip {
  readonly entries: readonly ArchiveEntry[];
  /** Of all files together, unpacked. */
  readonly bytes: number;
}

/** Whether a file that begins like this is a zip archive: with a file, or with the end of an empty one. */
export function isZip(head: Uint8Array): boolean {
  const [first, second, third, fourth] = head;
  const isMarked = first === 0x50 && second === 0x4b;
  return isMarked && ((third === 3 && fourth === 4) || (third === 5 && fourth === 6));
}

/**
 * Lists the files of an archive that is open for reading; closing it stays with the caller. Nothing is written, and names are
 * only read. Rejects with UnusableInputError, as do the entries when they turn out to be other than the list says.
 */
export async function openZip(
  descriptor: number,
  { limits = ZIP_LIMITS, onBytes }: { limits?: ZipLimits; onBytes: (count: number) => void },
): Promise<OpenZip> {
  // Names are decoded here, so that a bad one gets its own sentence.
  const zip = await orDamaged(() => fromFdPromise(descriptor, { autoClose: false, decodeStrings: false }));
  if (zip.entryCount > limits.entries) {
    throw new UnusableInputError(`is a zip archive of more than ${limits.entries.toLocaleString('en')} files.`);
  }
  const found = new Map<string, Entry>();
  let bytes = 0;
  for (const entry of await orDamaged(() => listEntries(zip))) {
    const name = readName(entry);
    if (found.has(name)) throw new UnusableInputError('is a zip archive with two files of the same name.');
    if (name.endsWith('/')) continue;
    refuseUnsafe(entry, limits);
    bytes += entry.uncompressedSize;
    if (bytes > limits.totalBytes) throw tooLarge(limits.totalBytes);
    found.set(name, entry);
  }
  const entries = [...found].map(([name, entry]) => ({ name, open: () => readEntry(zip, entry, onBytes) }));
  return { entries, bytes };
}

async function listEntries(zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) entries.push(entry);
  return entries;
}

function readName(entry: Entry): string {
  const name =
    entry.fileNameRaw.length > MAX_NAME_BYTES
      ? ''
      : getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
  if (name === '' || validateFileName(name) !== null || MISLEADING.test(name)) {
    throw new UnusableInputError('is a zip archive with a file name that the archive of a run never has.');
  }
  return name;
}

function refuseUnsafe(entry: Entry, { entryBytes, ratio, ratioFrom }: ZipLimits): void {
  const { uncompressedSize, compressedSize } = entry;
  if (((entry.externalFileAttributes >>> 16) & FILE_TYPE) === LINK) {
    throw new UnusableInputError('is a zip archive with a link in it, which the archive of a run never has.');
  }
  if (entry.isEncrypted()) throw new UnusableInputError('is an encrypted zip archive. Unpack it, and name a log file.');
  if (!entry.canDecodeFileData()) {
    throw new UnusableInputError('is a zip archive in a format other than deflate. Unpack it, and name a log file.');
  }
  if (uncompressedSize > entryBytes) throw tooLarge(entryBytes);
  if (uncompressedSize > ratioFrom && uncompressedSize > compressedSize * ratio) {
    throw new UnusableInputError(`is a zip archive that unpacks to more than ${ratio} times its size, as no log does.`);
  }
}

function tooLarge(bytes: number): UnusableInputError {
  return new UnusableInputError(
    `is a zip archive that unpacks to more than ${Math.round(bytes / MEBIBYTE).toLocaleString('en')} MiB. Unpack it, and name a log file.`,
  );
}

/** yauzl compares what comes out with the size that the list gives, so the limits hold for archives that lie. */
async function* readEntry(zip: ZipFile, entry: Entry, onBytes: (count: number) => void): AsyncGenerator<Uint8Array> {
  let stream: Readable | null = null;
  let isFirst = true;
  try {
    stream = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream) {
      if (!(chunk instanceof Uint8Array)) continue;
      if (isFirst && isZip(chunk)) throw new UnusableInputError('is a zip archive with another archive in it.');
      isFirst = false;
      onBytes(chunk.length);
      yield chunk;
    }
  } catch (error) {
    throw error instanceof UnusableInputError ? error : damaged(error);
  } finally {
    stream?.destroy();
  }
}

async function orDamaged<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw damaged(error);
  }
}

/** yauzl's errors have no kinds of their own. Those of the file system have a code and pass through. */
function damaged(error: unknown): unknown {
  const isOfSystem =
    error instanceof Error && 'code' in error && typeof error.code === 'string' && /^E[A-Z]+$/u.test(error.code);
  return isOfSystem ? error : new UnusableInputError('is a damaged or incomplete zip archive.', { cause: error });
}
