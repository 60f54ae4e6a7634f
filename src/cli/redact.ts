import type { Writable } from 'node:stream';
import { cleanLine } from '../analysis/clean.ts';
import { hitsOf, LINE_LIMIT, type RawLine, readLines } from '../analysis/parse.ts';
import { FORM } from '../analysis/prefilter.ts';
import { createKeyTracker, type KeyBlock } from '../analysis/private-key.ts';
import { createRedactor, type Redaction } from '../analysis/redact.ts';
import { LOG_PREFILTER } from '../analysis/score.ts';

/** Told of every line, in order: what it became, and what it was without terminal codes and time stamp. */
export type OnRedactedLine = (after: string, before: string) => void;

/** Stands where a line was longer than what is looked at: the rest is withheld, since nobody checked it. */
export const CUT = ` [cut after ${LINE_LIMIT / 1024} KiB]`;

interface Waiting {
  readonly text: string;
  readonly key: KeyBlock | null;
  readonly isCut: boolean;
}

/**
 * Takes the secrets out of `input`, line by line; terminal codes and time stamps go too, since a secret can hide behind them. What one
 * chunk brought is handed out before the next is read, so memory stays flat.
 */
export async function redactLog(
  input: AsyncIterable<Uint8Array>,
  onLine: OnRedactedLine,
  { signal, flush, ...redaction }: Redaction & { signal?: AbortSignal; flush?: () => Promise<void> },
): Promise<void> {
  const stream = createRedactor(redaction).stream();
  const keyOf = createKeyTracker();
  const before: Waiting[] = [];
  let waiting: Waiting[] = [];

  const handOut = (lines: readonly string[]): void => {
    for (const [index, line] of lines.entries()) {
      const { text = '', isCut = false } = before[index] ?? {};
      onLine(isCut ? `${line}${CUT}` : line, text);
    }
    before.splice(0, lines.length);
  };
  const release = (isEnd: boolean): void => {
    const open = isEnd ? -1 : waiting.findIndex(({ key }) => key !== null && !key.isKnown());
    const ready = open === -1 ? waiting : waiting.slice(0, open);
    waiting = open === -1 ? [] : waiting.slice(open);
    before.push(...ready);
    handOut(stream.push(ready.map(({ text, key }) => key?.text() ?? text)));
  };
  const take = (raw: RawLine): void => {
    const text = cleanLine(raw);
    // Terminal codes can hide a mark from the prefilter.
    const hits = (raw.form & FORM.hiding) !== 0 ? hitsOf(LOG_PREFILTER, Buffer.from(text)) : raw.hits;
    waiting.push({ text, key: keyOf(hits, text), isCut: raw.isCut });
  };
  const source = afterEach(input, async () => {
    release(false);
    await flush?.();
  });
  await readLines(source, LOG_PREFILTER, { onLine: take, ...(signal === undefined ? {} : { signal }) });
  release(true);
  handOut(stream.end());
  await flush?.();
}

/** Copies text from `input` to `output` without its secrets; returns how many things of each kind were taken out. */
export async function redactStream(
  input: AsyncIterable<Uint8Array>,
  output: Writable,
  options: Redaction & { signal?: AbortSignal },
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  let text = '';
  let above = '';
  const onLine: OnRedactedLine = (after, before) => {
    text += `${after}\n`;
    // The lines of one key are one thing.
    if (after !== above || !after.startsWith('[redacted:private-key:')) {
      for (const [kind] of marksIn(after, before)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    above = after;
  };
  const flush = async (): Promise<void> => {
    const batch = text;
    text = '';
    await write(output, batch);
  };
  await redactLog(input, onLine, { ...options, flush });
  return counts;
}

const MARK = /\[redacted:([a-z0-9-]{1,40})(?::[0-9a-f]{4})?\]/gu;

/** The marks of a line that did not stand in it before, each with its kind. */
export function marksIn(after: string, before: string): Array<readonly [kind: string, mark: string]> {
  if (!after.includes('[redacted:')) return [];
  return [...after.matchAll(MARK)].filter(([mark]) => !before.includes(mark)).map(([mark, kind = '']) => [kind, mark]);
}

async function* afterEach(input: AsyncIterable<Uint8Array>, act: () => Promise<void>): AsyncGenerator<Uint8Array> {
  for await (const chunk of input) {
    yield chunk;
    await act();
  }
}

async function write(output: Writable, text: string): Promise<void> {
  if (text === '' || output.write(text)) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  output.once('drain', resolve).once('error', reject);
  try {
    await promise;
  } finally {
    output.off('drain', resolve).off('error', reject);
  }
}
