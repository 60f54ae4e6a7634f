import type { Readable } from 'node:stream';
import { type Baseline, readBaseline } from '../../src/analysis/baseline.ts';
import { digestLog } from '../../src/analysis/digest.ts';
import { createRedactor, type Redaction } from '../../src/analysis/redact.ts';
import type { LogReader } from '../../src/domain/ports.ts';

/** Reads logs without a thread: for tests that ask what comes of a log, not where it is read. */
export function anInProcessLogReader(redaction: Redaction): LogReader {
  return {
    async digest(source, { job, signal, passing }) {
      const aborted = Promise.withResolvers<never>();
      const abort = (): void => aborted.reject(signal.reason);
      signal.addEventListener('abort', abort);
      try {
        signal.throwIfAborted();
        const comparison = passing === undefined ? {} : { passing: readPassing(passing) };
        const redactor = createRedactor(redaction);
        const digest = digestLog(source, { job, redactor, signal, ...comparison });
        return await Promise.race([digest, aborted.promise]);
      } finally {
        signal.removeEventListener('abort', abort);
        source.destroy();
      }
    },
  };
}

async function readPassing(passing: Promise<Readable | null>): Promise<Baseline | null> {
  try {
    const source = await passing;
    return source && (await readBaseline(source));
  } catch {
    return null;
  }
}
