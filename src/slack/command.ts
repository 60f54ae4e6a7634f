import type { z } from 'zod';
import type { Action } from '../auth/policy.ts';
import type { ChannelId } from '../domain/ids.ts';
import type { Asker } from '../domain/member.ts';
import type { Message } from '../domain/message.ts';
import { usageMessage, type CommandHelp } from '../messages/help.ts';
import type { ListenerContext } from './listener.ts';

export { suggest } from '../domain/suggest.ts';

/** What a person asks somewhere, in whatever way. */
export interface Question extends ListenerContext {
  asker: Asker;
  channelId: ChannelId;
  /** Answers the person now, for their eyes only. */
  say: (message: Message) => Promise<void>;
}

/** One use of a command, by a person who may use it; what `run` returns replaces what was said. */
export interface CommandCall extends Question {
  /** Unique for this use, also when Slack sends it again. */
  requestKey: string;
  responseUrl: string;
  /** Opens a window for the person, within three seconds. */
  triggerId: string;
  /** Every command there is, for help. */
  commands: readonly Command[];
}

/** A subcommand as the table knows it. */
export interface Command extends CommandHelp {
  needs: Action;
  /** Returns the answer, or null where it was given already or comes later. */
  invoke: (call: CommandCall, words: readonly string[]) => Promise<Message | null>;
}

interface CommandDefinition<Args> extends CommandHelp {
  needs: Action;
  args: z.ZodType<Args>;
  /** Said when the words do not fit `args`. */
  problem: string;
  run: (call: CommandCall, args: Args) => Promise<Message | null>;
}

/** A command is what help shows of it, the action it needs, a schema for its words, and `run`. */
export function defineCommand<Args>({ args, problem, run, ...command }: CommandDefinition<Args>): Command {
  return {
    ...command,
    async invoke(call, words) {
      const parsed = args.safeParse(words);
      return parsed.success ? run(call, parsed.data) : usageMessage(command, problem);
    },
  };
}

/** Longest command line that is looked at; a Slack message holds 4,000 characters. */
const LINE_MAX = 4_000;

/** The words of a command line. */
export function splitWords(line: string): string[] {
  return withPlainAddresses(line.slice(0, LINE_MAX))
    .split(/\s+/u)
    .filter((word) => word !== '');
}

/** Slack may have turned addresses into `<address|label>`; the address is taken. */
export function withPlainAddresses(line: string): string {
  return line.replaceAll(/<(https?:[^|>\s]+)(?:\|[^>]*)?>/giu, '$1');
}
