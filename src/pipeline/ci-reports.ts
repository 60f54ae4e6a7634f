import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { CI_EVENT_NAME, CiReport, isReported, reportedName, sourceOf } from '../domain/ci.ts';
import { RepositoryName, RunId, WorkflowJobId, type WorkspaceId } from '../domain/ids.ts';
import type { LogSource, Ports, RunSource } from '../domain/ports.ts';
import type { Conclusion, Run, RunEvent, WorkflowJob } from '../domain/run.ts';
import { GitHubNotFoundError, LogUnavailableError } from '../errors.ts';

type GitHub = Pick<Ports, 'eventReader' | 'runSource' | 'logs'>;
type Deps = Pick<Ports, 'ciSources' | 'ciReports' | 'linkedLogs' | 'events' | 'runs' | 'overview'>;

/** The same sources, which also know what other CI systems told us; GitHub is not asked about that. */
export function withCiReports({ eventReader, runSource, logs }: GitHub, deps: Deps): GitHub {
  return {
    eventReader: {
      read: async (event) => (event.name === CI_EVENT_NAME ? readReport(event.body) : await eventReader.read(event)),
    },
    runSource: routed(runSource, reportedRuns(deps)),
    logs: {
      open: async (workspaceId, job, signal) =>
        isReported(job.repository)
          ? await openReported(deps, { workspaceId, job }, signal)
          : await logs.open(workspaceId, job, signal),
    },
  };
}

/** Each question goes to whoever knows the repository. */
function routed(github: RunSource, reported: RunSource): RunSource {
  const of = (repository: RepositoryName): RunSource => (isReported(repository) ? reported : github);
  return {
    canSee: (workspaceId, repository) => of(repository).canSee(workspaceId, repository),
    find: (workspaceId, ref, signal) => of(ref.repository).find(workspaceId, ref, signal),
    latestFailing: (workspaceId, where, signal) => of(where.repository).latestFailing(workspaceId, where, signal),
    failingOfPullRequest: (workspaceId, pull, signal) =>
      of(pull.repository).failingOfPullRequest(workspaceId, pull, signal),
    lastPassing: (workspaceId, run, signal) => of(run.repository).lastPassing(workspaceId, run, signal),
    jobs: (workspaceId, run, signal) => of(run.repository).jobs(workspaceId, run, signal),
  };
}

function reportedRuns({ ciSources, ciReports, runs, overview }: Deps): RunSource {
  const unknown = (): never => {
    throw new GitHubNotFoundError('No CI system has told of such a run');
  };
  return {
    async canSee(workspaceId, repository) {
      const source = sourceOf(repository);
      return source !== null && (await ciSources.isKnown(workspaceId, source));
    },
    async find(workspaceId, { repository, runId, attempt }) {
      const found =
        attempt === null
          ? await runs.findNewest(workspaceId, { repository, runId })
          : await runs.find(workspaceId, { repository, runId, attempt });
      return found ?? unknown();
    },
    async latestFailing(workspaceId, { repository, ...which }) {
      const failure = await overview.latest(workspaceId, { repositories: [repository], ...which });
      return failure && (await runs.find(workspaceId, { repository, ...failure.last }));
    },
    failingOfPullRequest: async () => unknown(),
    lastPassing: async () => null,
    jobs: (workspaceId, run) => ciReports.jobs(workspaceId, run),
  };
}

async function openReported(
  { ciSources, ciReports, linkedLogs, events }: Deps,
  { workspaceId, job }: { workspaceId: WorkspaceId; job: Parameters<LogSource['open']>[1] },
  signal: AbortSignal,
): Promise<Readable> {
  const place = await ciReports.findJob(workspaceId, job);
  const stored = place && (await events.find(place.eventId));
  const report = stored && parseReport(stored.body);
  const log = report?.event.jobs[place?.position ?? -1]?.log;
  if (log === undefined || report == null || report.source.workspaceId !== workspaceId)
    throw new LogUnavailableError('The log of this job is not kept any more');
  if ('text' in log) return Readable.from([Buffer.from(log.text, 'utf8')], { objectMode: false });
  const hosts = await ciSources.logHosts(workspaceId, report.source.id);
  return await linkedLogs.open({ url: log.url, hosts }, signal);
}

function parseReport(body: Buffer): CiReport | null {
  try {
    return CiReport.parse(JSON.parse(body.toString('utf8')));
  } catch {
    return null; // another version of us wrote it
  }
}

function readReport(body: Buffer): RunEvent {
  const report = parseReport(body);
  if (report === null) return { kind: 'ignored', reason: 'the report is of another version' };
  const run = runOf(report);
  return { kind: 'reported', workspaceId: report.source.workspaceId, run, jobs: jobsOf(report, run) };
}

const CONCLUSIONS = { failed: 'failure', timed_out: 'timed_out', passed: 'success' } as const satisfies Record<
  CiReport['event']['status'],
  Conclusion
>;

/** The run as we keep it. Other systems name builds by number within a pipeline, so that is what its id is made of. */
export function runOf({ source, event, receivedAt }: CiReport): Run {
  const repository = RepositoryName.parse(reportedName(source.name, event.project));
  const at = new Date(receivedAt);
  return {
    repository,
    runId: RunId.parse(numberOf([repository, event.pipeline, event.number])),
    attempt: event.attempt,
    number: event.number,
    workflow: event.pipeline,
    branch: event.branch,
    defaultBranch: event.defaultBranch,
    event: event.trigger,
    headSha: event.commit,
    status: 'completed',
    conclusion: CONCLUSIONS[event.status],
    url: event.url,
    actor: event.actor ?? source.name,
    actorId: null,
    actorType: null,
    title: event.title ?? `Build #${event.number}`,
    pullRequest: null,
    startedAt: at,
    updatedAt: at,
  };
}

function jobsOf({ event }: CiReport, { repository, runId, attempt, conclusion }: Run): WorkflowJob[] {
  if (event.status === 'passed') return [];
  return event.jobs.map(({ name, url }, position) => ({
    id: WorkflowJobId.parse(numberOf([repository, runId, attempt, position, name])),
    name,
    conclusion,
    url: url ?? event.url,
    runner: null,
    startedAt: null,
    completedAt: null,
    steps: [],
  }));
}

/** A number that is the same for the same parts, and below 2^52: two of a repository meet once in millions of builds. */
function numberOf(parts: ReadonlyArray<string | number>): number {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  return digest.readUIntBE(0, 6) * 16 + (digest.readUInt8(6) >> 4) || 1;
}
