import { InvalidArgumentError } from 'commander';
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
