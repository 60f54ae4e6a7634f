import type { StepExtent } from './steps.ts';

/** A file in the archive of a run's logs. Its name is only ever read, never used as a path. */
export interface ArchiveEntry {
  readonly name: string;
  open(): AsyncIterable<Uint8Array>;
}

export interface ArchiveStep {
  readonly number: number;
  readonly name: string;
  readonly entry: ArchiveEntry;
}

const LF = 0x0a;
const LINE_END = Buffer.of(LF);
/** A file with nothing but the byte order mark has no line. */
const MARK_LENGTH = 3;

/** The logs of a job's steps as one log. `extents` tells the length of each step that has been read so far. */
export function readJoined(steps: readonly ArchiveStep[]): {
  bytes: AsyncIterable<Uint8Array>;
  extents: readonly StepExtent[];
} {
  const extents: StepExtent[] = [];
  return { bytes: joinSteps(steps, extents), extents };
}

async function* joinSteps(steps: readonly ArchiveStep[], extents: StepExtent[]): AsyncGenerator<Uint8Array> {
  for (const { number, name, entry } of steps) {
    const counter = createCounter();
    for await (const chunk of entry.open()) {
      counter.add(chunk);
      yield chunk;
    }
    if (counter.lines() > 0 && counter.isUnfinished()) yield LINE_END;
    extents.push({ number, name, lines: counter.lines() });
  }
}

/** How many lines each step has. Rejects when the signal fires or an entry cannot be read. */
export async function countLines(steps: readonly ArchiveStep[], signal?: AbortSignal): Promise<StepExtent[]> {
  const extents: StepExtent[] = [];
  for (const { number, name, entry } of steps) {
    const counter = createCounter();
    for await (const chunk of entry.open()) {
      signal?.throwIfAborted();
      counter.add(chunk);
    }
    extents.push({ number, name, lines: counter.lines() });
  }
  return extents;
}

interface Counter {
  add(chunk: Uint8Array): void;
  lines(): number;
  /** The last line has no end. */
  isUnfinished(): boolean;
}

function createCounter(): Counter {
  let ends = 0;
  let bytes = 0;
  let last = LF;
  const isUnfinished = (): boolean => last !== LF;
  return {
    add(chunk) {
      for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, at + 1)) ends += 1;
      bytes += chunk.length;
      last = chunk.at(-1) ?? last;
    },
    isUnfinished,
    lines: () => (bytes <= MARK_LENGTH && ends === 0 ? 0 : ends + (isUnfinished() ? 1 : 0)),
  };
}
