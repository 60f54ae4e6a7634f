import type { Confidence, Facts, LogLine } from '../domain/diagnosis.ts';
import type { Explanation, Findings, ModelAnswer } from '../domain/reasoning.ts';
import { judgeAddresses, sendsSomewhere } from './addresses.ts';
import { denseStrings, findClaim } from './claims.ts';
import type { Given } from './given.ts';
import { comparable, mixedWords } from './hidden.ts';
import { decode, takeOffMarkup } from './markup.ts';
import type { Redactor } from './redact.ts';
import { clip, oneLine } from './words/text.ts';
import { HEADLINE_LIMIT } from './words/words.ts';

const MAX_EVIDENCE = 12;
const CAUSE_LIMIT = 600;
const STEP_LIMIT = 300;
const SHORTEST = 8;
/** Letters of a line, spaces not counted, that must be copied where the line is not copied whole: a prompt cuts long lines. */
const LONG_ENOUGH = 40;

export type CheckOutcome =
  { kind: 'sound'; explanation: Explanation; confidence: Confidence } | ({ kind: 'unsound' } & Fault);

/** `reason` is ours, for the model and the reader; `named` are words of the answer, and foreign like all of it. */
export interface Fault {
  reason: string;
  named: readonly string[];
}

/**
 * Holds an answer against what was given. Every line of evidence must stand in the excerpt, by number and by text; every file in the log,
 * the facts or the change; every host in the log. Markup goes, lengths are cut, and the whole is redacted again.
 */
export async function checkAnswer(answer: ModelAnswer, given: Given, redactor: Redactor): Promise<CheckOutcome> {
  const { findings } = given;
  const evidence = checkEvidence(answer.evidence, findings.excerpt);
  if ('reason' in evidence) return { kind: 'unsound', ...evidence };
  const words = await checkWords(answer, given, redactor);
  if ('reason' in words) return { kind: 'unsound', ...words };
  const confidence = measureConfidence({ ...words, evidence: evidence.indexes, findings });
  return { kind: 'sound', explanation: { ...words, evidence: evidence.indexes }, confidence };
}

/** The strongest come first in the answer, and in the order of the log here. */
function checkEvidence(evidence: ModelAnswer['evidence'], excerpt: readonly LogLine[]): { indexes: number[] } | Fault {
  const unreal = evidence.filter(({ number, text }) => !isCopyOf(text, excerpt[number]));
  if (unreal.length > 0) {
    const named = unreal.map(({ number, text }) => `${number}: ${text}`);
    return { reason: 'its evidence does not stand in the log, by number and text', named };
  }
  if (evidence.length === 0 && excerpt.length > 0)
    return { reason: 'it names no line of the log as evidence', named: [] };
  const indexes = [...new Set(evidence.map(({ number }) => number))].slice(0, MAX_EVIDENCE);
  return { indexes: indexes.toSorted((left, right) => left - right) };
}

function isCopyOf(text: string, line: LogLine | undefined): boolean {
  if (line === undefined) return false;
  const copy = comparable(text).replace(/(?:…|\.\.\.)$/u, '');
  const original = comparable(line.text).replace(/(?:…|\.\.\.)$/u, '');
  if (copy === '') return false;
  return copy === original || (copy.length >= LONG_ENOUGH && original.startsWith(copy));
}

export type Words = Pick<Explanation, 'headline' | 'cause' | 'nextStep'>;

/** The sentences in plain words and within bounds, or what is wrong with them. */
export async function checkWords(words: Words, given: Given, redactor: Redactor): Promise<Words | Fault> {
  const known = knownText(given);
  const decoded = [words.headline, words.cause, words.nextStep].map((text) => decode(text.slice(0, 4000)));
  const plain: string[] = [];
  for (const [index, text] of decoded.entries()) {
    const asked = { findings: given.findings, known, isAdvice: index === decoded.length - 1 };
    const judged = judge(text, asked);
    if (typeof judged === 'object') return judged;
    // What was taken out can have hidden what is refused.
    const again = judge(takeOffMarkup(judged), asked);
    if (typeof again === 'object') return again;
    plain.push(again);
  }
  const [headline = '', cause = '', nextStep = ''] = await settle(plain, redactor);
  return findFault({ headline, cause, nextStep }, known) ?? cut({ headline, cause, nextStep });
}

const ROUNDS = 4;

/** Redaction takes codes of terminals off as well, which can bring markup together, and the other way round: until nothing changes. */
async function settle(texts: readonly string[], redactor: Redactor): Promise<string[]> {
  let settled = [...texts];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = settled.map((text) => oneLine(takeOffMarkup(text)));
    settled = await redactor.lines(before);
    if (settled.every((text, index) => text === before[index])) return settled;
  }
  return settled.map((text) => oneLine(text.replaceAll(/[<>[\]@`*|]/gu, ' ')));
}

/** The text with nothing but hosts of the log for addresses, or what is wrong with it. */
function judge(
  text: string,
  { findings, known, isAdvice }: { findings: Findings; known: Known; isAdvice: boolean },
): string | Fault {
  const claim = findClaim(text, findings, isAdvice);
  if (claim !== null) return { reason: claim, named: [] };
  const addresses = judgeAddresses(text, (part) => stands(part, known.log));
  if (addresses.kind === 'fine') return addresses.text;
  return { reason: 'it names addresses that do not stand in the log', named: addresses.found };
}

function cut({ headline, cause, nextStep }: Words): Words {
  return {
    headline: clip(headline, HEADLINE_LIMIT),
    cause: clip(cause, CAUSE_LIMIT),
    nextStep: clip(nextStep, STEP_LIMIT),
  };
}

function findFault({ headline, cause, nextStep }: Words, known: Known): Fault | null {
  if ([headline, cause, nextStep].some((text) => text.length < SHORTEST))
    return { reason: 'a part of it is empty', named: [] };
  const whole = `${headline}\n${cause}\n${nextStep}`;
  const files = filesIn(whole).filter((file) => !stands(file, known.all));
  if (files.length > 0)
    return { reason: 'it names files that stand neither in the log nor in the change', named: files };
  if (sendsSomewhere(nextStep)) return { reason: 'it sends the reader to an address', named: [] };
  const dense = denseStrings(whole).filter((run) => !known.all.includes(run.toLowerCase()));
  if (dense.length > 0) return { reason: 'it contains a string that was not given', named: [] };
  const mixed = mixedWords(whole).filter((word) => !known.all.includes(word.toLowerCase()));
  return mixed.length > 0 ? { reason: 'it writes words with letters of two alphabets', named: [] } : null;
}

const FILE =
  /(?<![\w./@-])(?:[\w@.-]{1,80}[/\\]){0,12}[\w@-][\w@.-]{0,80}\.(?:[cm]?[jt]sx?|py|rb|go|rs|java|kts?|scala|c|cc|cpp|hh?|hpp|cs|fs|php|swift|dart|exs?|erl|ya?ml|json|toml|lock|xml|gradle|mdx?|sh|ps1|bat|sql|tf|vue|svelte|css|scss|html?|env|cfg|ini|conf|txt|proto|lua|pl|r|zig|nix)(?![\w-])/gu;

function filesIn(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(FILE), ([file]) => file))];
}

interface Known {
  /** What the log says, the facts that were read from it included. */
  log: string;
  /** And the change, with the names of its files. */
  all: string;
}

function knownText({ findings, context, run, origin, workflow }: Given): Known {
  const log = plainForm(`${findings.excerpt.map(({ text }) => text).join('\n')}\n${JSON.stringify(findings.facts)}`);
  const change = context.changedFiles.map(({ path, patch }) => `${path}\n${patch ?? ''}`);
  // Of the commits before it what the rules said of them, and not their titles.
  const suspects = (origin?.suspects ?? []).map(({ sha, reason }) => `${sha.slice(0, 7)} ${reason}`);
  const file = workflow === null ? [] : [workflow.path, ...workflow.lines.map(({ text }) => text)];
  return {
    log,
    all: `${log}\n${plainForm([...change, ...suspects, ...file, run?.workflow ?? '', run?.branch ?? ''].join('\n'))}`,
  };
}

function plainForm(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll('\\\\', '/').replaceAll('\\', '/');
}

/** As a word of its own: `a.ts` does not stand in `data.ts`, and `evil.com` not in `notevil.com`. */
function stands(part: string, text: string): boolean {
  const wanted = plainForm(part).replace(/^\.\//u, '');
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const after = text.slice(at + wanted.length, at + wanted.length + 2);
    if (!/[\p{L}\p{N}_.@-]/u.test(before) && !/^(?:[\p{L}\p{N}_-]|\.[\p{L}\p{N}])/u.test(after)) return true;
  }
  return false;
}

/**
 * High when the answer rests on a line that the rules, too, hold for a proof, and names a fact, of a kind that is known; low when most
 * of that is missing. What the model thinks of its own answer plays no part.
 */
export function measureConfidence({
  headline,
  cause,
  evidence,
  findings,
}: Pick<Explanation, 'headline' | 'cause' | 'evidence'> & { findings: Findings }): Confidence {
  if (findings.excerpt.length === 0) return 'low';
  const proven = new Set(findings.evidence.map(({ jobId, line }) => `${jobId}:${line}`));
  const restsOnProof = evidence.some((index) => {
    const line = findings.excerpt[index];
    return line !== undefined && proven.has(`${line.jobId}:${line.line}`);
  });
  const namesFact = mentionsFact(`${headline} ${cause}`.toLowerCase(), findings.facts);
  const isKnownKind = findings.category !== 'unknown';
  const points = Number(restsOnProof) + Number(namesFact) + Number(isKnownKind);
  return points === 3 ? 'high' : points === 2 ? 'medium' : 'low';
}

/** A test by its whole name or its own part of it, a file by its path or its name, a complaint by how it begins, the step. */
function mentionsFact(text: string, facts: Facts): boolean {
  const words = [
    ...facts.failingTests.flatMap(({ name, file }) => [name.slice(0, 40), ownPart(name), ...namesOf(file)]),
    ...facts.problems.flatMap(({ file, message }) => [...namesOf(file), message.slice(0, 40)]),
    facts.failedStep?.slice(0, 40) ?? '',
  ];
  return words.some((word) => word.length >= 3 && text.includes(word.toLowerCase()));
}

const SHORTEST_NAME = 6;

function ownPart(name: string): string {
  const last = name.split(/ [›>] |::/u).at(-1) ?? '';
  return last.length >= SHORTEST_NAME ? last : '';
}

function namesOf(file: string | null): string[] {
  const name = file?.split(/[/\\]/u).at(-1) ?? '';
  return file === null ? [] : [file, name.length >= SHORTEST_NAME ? name : ''];
}
