import { createHash } from 'node:crypto';
import type { Facts } from '../domain/diagnosis.ts';
import type { LoggedJob } from '../domain/run.ts';
import type { FactLine } from './facts/format.ts';

/** Counts up when the rules below change: old and new keys must not be taken for each other. */
const VERSION = 'v1';
const MAX_NAMES = 20;
const MAX_CAUSES = 3;

/**
 * A stable key of the cause: equal on another commit, runner or matrix cell, different for another cause. Made from the job's
 * base name, the failed step and the failing tests, or else the problems, or else the strongest lines, without whatever
 * changes from run to run.
 */
export function fingerprintOf({
  job,
  facts,
  evidence,
}: {
  job: LoggedJob | null;
  facts: Facts;
  evidence: readonly FactLine[];
}): string {
  const parts = [baseName(job?.name ?? ''), normalizeCause(facts.failedStep ?? ''), ...causes(facts, evidence)];
  if (parts.length === 2) parts.push(`nothing:${job?.conclusion ?? ''}`);
  return `${VERSION}:${createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32)}`;
}

/** `test (ubuntu, 22)` and `test (macos, 24)` are one job. */
export function baseName(name: string): string {
  return normalizeCause(name.replaceAll(/\s{0,4}\([^()]{0,200}\)/gu, ''));
}

function causes(facts: Facts, evidence: readonly FactLine[]): string[] {
  const tests = facts.failingTests.map(({ name }) => `test:${normalizeCause(name)}`);
  if (tests.length > 0) return sortedUnique(tests).slice(0, MAX_NAMES);
  const problems = facts.problems.map(
    ({ file, message }) => `problem:${normalizeCause(file)}:${normalizeCause(message)}`,
  );
  if (problems.length > 0) return sortedUnique(problems).slice(0, MAX_NAMES);
  const strongest = evidence
    .filter(({ candidate }) => candidate.matches[0]?.signature.role !== 'end')
    .toSorted((a, b) => b.candidate.own - a.candidate.own || a.candidate.order - b.candidate.order)
    .map(({ line }) => `line:${normalizeCause(line.text)}`);
  return sortedUnique([...new Set(strongest)].slice(0, MAX_CAUSES));
}

const CHANGES: ReadonlyArray<readonly [RegExp, string]> = [
  [/\[redacted:([\w-]{1,40})(?::[0-9a-f]{4})?\]/gu, '<$1>'],
  [/##\[\w{1,10}\]/gu, ''],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gu, '<id>'],
  [
    /\b(?:sha\d{1,3}[:-])?[0-9a-f]{12,128}\b|\b(?=[0-9a-f]{7,11}\b)[0-9a-f]{0,10}\d[0-9a-f]{0,10}\b|0x[0-9a-f]{1,32}/gu,
    '<hash>',
  ],
  [
    /(?:[a-z]:)?(?:[\\/](?:home|users|runner|tmp|temp|private|var|builds|__w|github|a|opt|root|usr|app|src|workspace)\b)(?:[\\/][\w.@+~-]{1,120}){0,20}[\\/](?=[\w.@+~-])/gu,
    '',
  ],
  [/\b[\w-]{0,40}(?:tmp|temp)[\w.-]{0,60}\b/gu, '<temp>'],
  [/\d{1,20}(?:[.,:/-]\d{1,20}){0,8}(?: ?(?:m?s|sec|seconds?|minutes?|hours?|[kmg]i?b|%)\b)?/gu, '#'],
  [/\s{1,200}/gu, ' '],
];

/** A cause without numbers, hashes, times, ports, seeds, redaction marks and paths of the runner. */
export function normalizeCause(text: string): string {
  return CHANGES.reduce((rest, [pattern, by]) => rest.replaceAll(pattern, by), text.slice(0, 600).toLowerCase()).trim();
}

function sortedUnique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
