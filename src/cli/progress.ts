import type { Writable } from 'node:stream';
import { SingleBar } from 'cli-progress';

/** Shorter input is read before an eye could follow a bar. */
const WORTH_A_BAR = 8 * 1024 * 1024;

export interface Progress {
  advance: (bytes: number) => void;
  /** Tells how long the input is, where that is known. */
  expect: (bytes: number) => void;
  /** May be called more than once. */
  stop: () => void;
}

/** A bar on stderr for long input, where stderr is a terminal; otherwise nothing. */
export function startProgress(stderr: Writable & { isTTY?: boolean }): Progress {
  if (stderr.isTTY !== true) return { advance: () => {}, expect: () => {}, stop: () => {} };
  let read = 0;
  let size: number | null = null;
  let bar: SingleBar | null = null;
  return {
    expect(bytes) {
      size = bytes;
    },
    advance(bytes) {
      read += bytes;
      if (bar === null && read >= WORTH_A_BAR / 8 && (size ?? WORTH_A_BAR) >= WORTH_A_BAR) bar = openBar(stderr, size);
      bar?.update(toMegabytes(read));
    },
    stop() {
      bar?.stop();
      bar = null;
    },
  };
}

function openBar(stderr: Writable, size: number | null): SingleBar {
  const format =
    size === null ? 'Reading the log {value} MB' : 'Reading the log {bar} {percentage}% of {total} MB, {eta} s left';
  const bar = new SingleBar({
    format,
    stream: stderr,
    hideCursor: true,
    clearOnComplete: true,
    barsize: 30,
  });
  bar.start(size === null ? 0 : toMegabytes(size), 0);
  return bar;
}

function toMegabytes(bytes: number): number {
  return Math.round(bytes / 100_000) / 10;
}
