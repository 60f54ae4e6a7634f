import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type LineCounter, type Node, visit } from 'yaml';
import type { FailedJob } from '../domain/workflow-file.ts';
import { fitsTokens, type GlobToken } from '../domain/rules/glob.ts';
import { WORKFLOW_DEPTH } from './workflow-run.ts';
import { composeYaml } from './yaml-text.ts';

/** Names of GitHub's own are shorter; what is longer is not compared. */
const NAME_MAX = 500;
const MOST_JOBS = 500;
const MOST_STEPS = 1_000;

/** A workflow's text that is a map, with what helps to find a place in it. */
export interface Workflow {
  document: Document;
  lines: LineCounter;
  anchors: ReadonlyMap<string, Node>;
}

/** From one line of the file to another, both included. */
export interface Rows {
  from: number;
  to: number;
}

export interface WorkflowPair {
  key: string;
  value: unknown;
  rows: Rows;
}

/** Where the failed job stands, and its failed step; and where it is a call of another workflow, which one, and the name there. */
export interface FoundJob {
  key: string;
  pairs: readonly WorkflowPair[];
  rows: Rows;
  step: { name: string; rows: Rows } | null;
  call: { uses: string; job: FailedJob } | null;
}

/** Reads hostile text; the place and the reason of the first mistake where it is no YAML. */
export function readWorkflow(text: string): Workflow | { line: number; reason: string } {
  const composed = composeYaml(text, { depth: WORKFLOW_DEPTH });
  if (composed.kind === 'deep') {
    return { line: composed.lines.linePos(composed.at).line, reason: 'it nests deeper than a workflow does' };
  }
  const { document, second, lines } = composed.yaml;
  if (document === null || second !== null) return { line: 1, reason: 'it is not one document of YAML' };
  const [error] = document.errors;
  if (error !== undefined) {
    return { line: Math.max(1, lines.linePos(error.pos[0]).line), reason: `it is not valid YAML: ${error.message}` };
  }
  const anchors = new Map<string, Node>();
  visit(document, {
    Node: (_key, node) => {
      if ('anchor' in node && typeof node.anchor === 'string') anchors.set(node.anchor, node);
    },
  });
  return { document, lines, anchors };
}

/** The pairs of a map in the order of the file; none for anything else. */
export function pairsOf(workflow: Workflow, node: unknown, most = MOST_JOBS): WorkflowPair[] {
  const map = resolve(workflow, node);
  if (!isMap(map)) return [];
  return map.items.slice(0, most).flatMap(({ key, value }) => {
    if (!isScalar(key)) return [];
    return [{ key: String(key.value), value, rows: rowsOf(workflow, key, value) }];
  });
}

export function jobsOf(workflow: Workflow): WorkflowPair[] {
  const jobs = pairsOf(workflow, workflow.document.contents).find(({ key }) => key === 'jobs');
  return jobs === undefined ? [] : pairsOf(workflow, jobs.value);
}

export interface WorkflowStep {
  pairs: WorkflowPair[];
  rows: Rows;
}

export function stepsOf(workflow: Workflow, pairs: readonly WorkflowPair[]): WorkflowStep[] {
  const steps = resolve(workflow, pairs.find(({ key }) => key === 'steps')?.value);
  if (!isSeq(steps)) return [];
  return steps.items.slice(0, MOST_STEPS).map((item) => ({
    pairs: pairsOf(workflow, item),
    rows: rowsOf(workflow, item, item),
  }));
}

/** The text of a scalar; null for anything else. */
export function textOf(workflow: Workflow, pairs: readonly WorkflowPair[], wanted: string): string | null {
  const node = resolve(workflow, pairs.find(({ key }) => key === wanted)?.value);
  const value: unknown = isScalar(node) ? node.value : null;
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** What an alias stands for; one that leads to another is followed no further. */
export function resolve({ anchors }: Workflow, node: unknown): unknown {
  return isAlias(node) ? anchors.get(node.source) : node;
}

/** The job by the name that GitHub shows; null where none fits, or several fit as well. */
export function findJob(workflow: Workflow, job: FailedJob): FoundJob | null {
  const fitting = jobsOf(workflow).flatMap((pair) => {
    const pairs = pairsOf(workflow, pair.value);
    const fit = fitJob(job.name, { key: pair.key, ...described(workflow, pairs) });
    return fit === null ? [] : [{ ...fit, pair, pairs }];
  });
  const best = onlyBest(fitting);
  if (best === null) return null;
  const { pair, pairs, rest } = best;
  const uses = textOf(workflow, pairs, 'uses');
  const call = uses === null || rest === null ? null : { uses, job: { ...job, name: rest } };
  return { key: pair.key, pairs, rows: pair.rows, step: call ? null : findStep(workflow, pairs, job), call };
}

function described(workflow: Workflow, pairs: readonly WorkflowPair[]) {
  return {
    name: textOf(workflow, pairs, 'name'),
    isMatrix: pairs.some(({ key }) => key === 'strategy'),
    isCall: pairs.some(({ key }) => key === 'uses'),
  };
}

interface Fit {
  /** How many letters of the name are the file's own, and not the outcome of an expression. */
  letters: number;
  /** What follows the caller's name where the job is in a workflow that is called. */
  rest: string | null;
}

/** docs.github.com, "Running variations of jobs", "Reusing workflows": the values of a matrix in brackets, and the called job after a slash. */
function fitJob(
  shown: string,
  { key, name, isMatrix, isCall }: { key: string; name: string | null; isMatrix: boolean; isCall: boolean },
): Fit | null {
  const own = tokensOf(name ?? key);
  const inCell: GlobToken[] = [...own, ...characters(' ('), { kind: 'some' }, { kind: 'character', character: ')' }];
  const fits = (text: string): boolean => fitsTokens(own, text) || (isMatrix && fitsTokens(inCell, text));
  const letters = own.filter(({ kind }) => kind === 'character').length;
  if (!isCall) return fits(shown) ? { letters, rest: null } : null;
  for (let at = shown.indexOf(' / '); at >= 0; at = shown.indexOf(' / ', at + 1)) {
    if (fits(shown.slice(0, at))) return { letters, rest: shown.slice(at + 3) };
  }
  return fits(shown) ? { letters, rest: null } : null;
}

/** The step that failed, by what GitHub calls it: its name, or else "Run" and how its work begins. Of several, the one in its place. */
function findStep(workflow: Workflow, pairs: readonly WorkflowPair[], { steps }: FailedJob): FoundJob['step'] {
  const index = steps.findIndex(({ hasFailed }) => hasFailed);
  const failed = steps[index];
  if (failed === undefined) return null;
  const nth = steps.slice(0, index).filter(({ name }) => name === failed.name).length;
  // What an action does before and after the others is named after its step.
  const names = [failed.name, failed.name.replace(/^(?:Pre|Post) /u, '')];
  const fitting = stepsOf(workflow, pairs).flatMap((step) => {
    const own = tokensOf(shownName(workflow, step));
    const isIt = own.length > 0 && names.some((name) => fitsTokens(own, name));
    return isIt ? [{ step, letters: own.filter(({ kind }) => kind === 'character').length }] : [];
  });
  const most = Math.max(...fitting.map(({ letters }) => letters));
  const best = fitting.filter(({ letters }) => letters === most);
  const found = best[nth] ?? best.at(-1);
  return found === undefined ? null : { name: failed.name, rows: found.step.rows };
}

function shownName(workflow: Workflow, { pairs }: WorkflowStep): string {
  const name = textOf(workflow, pairs, 'name');
  if (name !== null) return name.trim();
  const work = textOf(workflow, pairs, 'run') ?? textOf(workflow, pairs, 'uses');
  return work === null ? '' : `Run ${work.trim().split(/\r?\n/u, 1)[0] ?? ''}`;
}

function onlyBest<T extends Fit>(fitting: readonly T[]): T | null {
  const most = Math.max(...fitting.map(({ letters }) => letters));
  const [best, another] = fitting.filter(({ letters }) => letters === most);
  return best === undefined || another !== undefined ? null : best;
}

/** What an expression comes to is known to nobody here. */
function tokensOf(written: string): GlobToken[] {
  const parts = written.slice(0, NAME_MAX).split(/\$\{\{[^}]*\}\}/u);
  return parts.flatMap((part, index) => [...(index > 0 ? [{ kind: 'some' } as const] : []), ...characters(part)]);
}

function characters(text: string): GlobToken[] {
  return Array.from(text, (character) => ({ kind: 'character', character }));
}

function rowsOf({ lines }: Workflow, first: unknown, last: unknown): Rows {
  const [start = 0, firstEnd = start] = (isNode(first) && first.range) || [];
  const [, end = firstEnd] = (isNode(last) && last.range) || [];
  const from = Math.max(1, lines.linePos(start).line);
  return { from, to: Math.max(from, lines.linePos(Math.max(start, end - 1)).line) };
}
