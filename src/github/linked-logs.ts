import type { LinkedLogSource } from '../domain/ports.ts';
import { GitHubUnavailableError, LogUnavailableError } from '../errors.ts';
import { createLogHosts, type HostOutcome } from './log-hosts.ts';
import { startedStream } from './logs.ts';
import { openLink } from './storage.ts';

/**
 * Logs that other CI systems keep, fetched behind the very guards that GitHub's own storage is fetched behind: from hosts that are
 * listed, nothing else, without following where they lead.
 */
export function createLinkedLogSource(idleMs?: number): LinkedLogSource {
  const judge = ({ url, hosts }: { url: string; hosts: readonly string[] }): HostOutcome =>
    createLogHosts({ listed: hosts, storage: [] }).judge(url);
  return {
    refusal(link) {
      const host = judge(link);
      return host.kind === 'refused' ? host.reason : null;
    },
    async open(link, signal) {
      const host = judge(link);
      if (host.kind === 'refused') throw new LogUnavailableError(`The address of the log is refused: ${host.reason}`);
      const answer = await openLink(host, signal, idleMs).catch((error: unknown) => {
        signal.throwIfAborted();
        throw new GitHubUnavailableError('The host of the log could not be reached', { cause: error });
      });
      if (answer.kind === 'opened') return startedStream(answer.body, signal);
      const status = answer.kind === 'failed' ? ` (${answer.status})` : '';
      throw new LogUnavailableError(`Its CI system does not have the log under the address that it gave${status}`);
    },
  };
}
