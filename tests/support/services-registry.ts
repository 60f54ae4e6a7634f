interface Stoppable {
  stop(): Promise<void>;
}

declare global {
  // Set-up and tear-down are loaded apart from each other, so what they share cannot be a module's own variable.
  var cortexTestServers: Stoppable[] | undefined;
}

/** Has this server stopped at the end of the run. */
export function registerServer(server: Stoppable): void {
  globalThis.cortexTestServers ??= [];
  globalThis.cortexTestServers.push(server);
}

/** Stops all registered servers, last one first. */
export async function stopServers(): Promise<void> {
  for (const server of (globalThis.cortexTestServers ?? []).toReversed()) await server.stop();
  globalThis.cortexTestServers = [];
}
