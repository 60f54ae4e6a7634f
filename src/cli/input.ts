import { type FileHandle, mkdtemp, open, rm, rmdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ArchiveEntry } from '../analysis/joined.ts';
import { UnusableInputError } from './refusal.ts';
import { GZIP_LIMIT, joined, readHead, toBytes, toMebibytes, unpack } from './unpack.ts';
import { isZip, openZip, type ZipLimits, ZIP_LIMITS } from './zip.ts';

/** A log, or the archive of a run's logs. */
export type OpenInput =
  { kind: 'log'; bytes: AsyncIterable<Uint8Array> } | { kind: 'archive'; entries: readonly ArchiveEntry[] };

export interface InputLimits extends ZipLimits {
  /** What gzip may unpack to. */
  readonly gzipBytes: number;
  /** What an archive that does not come as a file may be long. */
  readonly spooledBytes: number;
}

const MEBIBYTE = 1024 * 1024;
export const INPUT_LIMITS: InputLimits = { ...ZIP_LIMITS, gzipBytes: GZIP_LIMIT, spooledBytes: 1024 * MEBIBYTE };

const MAGIC_BYTES = 4;

interface Hooks {
  limits?: InputLimits;
  /** Told the bytes that are read: of a log as it comes, of an archive unpacked. */
  onBytes: (count: number) => void;
  /** Told how many these will be. */
  onSize?: (bytes: number) => void;
}

/**
 * Opens a stream of bytes, which may be plain text, gzip or a zip archive whatever it is called, hands it to `use` and lets go of
 * it. Rejects with UnusableInputError, here or while it is read.
 */
export async function withStream<T>(
  input: AsyncIterable<unknown>,
  { limits = INPUT_LIMITS, ...hooks }: Hooks,
  use: (input: OpenInput) => Promise<T>,
): Promise<T> {
  const chunks = toBytes(input, () => {});
  const head = await readHead(chunks);
  if (!isZip(head)) return use({ kind: 'log', bytes: unpack(joined(head, chunks), hooks.onBytes, limits.gzipBytes) });
  const spooled = await spool(joined(head, chunks), limits.spooledBytes);
  try {
    return await withArchive(spooled, { limits, ...hooks }, use);
  } finally {
    await spooled.close();
  }
}

/** For a file, which is not copied. */
async function withFile<T>(
  file: FileHandle,
  { limits = INPUT_LIMITS, ...hooks }: Hooks,
  use: (input: OpenInput) => Promise<T>,
): Promise<T> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(MAGIC_BYTES), 0, MAGIC_BYTES, 0);
  if (isZip(buffer.subarray(0, bytesRead))) return withArchive(file, { limits, ...hooks }, use);
  const { size } = await file.stat();
  hooks.onSize?.(size);
  const stream = file.createReadStream({ start: 0, highWaterMark: 256 * 1024, autoClose: false });
  try {
    return await use({ kind: 'log', bytes: unpack(stream, hooks.onBytes, limits.gzipBytes) });
  } finally {
    stream.destroy();
  }
}

/** The same for a path, which may name a pipe too. */
export async function withPath<T>(file: string, hooks: Hooks, use: (input: OpenInput) => Promise<T>): Promise<T> {
  if ((await stat(file)).isDirectory()) throw new UnusableInputError('is a folder; name a log file.');
  const handle = await open(file);
  try {
    const isFile = (await handle.stat()).isFile();
    // What a shell's <(...) names can be read once, from its start to its end.
    return await (isFile
      ? withFile(handle, hooks, use)
      : withStream(handle.createReadStream({ autoClose: false }), hooks, use));
  } finally {
    await handle.close();
  }
}

async function withArchive<T>(
  file: FileHandle,
  { limits, onBytes, onSize }: Hooks & { limits: InputLimits },
  use: (input: OpenInput) => Promise<T>,
): Promise<T> {
  const { entries, bytes } = await openZip(file.fd, { limits, onBytes });
  onSize?.(bytes);
  return use({ kind: 'archive', entries });
}

/** An archive's list of files is at its end. The copy has no name any more when this returns, so it is gone whatever happens. */
async function spool(input: AsyncIterable<Uint8Array>, limit: number): Promise<FileHandle> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cortex-spool-'));
  const name = path.join(folder, 'spooled');
  const file = await open(name, 'wx+', 0o600);
  try {
    await rm(name);
    await rmdir(folder);
    let written = 0;
    for await (const chunk of input) {
      written += chunk.length;
      if (written > limit) {
        throw new UnusableInputError(
          `is a zip archive of more than ${toMebibytes(limit)} MiB. Save it, and name the file.`,
        );
      }
      await file.write(chunk);
    }
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}
