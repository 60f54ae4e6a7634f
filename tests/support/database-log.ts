import type { Log } from '../../src/domain/ports.ts';

/** Says nothing: tests look at what is stored. */
export const quietLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => quietLog,
};
