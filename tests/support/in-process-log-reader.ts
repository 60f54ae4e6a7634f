import { digestLog } from '../../src/analysis/digest.ts';
import { createRedactor, type Redaction } from '../../src/analysis/redact.ts';
import type { LogReader } from '../../src/domain/ports.ts';

/** Reads logs without a thread: for tests that ask what comes of a log, not where it is read. */
export function anInProcessLogReader(redaction: Redaction): LogReader {
  return {
    async digest(source, { job, signal }) {
      const aborted = Promise.withResolvers<never>();
      const abort = (): void => aborted.reject(signal.reason);
      signal.addEventListener('abort', abort);
      try {
        signal.throwIfAborted();
        const digest = digestLog(source, { job, redactor: createRedactor(redaction), signal });
        return await Promise.race([digest, aborted.promise]);
      } finally {
        signal.removeEventListener('abort', abort);
        source.destroy();
      }
    },
  };
}
