import { createRedactor, type Redaction, type Redactor } from '../analysis/redact.ts';
import type { Ports } from '../domain/ports.ts';
import type { Run, RunEvent, WorkflowJob } from '../domain/run.ts';

type Source = Pick<Ports, 'eventReader' | 'runSource'>;

/**
 * The same source, with secrets and personal data taken out of every name and title that people give to commits, branches,
 * workflows, jobs and steps. The salt must be secret, and the same in every process: marks in a branch's name tell branches apart.
 */
export function withRedactedRuns({ eventReader, runSource }: Source, redaction: Redaction): Source {
  const { text } = createRedactor(redaction);
  return {
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
