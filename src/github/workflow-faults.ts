import { isMap, isScalar, isSeq } from 'yaml';
import { suggest } from '../domain/suggest.ts';
import { WORKFLOW_LIMITS } from '../domain/workflow-file.ts';
import { jobsOf, pairsOf, resolve, stepsOf, type Workflow, type WorkflowPair } from './workflow-text.ts';

/** What keeps GitHub from starting a workflow. The message is the end of a sentence, and names what stands in the file. */
export interface WorkflowFault {
  line: number;
  message: string;
}

// docs.github.com, "Workflow syntax for GitHub Actions". What is not known here may be new, so a word is only called wrong where it looks
// like one that is known.
const WORKFLOW_KEYS = ['name', 'run-name', 'on', 'permissions', 'env', 'defaults', 'concurrency', 'jobs'] as const;
const JOB_KEYS = [
  'name',
  'permissions',
  'needs',
  'if',
  'runs-on',
  'snapshot',
  'environment',
  'concurrency',
  'outputs',
  'env',
  'defaults',
  'steps',
  'timeout-minutes',
  'strategy',
  'continue-on-error',
  'container',
  'services',
  'uses',
  'with',
  'secrets',
] as const;
const STEP_KEYS = [
  'id',
  'if',
  'name',
  'uses',
  'run',
  'working-directory',
  'shell',
  'with',
  'env',
  'continue-on-error',
  'timeout-minutes',
] as const;

/** The mistakes that can be told from the file alone, in its order, the first few. */
export function findFaults(workflow: Workflow): WorkflowFault[] {
  const top = pairsOf(workflow, workflow.document.contents);
  if (top.length === 0) return [{ line: 1, message: 'it holds no workflow' }];
  const jobs = jobsOf(workflow);
  const whole: WorkflowFault[] = misspelt(top, WORKFLOW_KEYS);
  const isSpelt = whole.length === 0;
  if (isSpelt && !has(top, 'on')) whole.push({ line: 1, message: 'it does not say on what it runs ("on")' });
  if (isSpelt && jobs.length === 0) whole.push({ line: 1, message: 'it names no jobs' });
  const known = new Set(jobs.map(({ key }) => key));
  const found = [...whole, ...jobs.flatMap((job) => faultsOfJob(workflow, job, known))];
  return found.toSorted((a, b) => a.line - b.line).slice(0, WORKFLOW_LIMITS.problems);
}

function faultsOfJob(workflow: Workflow, job: WorkflowPair, known: ReadonlySet<string>): WorkflowFault[] {
  const named = `job "${job.key}"`;
  const line = job.rows.from;
  if (!isMap(resolve(workflow, job.value))) return [{ line, message: `${named} says nothing of what it does` }];
  const pairs = pairsOf(workflow, job.value);
  // A word that is misspelt is the reason for one that is missing.
  const wrong = misspelt(pairs, JOB_KEYS);
  if (wrong.length > 0) return wrong;
  const found: WorkflowFault[] = [];
  const [runs, calls] = [has(pairs, 'runs-on'), has(pairs, 'uses')];
  if (!runs && !calls) found.push({ line, message: `${named} has neither "runs-on" nor "uses"` });
  if (runs && calls) found.push({ line, message: `${named} has both "runs-on" and "uses"` });
  if (!calls && !has(pairs, 'steps')) found.push({ line, message: `${named} has no steps` });
  for (const need of needsOf(workflow, pairs)) {
    if (!known.has(need.name))
      found.push({ line: need.line, message: `${named} needs "${need.name}", which is no job here` });
  }
  return [...found, ...stepsOf(workflow, pairs).flatMap((step) => faultsOfStep(named, step))];
}

function faultsOfStep(
  named: string,
  { pairs, rows: { from: line } }: ReturnType<typeof stepsOf>[number],
): WorkflowFault[] {
  const wrong = misspelt(pairs, STEP_KEYS);
  if (wrong.length > 0) return wrong;
  const [runs, uses] = [has(pairs, 'run'), has(pairs, 'uses')];
  if (runs && uses) return [{ line, message: `a step of ${named} has both "run" and "uses"` }];
  return runs || uses ? [] : [{ line, message: `a step of ${named} has neither "run" nor "uses"` }];
}

function needsOf(workflow: Workflow, pairs: readonly WorkflowPair[]): Array<{ name: string; line: number }> {
  const pair = pairs.find(({ key }) => key === 'needs');
  if (pair === undefined) return [];
  const value = resolve(workflow, pair.value);
  const nodes = isSeq(value) ? value.items : [value];
  return nodes.flatMap((node) => (isScalar(node) ? [{ name: String(node.value), line: pair.rows.from }] : []));
}

function misspelt(pairs: readonly WorkflowPair[], known: readonly string[]): WorkflowFault[] {
  return pairs.flatMap(({ key, rows }) => {
    const meant = known.includes(key) ? null : suggest(key, known);
    return meant === null ? [] : [{ line: rows.from, message: `"${key}" may have to be "${meant}"` }];
  });
}

function has(pairs: readonly WorkflowPair[], wanted: string): boolean {
  return pairs.some(({ key }) => key === wanted);
}
