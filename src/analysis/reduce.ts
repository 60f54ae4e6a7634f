import { markedLine, secondOf } from './clean.ts';
import { type Held, textOf, toCandidate } from './held.ts';
import { hitsOf, type RawLine } from './parse.ts';
import { FORM } from './prefilter.ts';
import { createKeyTracker } from './private-key.ts';
import type { Candidate, Reduction } from './reduction.ts';
import { hasMark, LOG_PREFILTER, type Match, isWorthJudging, type Score, scoreLine, STRUCTURE } from './score.ts';
import { isContinuation, isPlainNoise, isTerminator } from './shape.ts';
import { createStructure } from './structure.ts';
import { templateKey } from './template.ts';

/** How far back an anchor can reach. */
const LOOK_BACK = 128;
/** Candidates kept while reading; the best of them survive. */
const KEEP = 1600;
/** Where a line says something, this much around it is kept beside it: the ranking finds out what belongs together. */
const VICINITY = { above: 20, below: 25, least: 2, nearness: 0.5 };
const FLOOR = VICINITY.nearness;
/** The words of a command are not yet what came of it. */
const HEADER_SHARE = 0.15;
const MAX_TEMPLATES = 20_000;
/** What the lines right above the end of a failed command get, and how far up; and above the end of the log. */
const COMMAND_END = { most: 3.2, reach: 40 };
const LOG_END = { most: 1.2, reach: 30 };
/** Of these, so many lines are kept whatever they say, and the nearest before most that does say something. */
const TAIL = { reach: 120, nearness: 1, close: 60, closeness: 2.5 };

/** Reads lines one by one and keeps those that may explain the failure. Memory stays bounded. */
export interface Reducer {
  add(line: RawLine): void;
  finish(): Reduction;
}

export function createReducer(): Reducer {
  return new LogReducer();
}

const NO_MATCHES: readonly Match[] = [];
const NOTHING: Score = { value: 0, matches: NO_MATCHES };

class LogReducer implements Reducer {
  private held: Held[] = [];
  private kept: Candidate[] = [];
  private readonly structure = createStructure();
  private readonly templates = new Map<number, { readonly score: Score; seen: number }>();
  private readonly keyOf = createKeyTracker();
  private inKey = false;
  private inHeader = false;
  /** What the anchors above still lend to the next line, and for how many lines. */
  private carry = 0;
  private carryLeft = 0;
  /** For how many lines more something that was said keeps what stands below it. */
  private nearLeft = 0;
  /** As many as are kept are worth this or more and came earlier: what is worth no more would be trimmed again. */
  private beaten = 0;
  private order = 0;
  private isAfterBlank = false;
  private lastLine = 0;

  add(raw: RawLine): void {
    this.lastLine = raw.number;
    if (hasMark(raw.hits, STRUCTURE.section)) this.structure.noteMarks(markedLine(raw));
    const entry: Held = {
      raw,
      hits: raw.hits,
      text: null,
      own: 0,
      score: 0,
      matches: NO_MATCHES,
      segment: this.structure.current(),
      key: null,
      section: this.structure.section(),
      isHeader: this.inHeader,
      nearness: this.nearLeft > 0 ? VICINITY.nearness : 0,
      toEnd: null,
    };
    this.nearLeft -= 1;
    if ((raw.form & FORM.hiding) !== 0) entry.hits = hitsOf(LOG_PREFILTER, Buffer.from(textOf(entry)));
    if (entry.hits.length > 0 || this.carryLeft > 0) this.judge(entry);
    if (this.inKey || entry.hits.length > 0) entry.key = this.keyOf(entry.hits, textOf(entry));
    this.inKey = entry.key !== null;
    this.held.push(entry);
    if (this.held.length > LOOK_BACK * 2) this.release(LOOK_BACK);
  }

  finish(): Reduction {
    this.keepTail(null);
    this.lift(LOG_END);
    this.release(this.held.length);
    this.trim();
    return {
      candidates: this.kept.toSorted((a, b) => a.order - b.order),
      segments: this.structure.segments,
      stepStarts: this.structure.stepStarts,
      postJobLine: this.structure.postJobLine(),
      lastLine: this.lastLine,
      sections: this.structure.sections,
      errorLines: this.structure.errorLines,
      failedSection: this.structure.failedSection(),
    };
  }

  private judge(entry: Held): void {
    const text = textOf(entry);
    const second = hasMark(entry.hits, STRUCTURE.stepStart) ? secondOf(entry.raw) : null;
    if (this.structure.note({ number: entry.raw.number, text, second, hits: entry.hits })) {
      entry.segment = this.structure.current();
      this.carryLeft = 0;
      this.inHeader = entry.isHeader = hasMark(entry.hits, STRUCTURE.stepStart);
    }
    if (this.inHeader && hasMark(entry.hits, STRUCTURE.headerEnd)) this.inHeader = false;
    const { value, matches } = this.scoreOf(text, entry.hits);
    entry.matches = matches;
    entry.own = entry.isHeader ? value * HEADER_SHARE : value;
    entry.score = Math.max(entry.own, this.borrow(text));
    if (entry.own >= 1) this.anchor(entry);
  }

  /** A line that says something raises what stands around it. */
  private anchor({ own, matches }: Held): void {
    const signature = matches[0]?.signature;
    this.reachBack(own, signature?.before ?? 0);
    if (own >= VICINITY.least) this.keepAround();
    if (matches.some(({ signature: { role } }) => role === 'end')) {
      this.structure.markFailed();
      this.keepTail(this.lastLine);
      this.lift(COMMAND_END);
    }
    if (own < this.carry && this.carryLeft > 0) return;
    this.carry = own;
    this.carryLeft = Math.max(signature?.after ?? 3, this.carryLeft);
  }

  /** What a line gets for standing below an anchor: less with each line, and for long only if it looks like part of the block. */
  private borrow(text: string): number {
    if (this.carryLeft <= 0) return 0;
    if (isTerminator(text)) {
      this.carryLeft = 0;
      return 0;
    }
    this.carryLeft -= 1;
    this.carry *= isContinuation(text) ? 0.965 : 0.9;
    return text === '' ? 0 : this.carry * 0.85;
  }

  private reachBack(own: number, before: number): void {
    for (let back = 1; back <= before; back += 1) {
      const above = this.held.at(-back);
      if (above === undefined) return;
      above.score = Math.max(above.score, own * 0.75 * 0.85 ** back);
    }
  }

  private keepAround(): void {
    this.nearLeft = VICINITY.below;
    for (const above of this.held.slice(-VICINITY.above)) {
      above.nearness = Math.max(above.nearness, VICINITY.nearness);
    }
  }

  /** `endLine` is where a command failed; null for the end of the log, which proves less. */
  private keepTail(endLine: number | null): void {
    if (this.structure.isPostJob()) return;
    for (let back = 1; back <= TAIL.reach; back += 1) {
      const above = this.held.at(-back);
      // What an earlier command left behind is its own.
      if (above === undefined || above.toEnd !== null) return;
      if (above.isHeader) continue;
      above.nearness = Math.max(above.nearness, back <= TAIL.close ? TAIL.closeness : TAIL.nearness);
      if (endLine !== null) above.toEnd = endLine - above.raw.number;
    }
  }

  /** Something failed here: the lines right above are suspects whatever they say. */
  private lift({ most, reach }: { most: number; reach: number }): void {
    let lent = most;
    if (this.structure.isPostJob()) return;
    for (const above of this.held.slice(-reach).toReversed()) {
      const text = textOf(above);
      if (text === '' || above.isHeader || isPlainNoise(text)) continue;
      above.score += lent;
      lent *= 0.93;
    }
  }

  /** Judges a line once per template: what is said thousands of times is looked at once, and weighs less each time. */
  private scoreOf(text: string, hits: readonly number[]): Score {
    if (!isWorthJudging(text, hits)) return NOTHING;
    const template = templateKey(text);
    const known = this.templates.get(template);
    if (known === undefined) {
      const score = scoreLine(text, hits);
      if (this.templates.size < MAX_TEMPLATES) this.templates.set(template, { score, seen: 1 });
      return score;
    }
    known.seen += 1;
    const rarity = known.seen <= 2 ? 1 : 1 / (1 + 0.35 * Math.log2(known.seen - 1));
    return { value: known.score.value * rarity, matches: known.score.matches };
  }

  private release(count: number): void {
    for (const entry of this.held.slice(0, count)) {
      const worth = worthOf(entry);
      const isKept = worth >= FLOOR && worth > this.beaten;
      const place = { order: this.order + 1, isAfterBlank: this.isAfterBlank };
      const candidate = isKept ? toCandidate(entry, place) : null;
      this.isAfterBlank = candidate === null && isBlank(entry);
      if (candidate === null) continue;
      this.order += 1;
      this.kept.push(candidate);
    }
    this.held = this.held.slice(count);
    if (this.kept.length > KEEP * 2) this.trim();
  }

  private trim(): void {
    if (this.kept.length <= KEEP) return;
    this.kept.sort((a, b) => worthOf(b) - worthOf(a) || a.order - b.order);
    this.kept.length = KEEP;
    this.beaten = Math.max(0, ...this.kept.slice(-1).map(worthOf));
  }
}

function worthOf({ score, nearness }: { score: number; nearness: number }): number {
  return Math.max(score, nearness);
}

function isBlank({ text, raw }: Held): boolean {
  return text === null ? raw.start + raw.stamp >= raw.end : text.trim() === '';
}
