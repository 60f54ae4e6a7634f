import type { KnownBlock, RichTextBlock } from '@slack/types';
import type { Diagnosis, JobFinding, Summary } from '../domain/diagnosis.ts';
import type { Message } from '../domain/message.ts';
import { dataTable, message, note } from './blocks.ts';
import { bullets, link, text, type Span } from './rich-text.ts';
import { count, oneLine } from './text.ts';

/** How many lines of jobs, and how many cells of one matrix, a message shows. */
const LINES = 8;
const CELLS = 4;

/** Jobs that failed for one cause and share a name up to the matrix values in parentheses. */
interface JobGroup {
  base: string;
  cells: string[];
  members: JobFinding[];
}

/** "2 of 7 jobs failed", with the failed step of each; the cells of a matrix that fail for one cause are one line; at most `most` lines. */
export function failedJobs({ jobs, totalJobs }: Pick<Diagnosis, 'jobs' | 'totalJobs'>, most = LINES): KnownBlock[] {
  if (jobs.length === 0) return [];
  const groups = groupJobs(jobs);
  const lines = groups.slice(0, most).map(jobLine);
  const rest = groups.slice(most).reduce((sum, group) => sum + group.members.length, 0);
  if (rest > 0) lines.push([text(`and ${count(rest, 'more job')}`)]);
  return [bullets([text(jobsLead(jobs.length, totalJobs), { bold: true })], lines)];
}

/** "2 of 7 jobs failed"; the total is left out where we do not know it. */
export function jobsLead(failed: number, total: number): string {
  return total > failed
    ? `${failed} of ${count(total, 'job')} failed`
    : `${failed === 1 ? 'The job' : `All ${failed} jobs`} failed`;
}

/** A reply with the failed jobs that the parent has no room for; null where it names them all. */
export function jobsReply({ diagnosis: { jobs, totalJobs } }: Pick<Summary, 'diagnosis'>): Message | null {
  const groups = groupJobs(jobs);
  if (groups.length <= LINES) return null;
  const lead = jobsLead(jobs.length, totalJobs);
  const rows = groups.slice(0, ROWS).map((group) => {
    const { name, url, step } = namesOf(group);
    return [cell(link(url, name)), cell(text(step ?? '-')), cell(text(String(group.members.length)))];
  });
  const rest = groups.slice(ROWS).reduce((sum, group) => sum + group.members.length, 0);
  return message(lead, [
    dataTable(lead, { head: ['Job', 'Failed step', 'Jobs'], rows }),
    ...(rest > 0 ? [note(`and ${count(rest, 'more job')}`)] : []),
  ]);
}

/** Whether the table has no room for all of them. */
export function hasMoreJobs(jobs: readonly JobFinding[]): boolean {
  return groupJobs(jobs).length > ROWS;
}

/** Every failed job by its whole name, with its step and its address. */
export function allJobRows(jobs: readonly JobFinding[]): string[] {
  return jobs.map(({ name, failedStep, url }) =>
    [oneLine(name, 200), failedStep === null ? '-' : oneLine(failedStep, 200), ...(url === null ? [] : [url])].join(
      '  |  ',
    ),
  );
}

/** How many rows of the table fit into one message with the longest names. */
const ROWS = 50;

function cell(...spans: Span[]): RichTextBlock {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: spans }] };
}

function groupJobs(jobs: readonly JobFinding[]): JobGroup[] {
  const groups = new Map<string, JobGroup>();
  for (const job of jobs) {
    const { base, cell } = splitName(job.name);
    const key = JSON.stringify([base, job.fingerprint]);
    const group = groups.get(key) ?? { base, cells: [], members: [] };
    group.members.push(job);
    if (cell !== null) group.cells.push(cell);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** GitHub names the cells of a matrix `job (value, value)`. */
function splitName(name: string): { base: string; cell: string | null } {
  const words = oneLine(name, 200);
  const open = words.indexOf(' (');
  if (open < 1 || !words.endsWith(')')) return { base: words, cell: null };
  return { base: words.slice(0, open), cell: words.slice(open + 2, -1) };
}

function jobLine(group: JobGroup): Span[] {
  const { name, url, step } = namesOf(group);
  return [link(url, name, { bold: true }), text(step === null ? ' failed' : ` failed in the step "${step}"`)];
}

function namesOf({ base, cells, members }: JobGroup): { name: string; url: string | null; step: string | null } {
  const [first] = members;
  const step = first?.failedStep ?? null;
  return {
    name: `${oneLine(base, 80)}${cellWords(cells)}`,
    url: first?.url ?? null,
    step: step === null ? null : oneLine(step, 80),
  };
}

function cellWords(cells: readonly string[]): string {
  if (cells.length === 0) return '';
  const shown = cells.slice(0, CELLS).map((cell) => oneLine(cell, 30));
  const more = cells.length > CELLS ? ` and ${cells.length - CELLS} more` : '';
  return ` (${shown.join('; ')}${more})`;
}
