import { createHash, randomUUID } from 'node:crypto';
import { JobId } from '../../src/domain/ids.ts';
import type { AcceptOutcome, Delivery, Intake, JobQueue, Log, Metrics } from '../../src/domain/ports.ts';

export interface LogEntry {
  level: 'debug' | 'info' | 'warn' | 'error';
  fields: Record<string, unknown>;
  sentence: string;
}

/** A log that keeps what it is told. */
export function aLog(): Log & { entries: LogEntry[] } {
  const entries: LogEntry[] = [];
  const open = (bound: object): Log => {
    const at = (level: LogEntry['level']) => (fields: object, sentence: string) => {
      entries.push({ level, fields: { ...bound, ...fields }, sentence });
    };
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => open({ ...bound, ...fields }),
    };
  };
  return { ...open({}), entries };
}

export interface Counted {
  metric: string;
  amount: number;
  labels: Record<string, string>;
}

/** Metrics that keep every addition. */
export function someMetrics(): Metrics & { counted: Counted[] } {
  const counted: Counted[] = [];
  const counter = (metric: string) => ({
    add: (amount: number, labels: Record<string, string> = {}) => void counted.push({ metric, amount, labels }),
  });
  return {
    counted,
    deliveries: counter('deliveries'),
    jobsFinished: counter('jobsFinished'),
    jobsRetried: counter('jobsRetried'),
    jobSeconds: { observe: (amount, labels = {}) => void counted.push({ metric: 'jobSeconds', amount, labels }) },
    analyses: counter('analyses'),
    modelTokens: counter('modelTokens'),
    messages: counter('messages'),
    swept: counter('swept'),
  };
}

/** Knows a delivery again by its id and its body, as the real one does. */
export function anIntake(): Intake & { stored: Delivery[] } {
  const known = new Set<string>();
  const stored: Delivery[] = [];
  return {
    stored,
    async accept(delivery): Promise<AcceptOutcome> {
      const key = `${delivery.deliveryId} ${delivery.bodyHash.toString('hex')}`;
      if (known.has(key)) return { kind: 'repeated' };
      known.add(key);
      stored.push(delivery);
      return { kind: 'stored', jobId: JobId.parse(randomUUID()) };
    },
  };
}

/** Takes wake-ups and does nothing with them. */
export function aQueue(): JobQueue & { woken: JobId[] } {
  const woken: JobId[] = [];
  return {
    description: 'a list in a test',
    woken,
    async wake(ids) {
      woken.push(...ids);
    },
    async work() {},
    isHealthy: async () => true,
    async close() {},
  };
}

export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
