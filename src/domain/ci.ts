import { z } from 'zod';
import type { EventId, RepositoryName, WorkflowJobId } from './ids.ts';
import { WorkspaceId } from './ids.ts';
import type { Run, WorkflowJob } from './run.ts';
import type { Readable } from 'node:stream';

// Failures that other CI systems tell us of. Each system is a source of one workspace; what it calls a project is to us the repository
// `ci:SOURCE/PROJECT`, a name that no repository of GitHub can have.

const PREFIX = 'ci:';

/** What an operator calls a source: `jenkins`, `gitlab-eu`. */
export const CiSourceName = z
  .string()
  .regex(/^[a-z\d][a-z\d-]{0,29}$/u, 'a name of lower-case letters, digits and hyphens, at most 30')
  .brand<'CiSourceName'>();
export type CiSourceName = z.infer<typeof CiSourceName>;

/** One key of a source. A name may have several, so that one can be exchanged for another. */
export const CiSourceId = z.uuid().brand<'CiSourceId'>();
export type CiSourceId = z.infer<typeof CiSourceId>;

/** Whether a repository is the project of another CI system, of which GitHub knows nothing. */
export function isReported(repository: string): boolean {
  return repository.startsWith(PREFIX);
}

/** The source whose project a repository is; null for a repository of GitHub. */
export function sourceOf(repository: RepositoryName): CiSourceName | null {
  const [owner = ''] = repository.split('/', 1);
  return isReported(owner) ? (CiSourceName.safeParse(owner.slice(PREFIX.length)).data ?? null) : null;
}

/** How the project of a source is called in rules and messages. */
export function reportedName(source: CiSourceName, project: string): string {
  return `${PREFIX}${source}/${project}`.toLowerCase();
}

/** A key as its owner may see it. */
export interface CiSource {
  id: CiSourceId;
  workspaceId: WorkspaceId;
  name: CiSourceName;
  /** From where its logs may be fetched: `host`, `host:port` or `*.domain`. */
  logHosts: readonly string[];
  createdAt: Date;
  revokedAt: Date | null;
}

/** A host in the form in which an address names it. */
export const LogHost = z
  .string()
  .toLowerCase()
  .regex(/^(?:\*\.)?[a-z\d](?:[a-z\d.-]{0,251}[a-z\d])?(?::\d{1,5})?$/u, 'a host, host:port or *.domain');

function line(max: number) {
  return z.string().trim().min(1).max(max);
}

const PageUrl = z.url({ protocol: /^https?$/u }).max(2_000);

const ReportedLog = z.union([
  z.strictObject({ text: z.string().min(1) }),
  z.strictObject({ url: z.url({ protocol: /^https?$/u }).max(2_000) }),
]);

/** At most so many jobs are told of at once; as many logs are read of a run. */
const MOST_JOBS = 20;

/** What a source may say, version 1: docs/api.md. */
export const CiEvent = z
  .strictObject({
    version: z.literal(1),
    /** The sender's own name for this event: told twice, it counts once. */
    id: z
      .string()
      .regex(/^[\w.:/@#-]{1,200}$/u, 'letters, digits and . : / @ # _ -, at most 200')
      .optional(),
    status: z.enum(['failed', 'timed_out', 'passed']),
    project: z.string().regex(/^[\w.-]{1,100}$/u, 'letters, digits and . _ -, at most 100'),
    pipeline: line(200),
    branch: line(250),
    defaultBranch: line(250).default('main'),
    commit: z
      .string()
      .toLowerCase()
      .regex(/^[\da-f]{7,64}$/u, 'the hash of a commit'),
    number: z.number().int().positive().max(2_147_483_647),
    attempt: z.number().int().positive().max(1_000).default(1),
    url: PageUrl,
    title: line(300).optional(),
    actor: line(100).optional(),
    trigger: line(50).default('push'),
    /** Those that failed. */
    jobs: z
      .array(z.strictObject({ name: line(200), url: PageUrl.optional(), log: ReportedLog }))
      .max(MOST_JOBS)
      .default([]),
  })
  .refine(({ status, jobs }) => status === 'passed' || jobs.length > 0, {
    path: ['jobs'],
    message: 'a failure names at least one job with its log',
  });
export type CiEvent = z.infer<typeof CiEvent>;

/** What is kept of it: who said it, and when. */
export const CiReport = z.object({
  source: z.object({ id: CiSourceId, workspaceId: WorkspaceId, name: CiSourceName }),
  receivedAt: z.iso.datetime(),
  event: CiEvent,
});
export type CiReport = z.infer<typeof CiReport>;

/** The name under which it is stored beside GitHub's deliveries, none of which can have a name with a dot. */
export const CI_EVENT_NAME = 'ci.event';

/** The keys of other CI systems. */
export interface CiSourceStore {
  /** Keeps a secret encrypted; nobody is ever shown it again. */
  add(source: Pick<CiSource, 'workspaceId' | 'name' | 'logHosts'> & { secret: string }): Promise<CiSource>;
  /** Those of a workspace, also the revoked ones; the oldest first. */
  list(workspaceId: WorkspaceId): Promise<CiSource[]>;
  /** False where there is no such key that still counts. */
  revoke(workspaceId: WorkspaceId, id: CiSourceId): Promise<boolean>;
  /** For whoever claims to be it; null where it is not known, or revoked. The one question that is asked before the workspace is known. */
  findKey(id: CiSourceId): Promise<{ source: CiSource; secret: string } | null>;
  /** The hosts of logs of a key that still counts; none otherwise. */
  logHosts(workspaceId: WorkspaceId, id: CiSourceId): Promise<readonly string[]>;
  /** Whether a name has a key that still counts. */
  isKnown(workspaceId: WorkspaceId, name: CiSourceName): Promise<boolean>;
}

/** Where the log of a job is that a source told of. */
export interface ReportedJob {
  eventId: EventId;
  /** Its place among the jobs of the event. */
  position: number;
}

/** The jobs of runs that other CI systems told of. */
export interface CiReportStore {
  /** A second word about the same attempt changes nothing. */
  save(workspaceId: WorkspaceId, eventId: EventId, report: { run: Run; jobs: readonly WorkflowJob[] }): Promise<void>;
  jobs(workspaceId: WorkspaceId, run: Pick<Run, 'repository' | 'runId' | 'attempt'>): Promise<WorkflowJob[]>;
  findJob(
    workspaceId: WorkspaceId,
    job: { repository: RepositoryName; jobId: WorkflowJobId },
  ): Promise<ReportedJob | null>;
}

/** Logs behind addresses that a source gave us. */
export interface LinkedLogSource {
  /** Whether the address leads to one of these hosts, and may be asked; else why not. */
  refusal(link: LogLink): string | null;
  /** Throws LogUnavailableError, also where the address may not be asked. */
  open(link: LogLink, signal: AbortSignal): Promise<Readable>;
}

export interface LogLink {
  url: string;
  hosts: readonly string[];
}

/** What other CI systems need of the outside. */
export interface CiPorts {
  ciSources: CiSourceStore;
  ciReports: CiReportStore;
  linkedLogs: LinkedLogSource;
}
