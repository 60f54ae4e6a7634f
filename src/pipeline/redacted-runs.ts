import { createRedactor, type Redaction, type Redactor } from '../analysis/redact.ts';
import type { Happening, HappeningEvent } from '../domain/happening.ts';
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

function redactEvent(event: RunEvent | HappeningEvent, text: Redactor['text']): RunEvent | HappeningEvent {
  if (event.kind === 'happened') return { ...event, happening: redactHappening(event.happening, text) };
  if (event.kind === 'reported') {
    return { ...event, run: redactRun(event.run, text), jobs: event.jobs.map((job) => redactJob(job, text)) };
  }
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

function redactHappening(happening: Happening, text: Redactor['text']): Happening {
  const actor = text(happening.actor);
  const defaultBranch = text(happening.defaultBranch);
  switch (happening.kind) {
    case 'deployment': {
      const { environment, ref, description } = happening;
      const told = { environment: text(environment), ref: text(ref), description: text(description) };
      return { ...happening, actor, defaultBranch, ...told };
    }
    case 'check': {
      const { app, name, branch, title } = happening;
      const told = { app: app && text(app), name: text(name), branch: text(branch), title: text(title) };
      return { ...happening, actor, defaultBranch, ...told };
    }
    case 'pull_request': {
      const { title, branch, base, labels } = happening;
      const told = { title: text(title), branch: text(branch), base: text(base), labels: labels.map(text) };
      return { ...happening, actor, defaultBranch, ...told };
    }
    case 'release': {
      const { tag, name, target, url } = happening;
      // The tag stands in its address, too.
      const told = { tag: text(tag), name: text(name), target: text(target), url: text(url) };
      return { ...happening, actor, defaultBranch, ...told };
    }
    default:
      return happening satisfies never;
  }
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
