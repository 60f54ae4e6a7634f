import { composeLog, logLines, rebaseLog, stepsOf, timeOf } from './log-text.ts';
import {
  type Account,
  type Annotation,
  type Attempt,
  type Conclusion,
  type FileChange,
  type Job,
  type Repository,
  type Run,
  latestAttempt,
} from './state.ts';
import type { World } from './world.ts';

/** One job to be played. */
export interface JobScript {
  name: string;
  conclusion: Conclusion;
  /** The job log in GitHub's form, or just what the command printed: the rest is then made around it. Unused for a skipped job. */
  log: string;
  /** The command of a plain `log`; `npm test` if not given. */
  command?: string;
  /** Names of the steps between "Set up job" and the clean-up, in order. More names than the log has steps: skipped steps. */
  steps?: readonly string[];
  annotations?: readonly Annotation[];
}

/** One run to be played. */
export interface RunScript {
  /** `owner/name` of a repository that was added. */
  repository: string;
  workflow: string;
  branch: string;
  sha: string;
  /** First line of the commit message; also the run's title unless there is a pull request. */
  title: string;
  /** What the commit message says below its first line. */
  body?: string;
  /** What the commit changes; one small change if not given. */
  files?: readonly FileChange[];
  actor: string;
  /** The address that stands in the commit, and whether GitHub vouches for its signature. */
  email?: string;
  isVerified?: boolean;
  jobs: readonly JobScript[];
  /** Default: `failure` when a job failed, else `success`. */
  conclusion?: Conclusion;
  pullRequest?: { number: number; title: string; labels?: readonly string[] };
  /** Default: `pull_request` with a pull request, else `push`. */
  event?: string;
}

/** A new attempt of a run. */
export interface RerunScript {
  /** What the re-run jobs do now, by name; a job that is not named does what it did before. */
  jobs?: readonly JobScript[];
  /** Only the jobs that failed run again, as with GitHub's "Re-run failed jobs". */
  failedOnly?: boolean;
  /** It goes on until this resolves. */
  until?: Promise<void>;
  conclusion?: Conclusion;
  actor?: string;
}

const SMALL_CHANGE: readonly FileChange[] = [
  {
    path: 'src/index.ts',
    patch: [
      '@@ -1,3 +1,5 @@',
      " import { start } from './server.ts';",
      ' ',
      '-await start();',
      '+const server = await start();',
      '+',
      "+process.once('SIGTERM', () => server.close());",
    ].join('\n'),
  },
];

/** Time from a run's request to its first job. */
const QUEUE_MS = 3000;

/** Puts a finished-to-be run into the world: it ends now, and began as long ago as its longest log lasted. */
export function enactRun(world: World, script: RunScript): Run {
  const repository = world.repository(script.repository);
  if (!repository) throw new Error(`${script.repository} was not added to the local GitHub`);
  const workflow = world.workflow(repository, script.workflow);
  const actor = world.account(script.actor);
  const beganAt = new Date(Date.now() - longestMs(script.jobs) - QUEUE_MS);
  const { sha, branch, pullRequest: pull, files = SMALL_CHANGE } = script;
  const message = script.body === undefined ? script.title : `${script.title}\n\n${script.body}`;
  const commit = world.commit(repository, {
    sha,
    message,
    author: actor,
    email: script.email,
    isVerified: script.isVerified,
    at: beganAt,
    files,
  });
  const run: Run = {
    id: world.nextId('run'),
    number: 1 + world.runsOf(repository).filter((other) => other.workflow === workflow).length,
    checkSuiteId: world.nextId('suite'),
    repository,
    workflow,
    branch,
    commit,
    event: script.event ?? (pull ? 'pull_request' : 'push'),
    title: pull?.title ?? script.title.split('\n')[0] ?? '',
    actor,
    pullRequest: pull
      ? world.pullRequest(repository, { labels: [], ...pull, branch, sha, author: actor, at: beganAt, files })
      : null,
    createdAt: beganAt,
    attempts: [],
  };
  const jobs = script.jobs.map((job) => enactJob(world, job, beganAt));
  run.attempts.push(newAttempt(jobs, { number: 1, actor, beganAt, conclusion: script.conclusion }));
  world.runs.set(run.id, run);
  return run;
}

/** Adds an attempt. Jobs that do not run again are listed in it with the result they had, as GitHub does. */
export function enactRerun(world: World, run: Run, script: RerunScript): Attempt {
  const previous = latestAttempt(run);
  const beganAt = new Date(Date.now() - longestMs(script.jobs ?? previous.jobs.map(asScript)) - QUEUE_MS);
  const jobs = previous.jobs.map((job) => {
    if (script.failedOnly === true && job.conclusion === 'success') return { ...job, id: world.nextId('job') };
    const again = script.jobs?.find(({ name }) => name === job.name) ?? asScript(job);
    return enactJob(world, again, beganAt);
  });
  const actor = script.actor === undefined ? run.actor : world.account(script.actor);
  const attempt = newAttempt(jobs, { number: previous.number + 1, actor, beganAt, conclusion: script.conclusion });
  run.attempts.push(attempt);
  return attempt;
}

/** What a run does once it was approved. */
export type ApprovalScript = Pick<RunScript, 'jobs'>;

/** Starts the attempt that waited, as if its jobs had only been held back. */
export function enactApproval(world: World, run: Run, { jobs }: ApprovalScript): Attempt {
  const attempt = latestAttempt(run);
  const beganAt = new Date(Date.now() - longestMs(jobs) - QUEUE_MS);
  const enacted = jobs.map((job) => enactJob(world, job, beganAt));
  const facts = { number: attempt.number, actor: attempt.triggeredBy, beganAt, conclusion: undefined };
  return Object.assign(attempt, newAttempt(enacted, facts));
}

interface AttemptFacts {
  number: number;
  actor: Account;
  beganAt: Date;
  conclusion: Conclusion | undefined;
}

function newAttempt(jobs: Job[], { number, actor, beganAt, conclusion }: AttemptFacts): Attempt {
  const worst = jobs.find((job) => job.conclusion !== 'success' && job.conclusion !== 'skipped');
  return {
    number,
    status: 'queued',
    conclusion: conclusion ?? worst?.conclusion ?? 'success',
    triggeredBy: actor,
    startedAt: beganAt,
    completedAt: new Date(Math.max(beganAt.getTime(), ...jobs.map(({ completedAt }) => completedAt.getTime()))),
    jobs,
  };
}

function enactJob(world: World, script: JobScript, beganAt: Date): Job {
  const { conclusion, command = 'npm test' } = script;
  if (conclusion === 'skipped') return skippedJob(world, script.name, beganAt);
  const startedAt = new Date(beganAt.getTime() + QUEUE_MS);
  const given = logLines(script.log);
  const log = timeOf(given[0] ?? '')
    ? rebaseLog(given, startedAt)
    : composeLog(script.log, { command, start: startedAt, failed: conclusion !== 'success' });
  const id = world.nextId('job');
  return {
    id,
    checkRunId: id,
    name: script.name,
    status: 'queued',
    conclusion,
    steps: stepsOf(log, { names: script.steps ?? [], conclusion }),
    log,
    logState: 'available',
    annotations: script.annotations ?? [],
    createdAt: beganAt,
    startedAt,
    completedAt: timeOf(log.at(-1) ?? '') ?? startedAt,
  };
}

/** A job whose condition was not met: it never started, so it has neither steps nor a log. */
function skippedJob(world: World, name: string, at: Date): Job {
  const id = world.nextId('job');
  const times = { createdAt: at, startedAt: at, completedAt: at };
  return {
    id,
    checkRunId: id,
    name,
    status: 'queued',
    conclusion: 'skipped',
    steps: [],
    log: [],
    logState: 'missing',
    annotations: [],
    ...times,
  };
}

const asScript = (job: Job): JobScript => ({
  name: job.name,
  conclusion: job.conclusion,
  log: job.log.join('\n'),
  steps: job.steps.filter(({ name }) => !/^(?:Set up job|Complete job|Post )/u.test(name)).map(({ name }) => name),
});

function longestMs(jobs: readonly JobScript[]): number {
  const spans = jobs.map(({ log }) => {
    const times = logLines(log)
      .map(timeOf)
      .filter((at) => at !== null);
    return (times.at(-1)?.getTime() ?? 0) - (times[0]?.getTime() ?? 0);
  });
  return Math.max(0, ...spans);
}

/** The run with this id; for callers that were handed it by this GitHub, so it must be there. */
export function knownRun(world: World, id: number): Run {
  const run = world.runs.get(id);
  if (!run) throw new Error(`run ${id} is not in the local GitHub`);
  return run;
}

/** The job with this id within a repository, with its run and attempt. */
export function findJob(
  world: World,
  repository: Repository,
  id: number,
): { run: Run; attempt: Attempt; job: Job } | null {
  for (const run of world.runsOf(repository)) {
    const attempt = run.attempts.find(({ jobs }) => jobs.some((job) => job.id === id));
    const job = attempt?.jobs.find((one) => one.id === id);
    if (attempt && job) return { run, attempt, job };
  }
  return null;
}
