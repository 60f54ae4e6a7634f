import type { Summary } from '../domain/diagnosis.ts';
import type { TextFile } from '../domain/message.ts';
import type { Run } from '../domain/run.ts';
import { excerptRows, isWhole } from './excerpt.ts';
import { allJobRows, hasMoreJobs } from './jobs.ts';
import { clean, count, oneLine } from './text.ts';
import { attemptUrl } from './words.ts';

/** Slack shows a snippet of up to 1 MB as text: docs.slack.dev/messaging/working-with-files. */
const MOST_CHARACTERS = 900_000;
const LINE_MAX = 2_000;

/** What the thread has no room for, as a file: the whole excerpt, and the jobs where they do not fit either; null where all fits. */
export function overflowFile(summary: Summary, run: Run): TextFile | null {
  const { excerpt, jobs } = summary.diagnosis;
  const rows = isWhole(summary.diagnosis) ? [] : excerptRows(excerpt);
  const jobRows = hasMoreJobs(jobs) ? allJobRows(jobs) : [];
  if (rows.length + jobRows.length === 0) return null;
  const parts = [
    ...(jobRows.length === 0 ? [] : ['Failed jobs', '', ...jobRows, '']),
    ...(rows.length === 0 ? [] : ['From the log; secrets are taken out', '', ...rows]),
  ];
  const head = [
    `${run.repository}, ${oneLine(run.workflow, 80)} #${run.number} on ${oneLine(run.branch, 100)}`,
    attemptUrl(run),
    '',
  ];
  const text = [...head, ...parts].map(wholeLine).join('\n').slice(0, MOST_CHARACTERS);
  return {
    name: `run-${run.runId}-${run.attempt}.txt`,
    title: titleOf(rows.length === 0 ? 0 : excerpt.length, jobRows.length),
    text: `${text.toWellFormed()}\n`,
  };
}

function titleOf(lines: number, jobs: number): string {
  const parts = [...(lines > 0 ? [count(lines, 'line')] : []), ...(jobs > 0 ? [count(jobs, 'failed job')] : [])];
  return `All of it: ${parts.join(' and ')}`;
}

function wholeLine(line: string): string {
  return clean(line.slice(0, LINE_MAX)).replaceAll('\n', ' ');
}
