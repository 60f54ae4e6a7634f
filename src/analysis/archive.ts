import type { LoggedJob } from '../domain/run.ts';
import type { JobDigest } from '../domain/digest.ts';
import { type DigestOptions, digestLog } from './digest.ts';
import { type ArchiveEntry, type ArchiveStep, countLines, readJoined } from './joined.ts';

/** One workflow job as an archive holds it. */
export interface ArchiveJob {
  readonly name: string;
  /** The whole log; null where there are only its steps. */
  readonly log: ArchiveEntry | null;
  /** In the order in which they ran. */
  readonly steps: readonly ArchiveStep[];
}

export interface ArchiveDigest {
  /** Of the jobs that failed; of all that say something where the archive does not tell which did. */
  readonly digests: readonly JobDigest[];
  readonly totalJobs: number;
  /** Of everything that was read. */
  readonly size: { readonly bytes: number; readonly lines: number };
}

/** Beyond so many causes, jobs keep their findings but not their lines. */
const MAX_CAUSES = 100;

/** `0_build.txt`; an archive of a run that goes on can hold `-9999999999_build.txt` in its place. */
const JOB_FILE = /^(-?\d{1,12})_(.{1,400})\.txt$/u;
const STEP_FILE = /^(.{1,400})\/(\d{1,6})_(.{1,400})\.txt$/u;
/** What the service did before the job had a runner. */
const SYSTEM_FILE = /^(.{1,400})\/system\.txt$/u;
const LOOSE_FILE = /^(?:.{1,800}\/)?([^/]{1,400})\.(?:txt|log)$/u;

/** Tells which files of an archive are the logs of which jobs and steps. Files of other kinds are left out. */
export function readLayout(entries: readonly ArchiveEntry[]): ArchiveJob[] {
  const steps = Map.groupBy(
    entries.flatMap((entry) => {
      const [, job, number, name] = STEP_FILE.exec(entry.name) ?? [];
      return job === undefined || name === undefined ? [] : [{ job, number: Number(number), name, entry }];
    }),
    ({ job }) => job,
  );
  const stepsOf = (job: string): ArchiveStep[] =>
    (steps.get(job) ?? []).map(({ number, name, entry }) => ({ number, name, entry })).toSorted(byNumber);
  const whole = wholeLogs(entries);
  const named = new Set(whole.map(({ name }) => name));
  const inSteps = [...steps.keys()].filter((name) => !named.has(name));
  const jobs = [
    ...whole.map(({ name, entry }) => ({ name, log: entry, steps: stepsOf(name) })),
    ...inSteps.map((name) => ({ name, log: null, steps: stepsOf(name) })),
  ];
  const waiting = withoutRunner(entries, new Set(jobs.map(({ name }) => name)));
  return jobs.length + waiting.length > 0 ? [...jobs, ...waiting] : looseFiles(entries);
}

function byNumber(a: { number: number }, b: { number: number }): number {
  return a.number - b.number;
}

function wholeLogs(entries: readonly ArchiveEntry[]): Array<{ number: number; name: string; entry: ArchiveEntry }> {
  const files = entries.flatMap((entry) => {
    const [, number, name] = (entry.name.includes('/') ? null : JOB_FILE.exec(entry.name)) ?? [];
    return name === undefined ? [] : [{ number: Number(number), name, entry }];
  });
  const finished = new Set(files.filter(({ number }) => number >= 0).map(({ name }) => name));
  return files.filter(({ number, name }) => number >= 0 || !finished.has(name)).toSorted(byNumber);
}

/** Jobs that never got a runner have nothing but the service's word. */
function withoutRunner(entries: readonly ArchiveEntry[], known: ReadonlySet<string>): ArchiveJob[] {
  return entries.flatMap((entry) => {
    const name = SYSTEM_FILE.exec(entry.name)?.[1];
    return name === undefined || known.has(name) ? [] : [{ name, log: entry, steps: [] }];
  });
}

/** An archive that people made themselves. */
function looseFiles(entries: readonly ArchiveEntry[]): ArchiveJob[] {
  return entries.flatMap((entry) => {
    const name = LOOSE_FILE.exec(entry.name)?.[1];
    return name === undefined ? [] : [{ name, log: entry, steps: [] }];
  });
}

/**
 * Reads the logs of all jobs, one after the other, and keeps what explains the failures. An archive holds no conclusions: a job
 * in which GitHub marked an error counts as failed. Rejects when the signal fires or an entry cannot be read.
 */
export async function digestArchive(
  jobs: readonly ArchiveJob[],
  options: Omit<DigestOptions, 'job' | 'steps'>,
): Promise<ArchiveDigest> {
  const failed: JobDigest[] = [];
  const others: JobDigest[] = [];
  const size = { bytes: 0, lines: 0 };
  const causes = new Set<string>();
  for (const job of jobs) {
    const digest = await digestJob(job, options);
    size.bytes += digest.size.bytes;
    size.lines += digest.size.lines;
    const isKnown = causes.has(digest.fingerprint);
    const slim = isKnown || causes.size >= MAX_CAUSES ? withoutLines(digest, isKnown) : digest;
    causes.add(digest.fingerprint);
    if (digest.hasErrorMark) failed.push(slim);
    else if (failed.length === 0) others.push(slim);
  }
  const speaking = others.filter(({ tellsFailure }) => tellsFailure);
  const digests = failed.length > 0 ? failed : speaking.length > 0 ? speaking : others;
  return { digests, totalJobs: jobs.length, size };
}

/** The first job with a cause speaks for the others; of those a name and a headline are left. */
function withoutLines(digest: JobDigest, isKnown: boolean): JobDigest {
  return isKnown ? { ...digest, excerpt: digest.evidence } : { ...digest, excerpt: [], evidence: [] };
}

async function digestJob(job: ArchiveJob, options: Omit<DigestOptions, 'job' | 'steps'>): Promise<JobDigest> {
  if (job.log === null) {
    const joined = readJoined(job.steps);
    return digestLog(joined.bytes, { ...options, job: toLoggedJob(job), steps: () => joined.extents });
  }
  const extents = await countLines(job.steps, options.signal);
  return digestLog(job.log.open(), { ...options, job: toLoggedJob(job), steps: () => extents });
}

function toLoggedJob({ name, steps }: ArchiveJob): LoggedJob {
  return {
    id: null,
    name,
    url: null,
    conclusion: null,
    runner: null,
    startedAt: null,
    completedAt: null,
    steps: steps.map((step) => ({
      number: step.number,
      name: step.name,
      conclusion: null,
      startedAt: null,
      completedAt: null,
    })),
  };
}
