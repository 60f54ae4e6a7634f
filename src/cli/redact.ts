import type { Writable } from 'node:stream';
import { createKeyTracker, KEY_LINE } from '../analysis/private-key.ts';
import { cleanLine } from '../analysis/clean.ts';
import { hitsOf, type RawLine, readLines } from '../analysis/parse.ts';
import { createRedactor } from '../analysis/redact.ts';
import { FORM } from '../analysis/prefilter.ts';
import { LOG_PREFILTER } from '../analysis/score.ts';

const BATCH = 500;

/**
 * Copies text from `input` to `output` without its secrets, line by line; terminal codes and time stamps go too, since a secret can
 * hide behind them. Tells `report` at the end how many things of each kind were taken out.
 */
export async function redactStream(
  input: AsyncIterable<Uint8Array>,
  output: Writable,
  report: (counts: ReadonlyMap<string, number>) => void,
  { salt, signal }: { salt: string; signal?: AbortSignal },
): Promise<void> {
  const counts = new Map<string, number>();
  const count = (kind: string): void => void counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const redactor = createRedactor({ salt, onRedacted: count });
  const isKeyLine = createKeyTracker();
  let waiting: string[] = [];

  const flush = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    for (let at = 0; at < batch.length; at += BATCH) {
      const lines = await redactor.lines(batch.slice(at, at + BATCH));
      await write(output, lines.map((line) => `${line}\n`).join(''));
    }
  };
  const onLine = (raw: RawLine): void => {
    const text = cleanLine(raw);
    // Control characters can hide a mark from the prefilter.
    const hits = (raw.form & FORM.hiding) !== 0 ? hitsOf(LOG_PREFILTER, Buffer.from(text)) : raw.hits;
    const isKey = isKeyLine(hits, text);
    if (isKey) count('private-key');
    waiting.push(isKey ? KEY_LINE : text);
  };
  await readLines(flushAfterEach(input, flush), LOG_PREFILTER, { onLine, ...(signal === undefined ? {} : { signal }) });
  await flush();
  report(counts);
}

/** What one chunk brought is written before the next is read, so memory stays flat. */
async function* flushAfterEach(
  input: AsyncIterable<Uint8Array>,
  flush: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of input) {
    yield chunk;
    await flush();
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
