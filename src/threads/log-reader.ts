import { Readable } from 'node:stream';
import { Piscina } from 'piscina';
import type { Redaction } from '../analysis/redact.ts';
import type { JobDigest } from '../domain/digest.ts';
import type { Log, LogReader, LogRequest, Metrics } from '../domain/ports.ts';
import { LogReaderFailedError } from '../errors.ts';
import type { DigestTask } from './digest-thread.ts';
import { pump, pumpPassing } from './pump.ts';
import { openLink, type ThreadLink, ThreadSilent } from './thread-link.ts';

export interface LogThreadsOptions {
  log: Log;
  metrics: Pick<Metrics, 'logSeconds' | 'logBytes'>;
  redaction: Redaction;
  threads: number;
  /** A thread that owes us a sign of life for so long has failed. */
  silenceMs?: number;
  /** How long a thread may take to drop a log that nobody wants any more. */
  dropMs?: number;
  /** The heap of one thread, in MB; a thread that needs more ends. */
  heapMb?: number;
  /** What the threads run. */
  entry?: URL;
}

/** Reads logs in threads, so that no log, however long or odd, holds up the process. Owns the threads. */
export interface LogThreads extends LogReader {
  /** Starts the threads and has each read a short log, so that the first real one waits for nothing. Never rejects. */
  warmUp(): Promise<void>;
  /** Logs in hand and threads there. */
  load(): { logs: number; threads: number };
  /** Ends the threads; what they were reading is rejected. */
  close(): Promise<void>;
}

const SILENCE_MS = 30_000;
const DROP_MS = 5_000;
/** Several times what a long log needs; docs/decisions/0009 has the figures. */
const HEAP_MB = 256;
/** Most of what a line needs is gone with the line: a larger nursery would only let the process grow. */
const YOUNG_MB = 32;
/** Logs share a thread, because most of the time each waits for its download; never so many that one would wait for its turn. */
const LOGS_PER_THREAD = 64;
/** In a build the entry is JavaScript, like this file. */
const ENTRY = new URL(`digest-thread${import.meta.url.slice(-3)}`, import.meta.url);

/** Starts nothing before the first use. */
export function createLogThreads(options: LogThreadsOptions): LogThreads {
  return new ThreadedLogReader(options);
}

/** Touches the way of every log once: marks, a failure, a secret. */
const SHORT_LOG =
  '##[group]Run make\nmake\n##[endgroup]\nerror: token=none\n##[error]Process completed with exit code 1.\n';

type Pool = Piscina<DigestTask, JobDigest>;

interface Links {
  link: ThreadLink;
  /** For the passing log, where one may come. */
  beside: ThreadLink | null;
}

class ThreadedLogReader implements LogThreads {
  private readonly options: LogThreadsOptions;
  private pool: Pool | null = null;
  private reading = 0;
  private isClosed = false;
  private ending: Promise<unknown> = Promise.resolve();

  constructor(options: LogThreadsOptions) {
    this.options = options;
  }

  async digest(source: Readable, request: LogRequest): Promise<JobDigest> {
    const { metrics } = this.options;
    const startedAt = performance.now();
    let outcome = 'failed';
    this.reading += 1;
    try {
      const digest = await this.read(source, request);
      outcome = 'read';
      metrics.logBytes.add(digest.size.bytes);
      return digest;
    } finally {
      this.reading -= 1;
      metrics.logSeconds.observe((performance.now() - startedAt) / 1_000, { outcome });
    }
  }

  async warmUp(): Promise<void> {
    const signal = new AbortController().signal;
    const once = () => this.read(Readable.from([Buffer.from(SHORT_LOG)]), { job: null, signal });
    try {
      await Promise.all(Array.from({ length: this.options.threads }, once));
    } catch (error) {
      if (!this.isClosed) this.options.log.warn({ error }, 'A log thread did not start');
    }
  }

  load(): { logs: number; threads: number } {
    return { logs: this.reading, threads: this.pool?.threads.length ?? 0 };
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.pool?.destroy();
  }

  private async read(source: Readable, { job, signal, passing }: LogRequest): Promise<JobDigest> {
    const silenceMs = this.options.silenceMs ?? SILENCE_MS;
    const link = openLink({ silenceMs });
    const beside = passing === undefined ? null : openLink({ silenceMs });
    const aborted = Promise.withResolvers<never>();
    const abort = (): void => aborted.reject(signal.reason);
    let digest: Promise<JobDigest> | null = null;
    // Whatever becomes of the rest: a stream that nobody takes would end the process with its error.
    if (passing !== undefined && beside !== null) void pumpPassing(passing, beside);
    source.on('error', () => {}); // what it has to say after we let it go
    try {
      await this.ending; // the pool would give a thread that is dying another log
      signal.throwIfAborted();
      signal.addEventListener('abort', abort);
      digest = this.run(job, { link, beside });
      // The job as it is here: copies made on the way are no better.
      return { ...(await Promise.race([digest, pump(source, link), link.silence, aborted.promise])), job };
    } catch (error) {
      if (!(error instanceof ThreadSilent)) throw error;
      this.end(link);
      throw new LogReaderFailedError(error.message, { cause: error });
    } finally {
      signal.removeEventListener('abort', abort);
      source.destroy();
      link.stop();
      beside?.stop();
      void this.letGo({ link, beside }, digest);
    }
  }

  private async run(job: LogRequest['job'], { link, beside }: Links): Promise<JobDigest> {
    const { redaction } = this.options;
    const [port, passing] = [link.far, beside?.far ?? null];
    const transferList = passing === null ? [port] : [port, passing];
    try {
      return await this.openPool().run({ job, redaction, port, passing }, { transferList });
    } catch (error) {
      throw new LogReaderFailedError('The thread that read the log ended before it was done', { cause: error });
    }
  }

  private openPool(): Pool {
    if (this.isClosed) throw new Error('The log threads are closed');
    if (this.pool !== null) return this.pool;
    const { threads, heapMb = HEAP_MB, entry = ENTRY, log } = this.options;
    const pool: Pool = new Piscina({
      filename: entry.href,
      name: 'digest',
      minThreads: threads,
      maxThreads: threads,
      concurrentTasksPerWorker: LOGS_PER_THREAD,
      // A thread that sleeps between two logs in place of polling would not let go of the last one's memory.
      atomics: 'disabled',
      resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: YOUNG_MB },
    });
    pool.on('error', (error: unknown) => log.warn({ error }, 'A log thread ended'));
    this.pool = pool;
    return pool;
  }

  /** A thread that does not let go of a log that nobody wants is stuck in it. */
  private async letGo({ link, beside }: Links, digest: Promise<JobDigest> | null): Promise<void> {
    const timer = setTimeout(() => this.end(link), this.options.dropMs ?? DROP_MS);
    timer.unref();
    await Promise.allSettled([digest]);
    clearTimeout(timer);
    link.close();
    beside?.close();
  }

  /** The pool rejects what else the thread was reading, and starts another one. */
  private end(link: ThreadLink): void {
    const id = link.threadId();
    const thread = this.pool?.threads.find(({ threadId }) => threadId === id);
    if (thread === undefined) return;
    this.options.log.warn({ threadId: id }, 'A log thread hung and was ended');
    this.ending = thread.terminate();
  }
}
