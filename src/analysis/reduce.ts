import { cleanLine } from './clean.ts';
import { createKeyTracker, KEY_LINE } from './private-key.ts';
import { hitsOf, type RawLine } from './parse.ts';
import { hasMark, LOG_PREFILTER, type Match, scoreLine, STRUCTURE } from './score.ts';
import { templateOf } from './template.ts';
import { isContinuation, isPlainNoise, isTerminator } from './shape.ts';

/** A line that may explain the failure. */
export interface Candidate {
  readonly number: number;
  /** Counts pieces, so that order stays where several pieces share a line. */
  readonly order: number;
  readonly text: string;
  readonly second: number | null;
  /** The line by itself. */
  readonly own: number;
  /** With what it owes to its neighbours. */
  score: number;
  readonly matches: readonly Match[];
  /** Which command or step it stood in. */
  readonly segment: number;
}

export interface Segment {
  /** The last `end` mark in it said that it failed; null where nothing was said. */
  hasFailed: boolean | null;
  readonly isPostJob: boolean;
  /** What was run in it: `Run npm test`; null where the log does not say. */
  readonly title: string | null;
}

export interface StepStart {
  readonly line: number;
  readonly second: number | null;
  readonly title: string;
}

/** What is left of a log after one pass: bounded, however long the log was. */
export interface Reduction {
  readonly candidates: readonly Candidate[];
  readonly segments: readonly Segment[];
  readonly stepStarts: readonly StepStart[];
  /** Where GitHub's own clean-up begins; null where it does not. */
  readonly postJobLine: number | null;
  readonly lastLine: number;
}

/** How far back an anchor can reach. */
const LOOK_BACK = 48;
/** Candidates kept while reading; the best of them survive. */
const KEEP = 1200;
const FLOOR = 0.9;
const MAX_STEP_STARTS = 2000;
const MAX_TEMPLATES = 20_000;

/** Reads lines one by one and keeps those that may explain the failure. */
export interface Reducer {
  add(line: RawLine): void;
  finish(): Reduction;
}

interface Held {
  readonly raw: RawLine;
  /** Of the clean text: terminal codes can hide a literal from the prefilter. */
  hits: readonly number[];
  text: string | null;
  second: number | null;
  own: number;
  score: number;
  matches: readonly Match[];
  segment: number;
  isKey: boolean;
}

export function createReducer(): Reducer {
  const state = new ReducerState();
  return { add: (line) => state.add(line), finish: () => state.finish() };
}

const NO_MATCHES: readonly Match[] = [];

class ReducerState {
  private held: Held[] = [];
  private kept: Candidate[] = [];
  private readonly segments: Segment[] = [{ hasFailed: null, isPostJob: false, title: null }];
  private readonly stepStarts: StepStart[] = [];
  private readonly templates = new Map<string, number>();
  private readonly isKeyLine = createKeyTracker();
  private inKey = false;
  /** What the anchors above still lend to the next line. */
  private carry = 0;
  private carryLeft = 0;
  private order = 0;
  private lastLine = 0;
  private postJobLine: number | null = null;

  add(raw: RawLine): void {
    this.lastLine = raw.number;
    const segment = this.segments.length - 1;
    const entry: Held = {
      raw,
      hits: raw.hits,
      text: null,
      second: null,
      own: 0,
      score: 0,
      matches: NO_MATCHES,
      segment,
      isKey: false,
    };
    if (hasMark(raw.hits, STRUCTURE.escape)) entry.hits = hitsOf(LOG_PREFILTER, Buffer.from(textOf(entry)));
    if (entry.hits.length > 0 || this.carryLeft > 0) this.judge(entry);
    if (this.inKey || entry.hits.length > 0) this.followKey(entry);
    this.held.push(entry);
    if (this.held.length > LOOK_BACK * 2) this.release(LOOK_BACK);
  }

  finish(): Reduction;
}

interface Held {
  readonly raw: RawLine;
  /** Of the clean text: terminal codes can hide a literal from the prefilter. */
  hits: readonly number[];
  text: string | null;
  second: number | null;
  own: number;
  score: number;
  matches: readonly Match[];
  segment: number;
  isKey: boolean;
}

export function createReducer(): Reducer {
  const state = new ReducerState();
  return { add: (line) => state.add(line), finish: () => state.finish() };
}

const NO_MATCHES: readonly Match[] = [];

class ReducerState {
  private held: Held[] = [];
  private kept: Candidate[] = [];
  private readonly segments: Segment[] = [{ hasFailed: null, isPostJob: false, title: null }];
  private readonly stepStarts: StepStart[] = [];
  private readonly templates = new Map<string, number>();
  private readonly isKeyLine = createKeyTracker();
  private inKey = false;
  /** What the anchors above still lend to the next line. */
  private carry = 0;
  private carryLeft = 0;
  private order = 0;
  private lastLine = 0;
  private postJobLine: number | null = null;

  add(raw: RawLine): void {
    this.lastLine = raw.number;
    const entry: Held = {
      raw,
      text: null,
      second: null,
      own: 0,
      score: 0,
      matches: NO_MATCHES,
      segment: this.segments.length - 1,
      isKey: false,
    };
    if (raw.hits.length > 0 || this.carryLeft > 0) this.judge(entry);
    if (this.inKey || raw.hits.length > 0) this.followKey(entry);
    this.held.push(entry);
    if (this.held.length > LOOK_BACK * 2) this.release(LOOK_BACK);
  }

  finish(): Reduction {
    this.lift(this.held.length, 1.2, 30);
    this.release(this.held.length);
    this.trim(KEEP);
    this.kept.sort((a, b) => a.order - b.order);
    return {
      candidates: this.kept,
      segments: this.segments,
      stepStarts: this.stepStarts,
      postJobLine: this.postJobLine,
      lastLine: this.lastLine,
    };
  }

  private followKey(entry: Held): void {
    entry.isKey = this.isKeyLine(entry.hits, textOf(entry));
    this.inKey = entry.isKey;
  }

  private judge(entry: Held): void {
    const text = textOf(entry);
    this.noteStructure(entry, text);
    const { value, matches } = scoreLine(text, entry.hits);
    entry.matches = matches;
    entry.own = value * this.rarity(text, value);
    entry.score = Math.max(entry.own, this.borrow(text));
    const anchor = matches[0]?.signature;
    if (anchor === undefined || entry.own < 1) return;
    this.reachBack(entry.own, anchor.before ?? 0);
    if (matches.some(({ signature }) => signature.role === 'end')) this.closeSegment();
    const reach = anchor.after ?? 3;
    if (entry.own >= this.carry) {
      this.carry = entry.own;
      this.carryLeft = Math.max(reach, this.carryLeft);
    }
  }

  /** What a line gets for standing below an anchor: less with each line, and for long only if it looks like part of the block. */
  private borrow(text: string): number {
    if (this.carryLeft <= 0) return 0;
    if (isTerminator(text)) {
      this.carryLeft = 0;
      this.carry = 0;
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

  /** A command failed here: the lines right above are suspects whatever they say. */
  private closeSegment(): void {
    const segment = this.segments.at(-1);
    if (segment !== undefined) segment.hasFailed = true;
    this.lift(this.held.length, 3.2, 40);
  }

  private lift(from: number, most: number, reach: number): void {
    let lent = most;
    for (let at = from - 1; at >= Math.max(0, from - reach); at -= 1) {
      const above = this.held[at];
      if (above === undefined) continue;
      const text = textOf(above);
      if (text === '' || isPlainNoise(text)) continue;
      above.score += lent;
      lent *= 0.93;
    }
  }

  private noteStructure(entry: Held, text: string): void {
    if (hasMark(entry.hits, STRUCTURE.stepStart) && text.startsWith('##[group]Run ')) {
      if (this.stepStarts.length < MAX_STEP_STARTS) {
        this.stepStarts.push({
          line: entry.raw.number,
          second: entry.second,
          title: text.slice('##[group]'.length, 300),
        });
      }
      this.openSegment(entry, { isPostJob: false, title: text.slice('##[group]'.length, 300) });
    } else if (hasMark(entry.hits, STRUCTURE.postJob) && text.startsWith('Post job cleanup')) {
      this.postJobLine ??= entry.raw.number;
      this.openSegment(entry, { isPostJob: true, title: null });
    }
  }

  private openSegment(entry: Held, kind: Pick<Segment, 'isPostJob' | 'title'>): void {
    this.segments.push({ hasFailed: null, ...kind });
    entry.segment = this.segments.length - 1;
    this.carryLeft = 0;
    this.carry = 0;
  }

  /** The more often the same thing was said, the less each saying tells. */
  private rarity(text: string, value: number): number {
    if (value < 1) return 1;
    const template = templateOf(text);
    const seen = (this.templates.get(template) ?? 0) + 1;
    if (seen > 1 || this.templates.size < MAX_TEMPLATES) this.templates.set(template, seen);
    return seen <= 2 ? 1 : 1 / (1 + 0.35 * Math.log2(seen - 1));
  }

  private release(count: number): void {
    for (const entry of this.held.slice(0, count)) {
      if (entry.score < FLOOR) continue;
      this.order += 1;
      const { own, score, matches, segment } = entry;
      const text = entry.isKey ? KEY_LINE : textOf(entry);
      if (text.trim() === '') continue;
      this.kept.push({
        number: entry.raw.number,
        order: this.order,
        text,
        second: entry.second,
        own,
        score,
        matches,
        segment,
      });
    }
    this.held = this.held.slice(count);
    if (this.kept.length > KEEP * 2) this.trim(KEEP);
  }

  private trim(count: number): void {
    if (this.kept.length <= count) return;
    this.kept.sort((a, b) => b.score - a.score || a.order - b.order);
    this.kept.length = count;
  }
}

function textOf(entry: Held): string {
  if (entry.text !== null) return entry.text;
  const { text, second } = cleanLine(entry.raw);
  entry.text = text.trimEnd();
  entry.second = second;
  return entry.text;
}
