import type { Candidate } from '../reduction.ts';
import { countAbove, countEqual, distanceTo, highestWithin } from './surroundings.ts';
import { indentOf, readTraits, type TextTrait } from './text-traits.ts';

/** What the ranking knows of a line: nothing in it names a project, a tool or a word of one. */
export const FEATURES = {
  score: 'What the rules give the line, with its neighbours and its place.',
  scoreShare: 'The same as a share of the heaviest line.',
  own: 'What the line is worth by its own words.',
  weight: 'The weight of the signature that says most about it.',
  matches: 'How many signatures it matches.',
  scoreAbove: 'The score of the line right above.',
  scoreBelow: 'The score of the line right below.',
  ownAbove: 'What the line right above is worth by its own words.',
  highestAbove15: 'The most that a line up to 15 lines above says by itself.',
  highestBelow15: 'The most that a line up to 15 lines below says by itself.',
  highestAbove40: 'The same up to 40 lines above.',
  highestBelow40: 'The same up to 40 lines below.',
  toTopAbove: 'Lines up to the nearest of the lines that say most in this log.',
  toTopBelow: 'Lines down to the nearest of them.',
  toStrongBelow: 'Lines down to the nearest line that surely says what failed.',
  toTestAbove: 'Lines up to the nearest failing test.',
  toTestBelow: 'Lines down to the nearest failing test.',
  toProblemBelow: 'Lines down to the nearest problem of a compiler or linter.',
  fromHeaviest: 'Lines from the heaviest line, negative above it.',
  testsAbove: 'How many failing tests stand above: people mark the first of many.',
  strongAbove: 'How many sure lines stand above.',
  tests: 'How many failing tests the log names.',
  strong: 'How many sure lines it has.',
  problems: 'How many problems of compilers and linters it has.',
  ends: 'How many commands failed.',
  endsAbove: 'How many of them ended above.',
  heaviest: 'The score of the heaviest line: how clear the log is.',
  strongest: 'The most that any line says by itself.',
  lines: 'How long the log is.',
  toEnd: 'Lines down to the end of the failed command right below.',
  toLast: 'Lines down to the end of the log.',
  position: 'Where in the log it stands, from 0 to 1.',
  alike: 'How many lines say the same about another item.',
  repeats: 'How many lines say the same word for word.',
  gapAbove: 'How many lines up to the one that was kept before.',
  gapBelow: 'How many lines down to the one that was kept next.',
  indentStepAbove: 'How much further in it begins than the line above.',
  indentStepBelow: 'How much further in it begins than the line below.',
  isAfterBlank: 'A blank line stands above.',
  isRed: 'Written in red.',
  anyRed: 'Some line of the log is written in red.',
  indent: 'How far in it begins.',
  length: 'How long it is.',
  words: 'How many words it has.',
  digits: 'The share of digits.',
  punctuation: 'The share of punctuation.',
  capitals: 'The share of capital letters.',
  continues: 'Looks like a part of the block above.',
  terminates: 'Looks like the beginning of something else.',
  isPlain: 'Looks like a download, progress or a passing test.',
  hasPlace: 'Names a place in a file.',
  isFrame: 'Looks like a frame of a stack trace.',
  saysContrast: 'Says what was expected or what came instead.',
  counts: 'Counts tests, problems or files.',
  tellsTime: 'Tells how long something took.',
  warns: 'Warns.',
  passes: 'Says that something went well.',
  isSentence: 'Ends as a sentence does.',
  hasQuotes: 'Quotes something.',
  isRule: 'Holds neither letter nor digit.',
  isCommand: 'Shows a command that is run.',
} as const;

export type Feature = keyof typeof FEATURES;
export type FeatureTable = Readonly<Record<Feature, ArrayLike<number>>>;

export interface LogContext {
  /** How many lines the log has. */
  readonly lastLine: number;
}

const SURE = 5;
const FACT = 4;
const TOP_SHARE = 0.8;
/** Stands for "no end of a command is near". */
const FAR_END = 200;
const WIDE_GAP = 99;
const DEEP_STEP = 10;
const ALIKE_LENGTH = 400;
const NUMBER = /0x[0-9a-f]{1,40}|\d{1,20}/giu;

/** Looks at all kept lines of a log together; `lines` stand in log order and have their final scores. */
export function describeLines(lines: readonly Candidate[], { lastLine }: LogContext): FeatureTable {
  const known = lines.map(({ number, own, matches }) => ({
    number,
    own,
    roles: new Set(matches.map(({ signature }) => signature.role)),
  }));
  const numbers = known.map(({ number }) => number);
  const isTest = known.map(({ own, roles }) => own >= FACT && roles.has('test'));
  const isProblem = known.map(({ own, roles }) => own >= FACT && roles.has('problem'));
  const isEnd = known.map(({ roles }) => roles.has('end'));
  const isSure = known.map(({ own }) => own >= SURE);
  return {
    ...describeScores(lines, numbers),
    ...describeMarks({ numbers, isTest, isProblem, isEnd, isSure }),
    ...describePlaces(lines, numbers, lastLine),
    ...describeTexts(lines.map(({ text }) => text)),
  };
}

function describeScores(lines: readonly Candidate[], numbers: readonly number[]) {
  const score = lines.map((line) => line.score);
  const own = lines.map((line) => line.own);
  const heaviest = Math.max(0, ...score);
  const strongest = Math.max(0, ...own);
  const heaviestAt = numbers[score.indexOf(heaviest)] ?? 0;
  const isTop = own.map((value) => value >= TOP_SHARE * strongest);
  return {
    score,
    scoreShare: score.map((value) => value / Math.max(heaviest, Number.EPSILON)),
    own,
    weight: lines.map(({ matches }) => matches[0]?.signature.weight ?? 0),
    matches: lines.map(({ matches }) => matches.length),
    scoreAbove: highestWithin(score, numbers, { reach: 1, side: 'above' }),
    scoreBelow: highestWithin(score, numbers, { reach: 1, side: 'below' }),
    ownAbove: highestWithin(own, numbers, { reach: 1, side: 'above' }),
    highestAbove15: highestWithin(own, numbers, { reach: 15, side: 'above' }),
    highestBelow15: highestWithin(own, numbers, { reach: 15, side: 'below' }),
    highestAbove40: highestWithin(own, numbers, { reach: 40, side: 'above' }),
    highestBelow40: highestWithin(own, numbers, { reach: 40, side: 'below' }),
    toTopAbove: distanceTo(isTop, numbers, 'above'),
    toTopBelow: distanceTo(isTop, numbers, 'below'),
    fromHeaviest: numbers.map((at) => Math.sign(at - heaviestAt) * Math.abs(at - heaviestAt)),
    heaviest: score.map(() => heaviest),
    strongest: score.map(() => strongest),
  };
}

interface Marks {
  readonly numbers: readonly number[];
  readonly isTest: readonly boolean[];
  readonly isProblem: readonly boolean[];
  readonly isEnd: readonly boolean[];
  readonly isSure: readonly boolean[];
}

function describeMarks({ numbers, isTest, isProblem, isEnd, isSure }: Marks) {
  const total = (marks: readonly boolean[]): number[] => {
    const count = marks.filter(Boolean).length;
    return marks.map(() => count);
  };
  return {
    toStrongBelow: distanceTo(isSure, numbers, 'below'),
    toTestAbove: distanceTo(isTest, numbers, 'above'),
    toTestBelow: distanceTo(isTest, numbers, 'below'),
    toProblemBelow: distanceTo(isProblem, numbers, 'below'),
    testsAbove: countAbove(isTest),
    strongAbove: countAbove(isSure),
    endsAbove: countAbove(isEnd),
    tests: total(isTest),
    strong: total(isSure),
    problems: total(isProblem),
    ends: total(isEnd),
  };
}

function describePlaces(lines: readonly Candidate[], numbers: readonly number[], lastLine: number) {
  const texts = lines.map(({ text }) => text);
  const indents = texts.map(indentOf);
  const gap = (above: number): number => {
    const [from, to] = [numbers[above], numbers[above + 1]];
    return from === undefined || to === undefined ? WIDE_GAP : Math.min(WIDE_GAP, to - from);
  };
  const step = (at: number, other: number): number => {
    const by = (indents[at] ?? 0) - (indents[other] ?? indents[at] ?? 0);
    return Math.min(DEEP_STEP, Math.max(-DEEP_STEP, by));
  };
  const anyRed = Number(lines.some(({ isRed }) => isRed));
  return {
    toEnd: lines.map(({ toEnd }) => toEnd ?? FAR_END),
    toLast: numbers.map((number) => Math.max(0, lastLine - number)),
    position: numbers.map((number) => number / Math.max(1, lastLine)),
    lines: numbers.map(() => lastLine),
    alike: countEqual(texts.map((text) => text.slice(0, ALIKE_LENGTH).trim().replaceAll(NUMBER, '#'))),
    repeats: countEqual(texts.map((text) => text.trim())),
    gapAbove: numbers.map((_, at) => gap(at - 1)),
    gapBelow: numbers.map((_, at) => gap(at)),
    indentStepAbove: indents.map((_, at) => step(at, at - 1)),
    indentStepBelow: indents.map((_, at) => step(at, at + 1)),
    isAfterBlank: lines.map(({ isAfterBlank }) => Number(isAfterBlank)),
    isRed: lines.map(({ isRed }) => Number(isRed)),
    anyRed: lines.map(() => anyRed),
  };
}

function describeTexts(texts: readonly string[]) {
  const traits = texts.map(readTraits);
  const column = (trait: TextTrait): number[] => traits.map((read) => read[trait]);
  return {
    indent: column('indent'),
    length: column('length'),
    words: column('words'),
    digits: column('digits'),
    punctuation: column('punctuation'),
    capitals: column('capitals'),
    continues: column('continues'),
    terminates: column('terminates'),
    isPlain: column('isPlain'),
    hasPlace: column('hasPlace'),
    isFrame: column('isFrame'),
    saysContrast: column('saysContrast'),
    counts: column('counts'),
    tellsTime: column('tellsTime'),
    warns: column('warns'),
    passes: column('passes'),
    isSentence: column('isSentence'),
    hasQuotes: column('hasQuotes'),
    isRule: column('isRule'),
    isCommand: column('isCommand'),
  };
}
