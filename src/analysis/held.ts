import { cleanLine, stepNamedBy } from './clean.ts';
import type { RawLine } from './parse.ts';
import type { KeyBlock } from './private-key.ts';
import type { Candidate } from './reduction.ts';
import type { Match } from './score.ts';

/** A line that neighbours below may still raise. */
export interface Held {
  readonly raw: RawLine;
  /** Of the clean text: terminal codes can hide a literal from the prefilter. */
  hits: readonly number[];
  text: string | null;
  own: number;
  score: number;
  matches: readonly Match[];
  segment: number;
  /** The private key that the line is part of. */
  key: KeyBlock | null;
  section: number;
  /** Part of what GitHub prints before a step runs: the command, its shell and environment. */
  isHeader: boolean;
  /** What it is kept for even if it says nothing: it stands near something that failed. */
  nearness: number;
  /** Lines down to the end of the failed command right below; null where none is near. */
  toEnd: number | null;
}

/** The clean text, decoded when it is first asked for: most lines never are. */
export function textOf(entry: Held): string {
  if (entry.text !== null) return entry.text;
  entry.text = cleanLine(entry.raw).trimEnd();
  return entry.text;
}

/** Red letters, also where the ESC byte got lost on the way into the log. */
const RED = /\[(?:\d{1,2};){0,3}(?:31|91)(?:;\d{1,3}){0,3}m/u;

/** Null for a line without text. */
export function toCandidate(entry: Held, place: { order: number; isAfterBlank: boolean }): Candidate | null {
  const text = entry.key?.text() ?? textOf(entry);
  if (text.trim() === '') return null;
  const { raw, own, score, matches, segment, section, isHeader, nearness, toEnd } = entry;
  const isRed = RED.test(raw.bytes.toString('latin1', raw.start, raw.end));
  const kept = { number: raw.number, text, own, score, matches, segment, section, isHeader, nearness, toEnd, isRed };
  return { ...kept, ...place, stepName: stepNamedBy(raw) };
}
