import { InvalidArgumentError } from 'commander';
import { CiSourceName, LogHost } from '../domain/ci.ts';
import { ChannelId, WorkspaceId } from '../domain/ids.ts';

// What people type behind options; what does not fit ends the command with a sentence.

/** A port that can be listened on. */
export function toPort(typed: string): number {
  const port = /^\d{1,5}$/u.test(typed) ? Number(typed) : 0;
  if (port < 1 || port > 65_535) throw new InvalidArgumentError('A port is a number from 1 to 65535.');
  return port;
}

/** How many lines are wanted. */
export function toLines(typed: string): number {
  const lines = /^\d{1,4}$/u.test(typed) ? Number(typed) : 0;
  if (lines < 1 || lines > 1000) throw new InvalidArgumentError('A number of lines is from 1 to 1000.');
  return lines;
}

/** A workspace by its id. */
export function toWorkspace(typed: string): WorkspaceId {
  const id = WorkspaceId.safeParse(typed);
  if (!id.success) throw new InvalidArgumentError('A workspace is its id in Slack, such as T0ACME.');
  return id.data;
}

/** A channel by its id. */
export function toChannel(typed: string): ChannelId {
  const id = ChannelId.safeParse(typed);
  if (!id.success) throw new InvalidArgumentError('A channel is its id in Slack, such as C0PAYMENTS.');
  return id.data;
}

/** What a source is to be called. */
export function toSourceName(typed: string): CiSourceName {
  const name = CiSourceName.safeParse(typed);
  if (!name.success) {
    throw new InvalidArgumentError('A source is called by lower-case letters, digits and hyphens, at most 30.');
  }
  return name.data;
}

/** One more host from which logs may be fetched. */
export function toLogHosts(typed: string, before: readonly string[]): string[] {
  const host = LogHost.safeParse(typed);
  if (!host.success) throw new InvalidArgumentError('A host is host, host:port or *.domain, without https://.');
  return [...before, host.data];
}
