import { CLASS_SHIFT, type Prefilter } from './prefilter.ts';

/** How much of a line is kept, in bytes; the rest is skipped before any pattern sees it. */
export const LINE_LIMIT = 8 * 1024;
/** The event loop gets a turn after this many bytes. */
const SLICE = 256 * 1024;

const LF = 0x0a;
const CR = 0x0d;
const NONE: readonly number[] = [];

/**
 * A piece of the log between two line ends, not decoded yet. A lone CR ends a piece but not the line: what a progress bar
 * overwrote shares its number with what stands there now, as in GitHub's viewer.
 */
export interface RawLine {
  /** 1-based line of the whole log. */
  readonly number: number;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** Owners of the prefilter's literals that stand in this line. */
  readonly hits: readonly number[];
  /** Only the first LINE_LIMIT bytes are here. */
  readonly isCut: boolean;
}

export interface LogSize {
  bytes: number;
  lines: number;
}

/**
 * Hands every line of `source` to `onLine`, in order. Memory stays bounded whatever the input; `onBytes` sees the raw bytes.
 * Rejects with the signal's reason when it fires, and with whatever the source rejects with.
 */
export async function readLines(
  source: AsyncIterable<Uint8Array>,
  prefilter: Prefilter,
  {
    onLine,
    onBytes,
    signal,
  }: { onLine: (line: RawLine) => void; onBytes?: (bytes: Uint8Array) => void; signal?: AbortSignal },
): Promise<LogSize> {
  const splitter = createSplitter(prefilter, onLine);
  let bytes = 0;
  let sinceTurn = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; at += SLICE) {
      const slice = Buffer.from(chunk.buffer, chunk.byteOffset + at, Math.min(SLICE, chunk.length - at));
      signal?.throwIfAborted();
      onBytes?.(slice);
      splitter.push(slice);
      bytes += slice.length;
      sinceTurn += slice.length;
      if (sinceTurn < SLICE) continue;
      sinceTurn = 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  signal?.throwIfAborted();
  return { bytes, lines: splitter.end() };
}

interface Splitter {
  push(slice: Buffer): void;
  /** Hands out what is left; returns how many lines there were. */
  end(): number;
}

function createSplitter(prefilter: Prefilter, onLine: (line: RawLine) => void): Splitter {
  let number = 1;
  let afterCr = false;
  /** The beginning of a line whose end has not come yet; at most LINE_LIMIT bytes of it. */
  let rest: Buffer | null = null;
  let restIsCut = false;

  // Field by field: this runs for every line, and a spread costs several times as much.
  const emitLine = ({ bytes, start, end, hits, isCut }: Piece): void =>
    onLine({ number, bytes, start, end, hits, isCut });

  const emit = (piece: Piece, end: number): void => {
    const isEmpty = piece.start === piece.end;
    // LF right after CR belongs to it: the piece was handed out already.
    if (!(isEmpty && (end === CR || afterCr))) emitLine(piece);
    afterCr = end === CR;
    if (end === LF) number += 1;
  };

  const finishRest = (slice: Buffer, upTo: number): Piece => {
    const head = rest ?? Buffer.alloc(0);
    const bytes = Buffer.concat([head, slice.subarray(0, Math.min(upTo, LINE_LIMIT - head.length))]);
    const isCut = restIsCut || head.length + upTo > LINE_LIMIT;
    rest = null;
    restIsCut = false;
    return { bytes, start: 0, end: bytes.length, hits: hitsOf(prefilter, bytes), isCut };
  };

  const keepRest = (slice: Buffer, from: number): void => {
    if (from >= slice.length) return;
    const room = LINE_LIMIT - (rest?.length ?? 0);
    restIsCut ||= slice.length - from > room;
    const part = slice.subarray(from, Math.min(slice.length, from + room));
    rest = rest === null ? Buffer.from(part) : Buffer.concat([rest, part]);
  };

  return {
    push(slice) {
      let at = 0;
      if (rest !== null) {
        const end = lineEnd(slice);
        if (end === -1) return keepRest(slice, 0);
        emit(finishRest(slice, end), slice[end] ?? LF);
        at = end + 1;
      }
      keepRest(slice, scan(prefilter, slice, at, emit));
    },
    end() {
      if (rest === null) return number - 1;
      emit(finishRest(Buffer.alloc(0), 0), CR);
      return number;
    },
  };
}

type Piece = Omit<RawLine, 'number'>;

function lineEnd(slice: Buffer): number {
  const lf = slice.indexOf(LF);
  const cr = (lf === -1 ? slice : slice.subarray(0, lf)).indexOf(CR);
  return cr === -1 ? lf : cr;
}

/** One pass over the bytes: line ends and literals together. Returns where the unfinished last line starts. */
function scan(prefilter: Prefilter, slice: Buffer, from: number, emit: (piece: Piece, end: number) => void): number {
  const { classes, next, accepts, outputs } = prefilter;
  let state = 0;
  let start = from;
  let hits: number[] | null = null;
  for (let at = from; at < slice.length; at += 1) {
    const byte = slice[at] ?? 0;
    if (byte === LF || byte === CR) {
      const end = Math.min(at, start + LINE_LIMIT);
      emit({ bytes: slice, start, end, hits: hits ?? NONE, isCut: end < at }, byte);
      start = at + 1;
      state = 0;
      hits = null;
      continue;
    }
    state = next[(state << CLASS_SHIFT) | (classes[byte] ?? 0)] ?? 0;
    if (accepts[state] === 1) hits = collect(hits, outputs[state] ?? NONE);
  }
  return start;
}

function collect(hits: number[] | null, owners: readonly number[]): number[] {
  if (hits === null) return [...owners];
  for (const owner of owners) if (!hits.includes(owner)) hits.push(owner);
  return hits;
}

/** The owners whose literals stand in `bytes`. */
export function hitsOf(prefilter: Prefilter, bytes: Buffer): readonly number[] {
  let found: readonly number[] = NONE;
  scan(prefilter, Buffer.concat([bytes, Buffer.of(LF)]), 0, ({ hits }) => {
    found = found === NONE ? hits : [...new Set([...found, ...hits])];
  });
  return found;
}
