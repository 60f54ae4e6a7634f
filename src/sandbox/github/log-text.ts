import type { Conclusion, Step } from './state.ts';

/** A line of a GitHub job log starts with the time, to a ten-millionth of a second. */
const STAMP = /^\uFEFF?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})(\d{4})Z /u;

const POST_STEP = 'Post job cleanup.';
const LAST_STEP = 'Cleaning up orphan processes';

/** Shifts every timestamp so that the log starts at `start`; lines without one stay as they are. */
export function rebaseLog(lines: readonly string[], start: Date): string[] {
  const first = lines.map(timeOf).find((at) => at !== null);
  if (first === undefined || first === null) return [...lines];
  const shiftMs = start.getTime() - first.getTime();
  return lines.map((line) => {
    const at = timeOf(line);
    if (at === null) return line;
    const rest = line.replace(STAMP, '');
    return `${stamp(new Date(at.getTime() + shiftMs), STAMP.exec(line)?.[2] ?? '0000')} ${rest}`;
  });
}

/** When a line was written, to the millisecond; null for a line without a timestamp. */
export function timeOf(line: string): Date | null {
  const found = STAMP.exec(line);
  return found ? new Date(`${found[1] ?? ''}Z`) : null;
}

/** The line without its timestamp. */
export const textOf = (line: string): string => line.replace(STAMP, '').replace(/^\uFEFF/u, '');

/** A log file or API body as lines, without the byte order mark that GitHub puts before the first. */
export const logLines = (log: string): string[] =>
  log
    .replace(/^\uFEFF/u, '')
    .replace(/\n$/u, '')
    .split('\n');

const stamp = (at: Date, fraction: string): string => `${at.toISOString().slice(0, -1)}${fraction}Z`;

/**
 * A complete job log around plain output: runner header, check-out, one command, clean-up. For callers that only care what
 * the command printed. Lines are 10 ms apart.
 */
export function composeLog(
  output: string,
  { command, start, failed }: { command: string; start: Date; failed: boolean },
) {
  const texts = [
    "Current runner version: '2.329.0'",
    '##[group]Operating System',
    'Ubuntu',
    '24.04.3',
    'LTS',
    '##[endgroup]',
    'Prepare all required actions',
    '##[group]Run actions/checkout@v5',
    'with:',
    '  fetch-depth: 1',
    '##[endgroup]',
    `##[group]Run ${command}`,
    `\u001B[36;1m${command}\u001B[0m`,
    'shell: /usr/bin/bash -e {0}',
    '##[endgroup]',
    ...output.replace(/\n$/u, '').split('\n'),
    ...(failed ? ['##[error]Process completed with exit code 1.'] : []),
    POST_STEP,
    LAST_STEP,
  ];
  return texts.map((text, index) => `${stamp(new Date(start.getTime() + index * 10), '0000')} ${text}`);
}

/** What a caller says about a job's steps: names in order, after "Set up job" and before the clean-up. */
export interface StepNames {
  names: readonly string[];
  conclusion: Conclusion;
}

/**
 * The steps of a job, read off its log: a step begins at its `##[group]Run …` line, at each `Post job cleanup.` and at the
 * final clean-up. Names beyond the steps found are steps that were skipped. Their times are those of their lines.
 */
export function stepsOf(lines: readonly string[], { names, conclusion }: StepNames): Step[] {
  const starts = stepStarts(lines);
  const main = starts.filter(({ kind }) => kind === 'main');
  const total = 1 + Math.max(main.length, names.length);
  const failing = conclusion === 'success' ? -1 : failingStart(lines, main);
  const posts = main.flatMap(({ title }, index) => (/^Run [\w.-]+\/\S+@/u.test(title) ? [index] : [])).toReversed();
  let postsSeen = 0;
  const steps = starts.map(({ kind, title, from }, index): Step => {
    const to = starts[index + 1]?.from ?? lines.length;
    const bounds = { from, to, startedAt: firstTime(lines, from), completedAt: firstTime(lines, to) };
    if (kind === 'setup') return { number: 1, name: 'Set up job', conclusion: 'success', ...bounds };
    if (kind === 'complete') return { number: 2 * total, name: 'Complete job', conclusion: 'success', ...bounds };
    if (kind === 'post') {
      const of = posts[postsSeen++] ?? 0;
      return {
        number: 2 * total - 1 - of,
        name: `Post ${main[of]?.title ?? 'step'}`,
        conclusion: 'success',
        ...bounds,
      };
    }
    const place = index - 1;
    const stepConclusion = place === failing ? conclusion : 'success';
    return { number: place + 2, name: names[place] ?? title, conclusion: stepConclusion, ...bounds };
  });
  return [...steps, ...skippedSteps(lines, names, main.length)].sort((a, b) => a.number - b.number);
}

interface StepStart {
  kind: 'setup' | 'main' | 'post' | 'complete';
  title: string;
  from: number;
}

function stepStarts(lines: readonly string[]): StepStart[] {
  const starts: StepStart[] = [{ kind: 'setup', title: 'Set up job', from: 0 }];
  for (const [from, line] of lines.entries()) {
    const text = textOf(line);
    if (text.startsWith('##[group]Run ')) starts.push({ kind: 'main', title: text.slice('##[group]'.length), from });
    if (text === POST_STEP) starts.push({ kind: 'post', title: text, from });
    if (text === LAST_STEP) starts.push({ kind: 'complete', title: text, from });
  }
  return starts;
}

function failingStart(lines: readonly string[], main: readonly StepStart[]): number {
  const lastError = lines.findLastIndex((line) => textOf(line).startsWith('##[error]'));
  const found = main.findLastIndex(({ from }) => from <= lastError);
  return found === -1 ? main.length - 1 : found;
}

function skippedSteps(lines: readonly string[], names: readonly string[], from: number): Step[] {
  const at = firstTime(lines, lines.length);
  return names.slice(from).map((name, index) => ({
    number: from + index + 2,
    name,
    conclusion: 'skipped',
    startedAt: at,
    completedAt: at,
    from: 0,
    to: 0,
  }));
}

/** The time of the line, or of the last one before it that has one. */
function firstTime(lines: readonly string[], index: number): Date {
  for (let at = Math.min(index, lines.length - 1); at >= 0; at -= 1) {
    const time = timeOf(lines[at] ?? '');
    if (time) return time;
  }
  return new Date(0);
}
