import { createExpiringMap } from '../domain/expiring-map.ts';
import type { Problem } from '../domain/diagnosis.ts';
import type { Ports } from '../domain/ports.ts';
import type { Run } from '../domain/run.ts';
import { pageOf } from '../domain/servers.ts';
import {
  type FailedJob,
  WORKFLOW_LIMITS,
  type WorkflowFileSource,
  type WorkflowFinding,
} from '../domain/workflow-file.ts';
import type { GitHubClient, RepositoryAccess } from './client.ts';
import { readText } from './context-fields.ts';
import { unlessRefused } from './errors.ts';
import { AT_ITS_COMMIT } from './protection.ts';
import { findFaults } from './workflow-faults.ts';
import { fetchWorkflowRun, fetchWorkflowText } from './workflow-run.ts';
import { findJob, type FoundJob, jobsOf, pairsOf, readWorkflow, type Rows, type Workflow } from './workflow-text.ts';

/** A file at a commit never changes, so it is asked for once in a while, where it is of a usual length. */
const REMEMBER_MS = 10 * 60_000;
const REMEMBERED = 100;
const REMEMBERED_CHARACTERS = 64 * 1024;
/** docs.github.com, "Reusing workflows": so many may call each other, one after the other. */
const MOST_CALLS = 10;
/** What decides where and how long a job runs, and by what; of each no more than its first lines. */
const TELLING = ['name', 'if', 'needs', 'runs-on', 'container', 'environment', 'timeout-minutes', 'strategy', 'uses'];
const SETTING_ROWS = 6;
const STEP_ROWS = 24;
const AROUND = 2;

/** A pull request runs a merge of two branches; its own branch has the same file, mostly, and the lines that are shown are of that. */
const OF_ITS_COMMIT: ReadonlySet<string> = new Set([...AT_ITS_COMMIT, 'pull_request']);

interface Reading {
  run: Run;
  path: string;
  text: string;
  access: RepositoryAccess;
}

/** What the file of a workflow says of a job that failed, or why no job began. */
export function createWorkflowFileSource({
  client,
  clock,
}: Pick<Ports, 'clock'> & { client: GitHubClient }): WorkflowFileSource {
  const known = createExpiringMap<string, string>(clock, { ttlMs: REMEMBER_MS, size: REMEMBERED });

  async function read(access: RepositoryAccess, { run, path }: Pick<Reading, 'run' | 'path'>, signal: AbortSignal) {
    const key = `${run.repository} ${run.headSha} ${path}`;
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    const text = await fetchWorkflowText(access, { path, ref: run.headSha }, signal);
    if (text !== null && text.length <= REMEMBERED_CHARACTERS) known.set(key, text);
    return text;
  }

  /** Goes from the caller to the workflow that it calls, as long as that is a file of this commit. */
  async function locate(reading: Reading, job: FailedJob, signal: AbortSignal): Promise<WorkflowFinding | null> {
    let [at, wanted] = [reading, job];
    let best: Located | null = null;
    for (let calls = 0; calls <= MOST_CALLS; calls += 1) {
      const workflow = readWorkflow(at.text);
      const found = 'reason' in workflow ? null : findJob(workflow, wanted);
      if (found === null) break;
      best = { reading: at, found };
      const path = localPath(found.call?.uses);
      if (found.call === null || path === null) break;
      const text = await read(at.access, { run: at.run, path }, signal);
      if (text === null) break;
      [at, wanted] = [{ ...at, path, text }, found.call.job];
    }
    return best === null ? null : { part: partOfJob(best), problems: [] };
  }

  return {
    async find(workspaceId, { run, job }, signal) {
      if (!OF_ITS_COMMIT.has(run.event)) return null;
      const access = await unlessRefused(client.open(workspaceId, run.repository, signal));
      const answer = access && (await unlessRefused(fetchWorkflowRun(access, run.runId, signal)));
      const path = answer?.path ?? null;
      if (access === null || path === null) return null;
      const text = await read(access, { run, path }, signal);
      if (text === null) return null;
      const reading = { run, path, text, access };
      return job === null ? judge(reading) : await locate(reading, job, signal);
    },
  };
}

interface Located {
  reading: Reading;
  found: FoundJob;
}

/** A workflow of the same commit; another repository's may be hidden from us, or be another one by now. */
function localPath(uses: string | undefined): string | null {
  return /^\.\/(\.github\/workflows\/[^/@]+\.ya?ml)$/u.exec(uses ?? '')?.[1] ?? null;
}

function partOfJob({ reading, found }: Located): WorkflowFinding['part'] {
  const { pairs, rows, step } = found;
  const settings = pairs.filter(({ key }) => TELLING.includes(key)).map((pair) => first(pair.rows, SETTING_ROWS));
  const work = step === null ? first(rows, STEP_ROWS) : first(step.rows, STEP_ROWS);
  const shown = [{ from: rows.from, to: rows.from }, ...settings, work];
  return part(reading, { job: found.key, step: step?.name ?? null, shown, marked: step?.rows ?? rows });
}

/** A workflow in which no job began: what is wrong with it, or else what it calls, which may be what it may not. */
function judge(reading: Reading): WorkflowFinding {
  const workflow = readWorkflow(reading.text);
  const faults = 'reason' in workflow ? [{ line: workflow.line, message: workflow.reason }] : findFaults(workflow);
  const shown = 'reason' in workflow || faults.length > 0 ? faults.map(({ line }) => around(line)) : callsOf(workflow);
  const marked =
    shown[0] === undefined ? null : { from: faults[0]?.line ?? shown[0].from, to: faults[0]?.line ?? shown[0].to };
  const problems = faults.map(({ line, message }): Problem => {
    return {
      file: reading.path,
      line,
      column: null,
      message: readText(message).slice(0, WORKFLOW_LIMITS.characters),
      rule: null,
    };
  });
  return { part: part(reading, { job: null, step: null, shown, marked }), problems };
}

function callsOf(workflow: Workflow): Rows[] {
  return jobsOf(workflow).flatMap((job) => {
    const call = pairsOf(workflow, job.value).find(({ key }) => key === 'uses');
    return call === undefined ? [] : [{ from: job.rows.from, to: job.rows.from }, call.rows];
  });
}

function part(
  { run, path, text, access: { server } }: Reading,
  {
    job,
    step,
    shown,
    marked,
  }: { job: string | null; step: string | null; shown: readonly Rows[]; marked: Rows | null },
): WorkflowFinding['part'] {
  const rows = text.split(/\r\n|\n|\r/u);
  const wanted = new Set(shown.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, at) => from + at)));
  const lines = [...wanted]
    .toSorted((a, b) => a - b)
    .map((line) => ({
      line,
      text: readText(rows[line - 1] ?? '')
        .trimEnd()
        .slice(0, WORKFLOW_LIMITS.characters)
        .toWellFormed(),
    }))
    .filter((line) => line.text.trim() !== '');
  const place = marked === null ? '' : `#L${marked.from}${marked.to > marked.from ? `-L${marked.to}` : ''}`;
  const url = `${pageOf(run.repository, server)}/blob/${run.headSha}/${path.split('/').map(encodeURIComponent).join('/')}${place}`;
  return { path, url, job, step, lines: lines.slice(0, WORKFLOW_LIMITS.lines) };
}

function first({ from, to }: Rows, most: number): Rows {
  return { from, to: Math.min(to, from + most - 1) };
}

function around(line: number): Rows {
  return { from: Math.max(1, line - AROUND), to: line + AROUND };
}
