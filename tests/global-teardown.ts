import { stopServers } from './support/services-registry.ts';

/** Stops what the set-up started, also after a failed run. */
export default async function tearDown(): Promise<void> {
  await stopServers();
}
