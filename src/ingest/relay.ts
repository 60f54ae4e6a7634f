import type { EventRelay } from '../domain/ports.ts';
import { CoreUnavailableError } from '../errors.ts';
import { createCoreConnection } from './core-connection.ts';

const PATH = '/api/v1/events';
/** The core answers within 8 s, whatever happens there. */
const WITHIN_MS = 9_000;

/** Connections of its own: however many CI systems send, GitHub's deliveries do not wait for them. */
export function createEventRelay(coreUrl: string): EventRelay & { close(): void } {
  const core = createCoreConnection(coreUrl);
  return {
    async relay({ headers, body }) {
      try {
        return await core.post(() => ({ path: PATH, headers, body: [body] }), WITHIN_MS);
      } catch (error) {
        throw new CoreUnavailableError('The core does not answer', { cause: error });
      }
    },
    close: () => core.close(),
  };
}
