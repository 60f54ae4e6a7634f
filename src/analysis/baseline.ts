import { cleanLine } from './clean.ts';
import { readLines } from './parse.ts';
import type { RankedLine } from './ranking/choose.ts';
import { LOG_PREFILTER } from './score.ts';
import { templateKey } from './template.ts';

/** What a log of the same job said when all went well. */
export interface Baseline {
  /** Whether a line with this text stood there too, but for numbers and hashes. */
  has(text: string): boolean;
}

/** What a line that also stood in the passing log keeps of its score, and what it and a new one get on the odds of being marked. */
const KNOWN = { score: 0.5, odds: 0.25 };
const NEW = { odds: 2 };
/** A signature of this weight names a failure beyond doubt. */
const SURE_WEIGHT = 8.5;

/** A log with more different lines than this is known in part only; lines beyond count as new, which costs a hint and proves nothing. */
const MOST_TEMPLATES = 400_000;
/** More than twice as many, so that a look takes few steps; a power of two. */
const SLOTS = 1 << 20;
const EMPTY = 0;
/** How far a key may stand from its place: at this load no honest log needs half of it, and a hostile one gets no further. */
const REACH = 128;

/** Reads a log as a stream, or the logs of several jobs one after the other, and keeps 32 bits of each different line: 4 MB, however long it is. */
export async function readBaseline(
  source: AsyncIterable<Uint8Array>,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Baseline> {
  const templates = new TemplateSet();
  await readLines(source, LOG_PREFILTER, {
    onLine: (line) => templates.add(keyOf(cleanLine(line))),
    ...(signal === undefined ? {} : { signal }),
  });
  return { has: (text) => templates.has(keyOf(text)) };
}

/**
 * The lines with what the passing log says of them: one that stood there too is hardly the reason, a new one the more likely. None is
 * removed, and one that names a failure beyond doubt keeps more of its weight: some steps may fail.
 */
export function weighAgainst(baseline: Baseline | undefined, ranked: readonly RankedLine[]): readonly RankedLine[] {
  if (baseline === undefined) return ranked;
  return ranked.map(({ line, probability }) => {
    if (!baseline.has(line.text)) return { line, probability: changeOdds(probability, NEW.odds) };
    const share = (line.matches[0]?.signature.weight ?? 0) >= SURE_WEIGHT ? 0.5 : 1;
    const score = line.score * KNOWN.score ** share;
    return { line: { ...line, score }, probability: changeOdds(probability, KNOWN.odds ** share) };
  });
}

function changeOdds(probability: number, factor: number): number {
  return (probability * factor) / (1 - probability + probability * factor);
}

/** Never EMPTY. Two of 400,000 lines share a key with one of 10,000 others by chance. */
function keyOf(text: string): number {
  const key = templateKey(text.trim());
  return (Math.trunc(key / 2 ** 21) ^ key) >>> 0 || 1;
}

/** Open addressing in one block of memory. */
class TemplateSet {
  private readonly slots = new Uint32Array(SLOTS);
  private size = 0;

  add(key: number): void {
    const at = this.find(key);
    if (this.slots[at] !== EMPTY || this.size >= MOST_TEMPLATES) return;
    this.slots[at] = key;
    this.size += 1;
  }

  has(key: number): boolean {
    return this.slots[this.find(key)] === key;
  }

  /** Where the key stands, or would; where both are out of reach, a place that another one holds. */
  private find(key: number): number {
    let at = key & (SLOTS - 1);
    for (let step = 0; step < REACH; step += 1) {
      if (this.slots[at] === EMPTY || this.slots[at] === key) return at;
      at = (at + 1) & (SLOTS - 1);
    }
    return at;
  }
}
