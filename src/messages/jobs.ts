import type { KnownBlock } from '@slack/types';
import type { Diagnosis, JobFinding } from '../domain/diagnosis.ts';
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

/** "2 of 7 jobs failed", with the failed step of each; the cells of a matrix that fail for one cause are one line. */
export function failedJobs({ jobs, totalJobs }: Pick<Diagnosis, 'jobs' | 'totalJobs'>): KnownBlock[] {
  if (jobs.length === 0) return [];
  const groups = groupJobs(jobs);
  const lines = groups.slice(0, LINES).map(jobLine);
  const rest = groups.slice(LINES).reduce((sum, group) => sum + group.members.length, 0);
  if (rest > 0) lines.push([text(`and ${count(rest, 'more job')}`)]);
  return [bullets([text(jobsLead(jobs.length, totalJobs), { bold: true })], lines)];
}

/** "2 of 7 jobs failed"; the total is left out where we do not know it. */
export function jobsLead(failed: number, total: number): string {
  return total > failed
    ? `${failed} of ${count(total, 'job')} failed`
    : `${failed === 1 ? 'The job' : `All ${failed} jobs`} failed`;
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

function jobLine({ base, cells, members }: JobGroup): Span[] {
  const [first] = members;
  const step = first?.failedStep ?? null;
  const where = step === null ? '' : ` failed in the step "${oneLine(step, 80)}"`;
  return [
    link(first?.url ?? null, `${oneLine(base, 80)}${cellWords(cells)}`, { bold: true }),
    text(where || ' failed'),
  ];
}

function cellWords(cells: readonly string[]): string {
  if (cells.length === 0) return '';
  const shown = cells.slice(0, CELLS).map((cell) => oneLine(cell, 30));
  const more = cells.length > CELLS ? ` and ${cells.length - CELLS} more` : '';
  return ` (${shown.join('; ')}${more})`;
}
