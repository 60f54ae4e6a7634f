import { FORM, type Prefilter } from './prefilter.ts';

/** How much of a line is kept, in bytes; the rest is skipped before any pattern sees it. */
export const LINE_LIMIT = 8 * 1024;
/** The event loop gets a turn after this many bytes. */
const SLICE = 256 * 1024;

const LF = 0x0a;
const CR = 0x0d;
const ESCAPE = 0x1b;
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
  /** Bytes of GitHub's time stamp at the start; 0 where there is none in its usual form. */
  readonly stamp: number;
  /** Owners of the prefilter's literals that stand in this line, in order of appearance. */
  readonly hits: readonly number[];
  /** Bits of FORM. */
  readonly form: number;
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
  const splitter = new Splitter(prefilter, onLine);
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

class Splitter {
  private number = 1;
  private afterCr = false;
  /** The beginning of a line whose end has not come yet; at most LINE_LIMIT bytes of it. */
  private rest: Buffer | null = null;
  private restIsCut = false;
  /** Of the line that is being scanned. */
  private hits: number[] | null = null;
  private form: number = FORM.plain;
  private stamp = 0;
  private state = 0;
  private before = 0;
  /** `seenIn[owner]` is the line that last held one of its literals. */
  private readonly seenIn: Uint32Array;
  private lineCount = 0;
  private readonly prefilter: Prefilter;
  private readonly onLine: (line: RawLine) => void;

  constructor(prefilter: Prefilter, onLine: (line: RawLine) => void) {
    this.prefilter = prefilter;
    this.seenIn = new Uint32Array(prefilter.owners);
    this.onLine = onLine;
  }

  push(slice: Buffer): void {
    let from = 0;
    if (this.rest !== null) {
      const end = lineEnd(slice);
      if (end === -1) return this.keepRest(slice, 0);
      this.finishRest(slice, { end, terminator: slice[end] ?? LF });
      from = end + 1;
    }
    this.keepRest(slice, this.scan(slice, from));
  }

  /** Hands out what is left; returns how many lines there were. */
  end(): number {
    // A line that lone CRs rewrote has no line feed, and still is one.
    if (this.rest === null) return this.number - (this.afterCr ? 0 : 1);
    this.finishRest(Buffer.alloc(0), { end: 0, terminator: CR });
    return this.number;
  }

  private finishRest(slice: Buffer, { end, terminator }: { end: number; terminator: number }): void {
    const head = this.rest ?? Buffer.alloc(0);
    const room = LINE_LIMIT - head.length;
    const whole = Buffer.concat([head, slice.subarray(0, Math.min(end, room)), Buffer.of(terminator)]);
    this.restIsCut ||= end > room;
    this.rest = null;
    this.scan(whole, 0);
    this.restIsCut = false;
  }

  private keepRest(slice: Buffer, from: number): void {
    if (from >= slice.length) return;
    const room = LINE_LIMIT - (this.rest?.length ?? 0);
    this.restIsCut ||= slice.length - from > room;
    const part = slice.subarray(from, Math.min(slice.length, from + room));
    this.rest = this.rest === null ? Buffer.from(part) : Buffer.concat([this.rest, part]);
  }

  /** One pass over the bytes: line ends and literals together. Returns where the unfinished last line starts. */
  private scan(slice: Buffer, from: number): number {
    const { firstEvent, lineEnd } = this.prefilter;
    let start = from;
    this.state = 0;
    for (let at = this.nextEvent(slice, this.startLine(slice, start)); at < slice.length;) {
      const { state } = this;
      if (state === lineEnd) {
        this.finishLine(slice, start, at);
        start = at + 1;
        this.state = 0;
        at = this.nextEvent(slice, this.startLine(slice, start));
        continue;
      }
      const code = slice[at] === ESCAPE ? colourEnd(slice, at) : at;
      if (code > at) {
        this.form |= FORM.coloured;
        this.state = this.before;
        at = this.nextEvent(slice, code);
        continue;
      }
      if (at - start < LINE_LIMIT) this.note(state - firstEvent);
      at = this.nextEvent(slice, at + 1);
    }
    return start;
  }

  private nextEvent(slice: Buffer, from: number): number {
    const { next, firstEvent } = this.prefilter;
    let { state } = this;
    let before = state;
    let at = from;
    for (; at < slice.length; at += 1) {
      before = state;
      state = next[(state << 8) | (slice[at] ?? 0)] ?? 0;
      if (state >= firstEvent && state !== before) break;
    }
    this.before = before;
    this.state = state;
    return at;
  }

  /** Where the search for literals begins: at the last byte of a time stamp, since its blank may begin a literal. */
  private startLine(slice: Buffer, start: number): number {
    this.hits = null;
    this.form = FORM.plain;
    this.stamp = stampLength(slice, start);
    this.lineCount += 1;
    return start + Math.max(0, this.stamp - 1);
  }

  private note(event: number): void {
    const { outputs, forms } = this.prefilter;
    this.form |= forms[event] ?? FORM.plain;
    for (const owner of outputs[event] ?? NONE) {
      if (this.seenIn[owner] === this.lineCount) continue;
      this.seenIn[owner] = this.lineCount;
      if (this.hits === null) this.hits = [owner];
      else this.hits.push(owner);
    }
  }

  private finishLine(bytes: Buffer, start: number, at: number): void {
    const { number, stamp, hits, form, afterCr } = this;
    const byte = bytes[at];
    this.afterCr = byte === CR;
    if (byte === LF) this.number += 1;
    // LF right after CR belongs to it: the piece was handed out already.
    if (at === start && (byte === CR || afterCr)) return;
    const end = Math.min(at, start + LINE_LIMIT);
    this.onLine({ number, bytes, start, end, stamp, hits: hits ?? NONE, form, isCut: end < at || this.restIsCut });
  }
}

function lineEnd(slice: Buffer): number {
  const lf = slice.indexOf(LF);
  const cr = (lf === -1 ? slice : slice.subarray(0, lf)).indexOf(CR);
  return cr === -1 ? lf : cr;
}

/** `2026-11-20T09:14:02.0374417Z ` */
const STAMP_LENGTH = 29;

/** The length of GitHub's time stamp at `start`, or 0. Runs for each line, so it tells most other lines by one byte. */
function stampLength(slice: Buffer, start: number): number {
  if (slice[start + 27] !== 0x5a || slice[start + 28] !== 0x20) return 0;
  if (slice[start + 10] !== 0x54 || slice[start + 19] !== 0x2e) return 0;
  if (slice[start + 4] !== 0x2d || slice[start + 7] !== 0x2d) return 0;
  if (slice[start + 13] !== 0x3a || slice[start + 16] !== 0x3a) return 0;
  return areDigits(slice, start, 4) &&
    areDigits(slice, start + 5, 2) &&
    areDigits(slice, start + 8, 2) &&
    areDigits(slice, start + 11, 2) &&
    areDigits(slice, start + 14, 2) &&
    areDigits(slice, start + 17, 2) &&
    areDigits(slice, start + 20, 7)
    ? STAMP_LENGTH
    : 0;
}

function areDigits(slice: Buffer, from: number, count: number): boolean {
  for (let at = from; at < from + count; at += 1) {
    const byte = slice[at] ?? 0;
    if (byte < 0x30 || byte > 0x39) return false;
  }
  return true;
}

/** Behind a colour or cursor code at `at`, or `at` where it is another escape; as cleanLine takes them off. */
export function colourEnd(bytes: Buffer, at: number): number {
  if (bytes[at + 1] !== 0x5b) return at;
  let end = at + 2;
  const stop = end + 64;
  for (; end < stop; end += 1) {
    const byte = bytes[end] ?? 0;
    if (byte >= 0x40 && byte <= 0x7e) return end + 1;
    const isParameter = byte >= 0x30 && byte <= 0x3f;
    if (!isParameter) return at;
  }
  return at;
}

/** The owners whose literals stand in `bytes`. */
export function hitsOf(prefilter: Prefilter, bytes: Buffer): readonly number[] {
  const found = new Set<number>();
  const splitter = new Splitter(prefilter, ({ hits }) => hits.forEach((owner) => found.add(owner)));
  splitter.push(bytes);
  splitter.end();
  return found.size === 0 ? NONE : [...found];
}
