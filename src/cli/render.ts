import { Ansis } from 'ansis';
import type { Category, Diagnosis, JobFinding, LogLine, VerdictKind } from '../domain/diagnosis.ts';
import { type Measured, speedOf } from './summary-json.ts';

/** Longer lines are cut. A narrower terminal wraps them: the end of a line can be what matters. */
const WIDTH = 160;
const LABEL_WIDTH = 12;
/** Of failing tests, problems and other failures. */
const SHOWN = 8;
/** How long a smaller log took says nothing but how long the start took. */
const TIMED_BYTES = 1_000_000;

const KIND_WORDS: Record<Category, string> = {
  test: 'failing test',
  compile: 'broken build',
  lint: 'lint',
  dependency: 'dependencies',
  infrastructure: 'infrastructure',
  configuration: 'configuration',
  deployment: 'deployment',
  timeout: 'timeout',
  unknown: 'not known',
};

const VERDICT_WORDS: Record<VerdictKind, string> = {
  new: 'new failure',
  recurring: 'recurring failure',
  'failing-on-base': 'also fails on the default branch',
  flaky: 'flaky',
  infrastructure: 'infrastructure',
  configuration: 'configuration',
  timeout: 'timed out',
  cancelled: 'cancelled',
  superseded: 'superseded by a newer run',
};

interface Look {
  readonly paint: Ansis;
  readonly width: number;
}

/** A diagnosis as text for a person at a terminal. */
export function render(
  diagnosis: Diagnosis,
  measured: Measured,
  { colour, columns }: { colour: boolean; columns: number | null },
): string {
  const paint = new Ansis(colour ? 3 : 0);
  const look = { paint, width: Math.max(WIDTH, columns ?? 0) };
  const blocks = [
    [paint.bold.red(diagnosis.headline)],
    [diagnosis.cause, `${paint.bold('Next:')} ${diagnosis.nextStep}`],
    writeTraits(diagnosis, measured, look),
    writeEvidence(diagnosis.evidence, look),
    writeTests(diagnosis, look),
    writeProblems(diagnosis, look),
    writeOthers(diagnosis, look),
    writeEnd(diagnosis, measured).map((line) => paint.dim(line)),
  ];
  const text = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `\n${text.join('\n\n')}\n\n`;
}

function writeTraits(diagnosis: Diagnosis, { totalJobs }: Measured, { paint, width }: Look): string[] {
  const { category, verdict, confidence, facts, jobs, fingerprint } = diagnosis;
  const names = jobs.filter((job) => job.fingerprint === fingerprint).map(({ name }) => name);
  const of = totalJobs > 1 ? ` (${jobs.length} of ${totalJobs} jobs failed)` : '';
  const traits: ReadonlyArray<readonly [string, string | null]> = [
    ['Job', names.length === 0 ? null : `${listOf(names)}${of}`],
    ['Step', facts.failedStep],
    ['Kind', KIND_WORDS[category]],
    ['Verdict', [VERDICT_WORDS[verdict.kind], ...verdict.reasons].join('. ')],
    ['Confidence', confidence],
  ];
  return traits.flatMap(([label, value]) =>
    value === null ? [] : [`${paint.dim(label.padEnd(LABEL_WIDTH))}${cut(value, width - LABEL_WIDTH)}`],
  );
}

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

/** Lines below the names of their steps, with a mark where more than one line is left out. */
function writeEvidence(evidence: readonly LogLine[], { paint, width }: Look): string[] {
  if (evidence.length === 0) return [];
  const gutter = Math.max(4, ...evidence.map(({ line }) => String(line).length)) + 2;
  const lines = [paint.bold('Evidence')];
  evidence.forEach((at, index) => {
    const before = evidence[index - 1];
    const place = placeOf(at);
    const isNewPlace = place !== '' && (before === undefined || placeOf(before) !== place);
    if (isNewPlace) lines.push(`  ${paint.cyan(cut(place, width - 2))}`);
    else if (before !== undefined && at.line > before.line + 2) lines.push(paint.dim(`${' '.repeat(gutter - 1)}⋮`));
    lines.push(`${paint.dim(String(at.line).padStart(gutter))}  ${cut(at.text, width - gutter - 2)}`);
  });
  return lines;
}

function placeOf({ step, stepName, group }: LogLine): string {
  const number = step === null ? '' : `step ${step}: `;
  const name = [stepName, group].filter((part) => part !== undefined).join(' › ');
  return name === '' ? number.replace(/: $/u, '') : `${number}${name}`;
}

function writeTests({ facts }: Diagnosis, { paint, width }: Look): string[] {
  const tests = facts.failingTests.map(({ name, file, line }) => {
    const place = file === null ? '' : paint.dim(`  ${file}${line === null ? '' : `:${line}`}`);
    return `  ${cut(name, width - 2)}${place}`;
  });
  return listed('Failing tests', tests, paint);
}

function writeProblems({ facts }: Diagnosis, { paint, width }: Look): string[] {
  const problems = facts.problems.map(({ file, line, message }) => {
    const place = `${file}${line === null ? '' : `:${line}`}`;
    return `  ${paint.cyan(place)}  ${cut(message.replaceAll('\n', ' '), Math.max(20, width - place.length - 4))}`;
  });
  return listed('Problems', problems, paint);
}

/** Jobs that failed for another cause than the one that is told. */
function writeOthers({ jobs, fingerprint }: Diagnosis, { paint, width }: Look): string[] {
  const causes = Map.groupBy(
    jobs.filter((job) => job.fingerprint !== fingerprint),
    (job: JobFinding) => job.fingerprint,
  );
  const lines = [...causes.values()].map((members) => {
    const names = cut(listOf(members.map(({ name }) => name)), width / 2);
    return `  ${paint.cyan(names)}  ${cut(members[0]?.headline ?? '', width / 2)}`;
  });
  return listed('Other failures', lines, paint);
}

function listed(title: string, lines: readonly string[], paint: Ansis): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > SHOWN ? [paint.dim(`  and ${lines.length - SHOWN} more`)] : [];
  return [`${paint.bold(title)} ${paint.dim(`(${lines.length})`)}`, ...lines.slice(0, SHOWN), ...more];
}

function writeEnd({ authorship, fingerprint }: Diagnosis, measured: Measured): string[] {
  const { size, seconds } = measured;
  const speed = speedOf(measured);
  const isWorthTelling = speed !== null && size.bytes >= TIMED_BYTES;
  const pace = isWorthTelling ? ` in ${seconds.toFixed(seconds < 10 ? 1 : 0)} s (${speed} MB/s)` : '';
  return [
    `${counted(size.lines, 'line')}, ${sizeWords(size.bytes)} read${pace}. ${authorWords(authorship)}`,
    `The same failure has the same fingerprint: ${fingerprint}`,
  ];
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

function sizeWords(bytes: number): string {
  if (bytes < 1000) return counted(bytes, 'byte');
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function authorWords({ model, fallbackReason }: Diagnosis['authorship']): string {
  if (model !== null) return `Explained by ${model}. Models make mistakes: check the lines.`;
  return fallbackReason === null
    ? 'Offline analysis, no model involved.'
    : `Offline analysis: the model did not answer (${fallbackReason}).`;
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}
