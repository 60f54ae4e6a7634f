import type { Ports } from '../../src/domain/ports.ts';
import { fakeLog } from './fake-log.ts';
import { fakeMetrics } from './fake-metrics.ts';

/** The ports given, a log and metrics of its own, the system's clock. Any other is not there, and using it fails the test. */
export function fakePorts(given: Partial<Ports> = {}): Ports {
  const present = { clock: { now: () => new Date() }, log: fakeLog(), metrics: fakeMetrics(), ...given };
  return Object.assign(Object.create(null), present);
}
