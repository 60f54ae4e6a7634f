import { createHash } from 'node:crypto';
import type { FailingTest, Facts, Problem } from '../domain/diagnosis.ts';
import type { LoggedJob } from '../domain/run.ts';
import { normalizeCause, normalizeMessage, normalizeName } from './cause-text.ts';
import type { FactLine } from './facts/format.ts';

/**
 * Counts up when the rules below change. Keys of two versions never match: the next failure of a known cause counts as new
 * once and gets a thread of its own. Failures that are open under an old key stay so, and the next green run of their
 * workflow closes them, since closing goes by branch and workflow and not by key.
 */
const VERSION = 'v2';
const MAX_NAMES = 20;
const MAX_CAUSES = 2;
/** Of a few failing tests the message is part of the cause; where many fail, their names are the cause. */
const FEW_TESTS = 3;
/** Lines that weigh so much less than the heaviest are its surroundings. */
const WEIGHT_STEP = 0.5;
/** Said in the same words whatever the cause is. */
const ANNOUNCES =
  /test suite failed to run|rake aborted|^[^\p{L}]{0,20}(?:error:)?[^\p{L}]{0,20}(?:build|compilation|execution|command|test)s? (?:failed|failure)[^\p{L}]{0,20}$|will not run|failed with exit|\*\*\* failed \*\*\*|make(?:\[#\])?: \*\*\*/u;

/**
 * A stable key of the cause: equal on another commit, runner or matrix cell, different for another cause. Made from the job's
 * base name, the failed step and the failing tests, or else the problems, or else the strongest lines, without whatever
 * changes from run to run. The order in which a log tells them does not matter.
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
  const found = causes(facts, evidence);
  const parts = [
    baseName(job?.name ?? ''),
    baseName(facts.failedStep ?? ''),
    ...(found.length > 0 ? found : [`nothing:${job?.conclusion ?? ''}`]),
  ];
  return `${VERSION}:${createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32)}`;
}

const SYSTEM =
  /\b(?:ubuntu|macos|windows|linux|darwin|osx|debian|alpine|fedora|centos|rocky|win(?:32|64)?|mac)(?:[- ]?(?:latest|server|\d[\w.]{0,10}))?\b|\b(?:x64|x86(?:_64)?|amd64|arm64|aarch64|armv7l?|i[36]86)\b/gu;

/** `test (ubuntu, 22)` and `test (macos, 24)` are one job, and so are `test-ubuntu-latest` and `test-windows-2025`. */
export function baseName(name: string): string {
  return normalizeCause(
    name
      .replaceAll(/\s{0,4}\([^()]{0,200}\)/gu, '')
      .toLowerCase()
      .replaceAll(SYSTEM, '<system>'),
  );
}

function causes(facts: Facts, evidence: readonly FactLine[]): string[] {
  const tests = testCauses(facts.failingTests);
  if (tests.length > 0) return tests;
  const problems = firstSorted(facts.problems.map(problemCause), MAX_NAMES);
  return problems.length > 0 ? problems : strongest(evidence);
}

function testCauses(tests: readonly FailingTest[]): string[] {
  const names = firstSorted(
    tests.map(({ name }) => `test:${normalizeName(name)}`),
    MAX_NAMES,
  );
  if (names.length > FEW_TESTS) return names;
  const messages = tests.map(({ message }) => `says:${normalizeMessage(message ?? '')}`);
  return [...names, ...firstSorted(messages, MAX_NAMES)];
}

function problemCause({ file, message, rule }: Problem): string {
  return `problem:${normalizeName(file)}:${rule?.toLowerCase() ?? ''}:${normalizeCause(message)}`;
}

/** The heaviest lines that name a cause; where none does, what was chosen instead. Counts and headings only stand in. */
function strongest(evidence: readonly FactLine[]): string[] {
  const spoken = evidence
    .map(({ line, candidate }) => ({ text: normalizeCause(line.text), signature: candidate.matches[0]?.signature }))
    .filter(({ text, signature }) => signature?.role !== 'end' && /\p{L}{2}/u.test(text));
  const telling = orAll(spoken, ({ text }) => !ANNOUNCES.test(text));
  const named = orAll(telling, ({ signature }) => /^(?:message|problem|test)$/u.test(signature?.role ?? ''));
  const heaviest = Math.max(0, ...named.map(({ signature }) => signature?.weight ?? 0));
  return firstSorted(
    named
      .filter(({ signature }) => (signature?.weight ?? 0) >= heaviest - WEIGHT_STEP)
      .map(({ text }) => `line:${text}`),
    MAX_CAUSES,
  );
}

function orAll<T>(values: readonly T[], isWanted: (value: T) => boolean): readonly T[] {
  const wanted = values.filter(isWanted);
  return wanted.length > 0 ? wanted : values;
}

function firstSorted(values: readonly string[], count: number): string[] {
  return [...new Set(values)].sort().slice(0, count);
}
