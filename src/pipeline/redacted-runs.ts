import { createRedactor, type Redaction, type Redactor } from '../analysis/redact.ts';
import type { Ports } from '../domain/ports.ts';
import type { RuleFileRead } from '../domain/rule-files.ts';
import type { Run, RunEvent, WorkflowJob } from '../domain/run.ts';

type Source = Pick<Ports, 'eventReader' | 'runSource' | 'ruleFileSource'>;

/**
 * The same source, with secrets and personal data taken out of every name and title that people give to commits, branches,
 * workflows, jobs and steps, and out of the lines of a file of rules that are shown because they are wrong. The salt must be secret, and the same in every process: marks in a branch's name tell branches apart.
 */
export function withRedactedRuns({ eventReader, runSource, ruleFileSource }: Source, redaction: Redaction): Source {
  const { text } = createRedactor(redaction);
  return {
    ruleFileSource: {
      read: async (...args) => redactRuleFile(await ruleFileSource.read(...args), text),
    },
    eventReader: {
      read: async (event) => redactEvent(await eventReader.read(event), text),
    },
    runSource: {
      canSee: (...args) => runSource.canSee(...args),
      find: async (...args) => redactRun(await runSource.find(...args), text),
      async latestFailing(...args) {
        const run = await runSource.latestFailing(...args);
        return run && redactRun(run, text);
      },
      async failingOfPullRequest(...args) {
        const run = await runSource.failingOfPullRequest(...args);
        return run && redactRun(run, text);
      },
      lastPassing: (...args) => runSource.lastPassing(...args),
      jobs: async (...args) => (await runSource.jobs(...args)).map((job) => redactJob(job, text)),
    },
  };
}

function redactEvent(event: RunEvent, text: Redactor['text']): RunEvent {
  return 'run' in event ? { ...event, run: redactRun(event.run, text) } : event;
}

/** Rules that can be read are kept as they are: what they name has to be found. A line with a secret is shown without its mark. */
function redactRuleFile(read: RuleFileRead, text: Redactor['text']): RuleFileRead {
  if (read.kind !== 'wrong' || read.problem.kind === 'too-large') return read;
  const { source, at } = read.problem;
  const shown = text(source);
  if (shown === source) return read;
  const { line, column } = read.problem;
  const problem = { line, column, source: shown, at: { start: 0, end: 0 }, kind: 'withheld' } as const;
  return { ...read, problem: { ...problem, at: { start: 0, end: Math.min(shown.length, at.end) } } };
}

function redactRun(run: Run, text: Redactor['text']): Run {
  const { title, branch, defaultBranch, workflow, actor } = run;
  return {
    ...run,
    title: text(title),
    branch: text(branch),
    defaultBranch: text(defaultBranch),
    workflow: text(workflow),
    actor: text(actor),
  };
}

function redactJob(job: WorkflowJob, text: Redactor['text']): WorkflowJob {
  const { name, runner, steps } = job;
  return {
    ...job,
    name: text(name),
    runner: runner && text(runner),
    steps: steps.map((step) => ({ ...step, name: text(step.name) })),
  };
}
