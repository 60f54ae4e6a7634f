import type { App, SlashCommand } from '@slack/bolt';
import { unknownCommandMessage } from '../../messages/help.ts';
import type { Message } from '../../domain/message.ts';
import { splitWords, suggest, type Command } from '../command.ts';
import { askerOf, channelOf, isAllowed, type ListenerContext, type RequestContext } from '../listener.ts';
import { COMMAND_NAME } from '../options.ts';
import { connect } from './connect.ts';
import { doctor } from './doctor.ts';
import { flaky } from './flaky.ts';
import { help } from './help.ts';
import { muteHere } from './mute.ts';
import { settings } from './settings.ts';
import { status } from './status.ts';
import { subscribeHere } from './subscribe.ts';
import { subscriptionsHere } from './subscriptions.ts';
import { summarize } from './summarize.ts';
import { unsubscribeHere } from './unsubscribe.ts';
import { usage } from './usage.ts';
import { whoami } from './whoami.ts';

/** Every command, in the order in which help shows them. */
export const COMMANDS: readonly Command[] = [
  summarize,
  subscribeHere,
  unsubscribeHere,
  subscriptionsHere,
  muteHere,
  status,
  flaky,
  usage,
  settings,
  connect,
  whoami,
  doctor,
  help,
];

/** Answers `/cortex …`. The request was acknowledged before; what is said here is for the asker's eyes only. */
export function registerCommands(app: App, context: ListenerContext): void {
  app.command(COMMAND_NAME, ({ command, context: request }) => runCommand(context, command, request));
}

async function runCommand(
  context: ListenerContext,
  slash: SlashCommand,
  request: RequestContext & { requestKey?: string },
): Promise<void> {
  const asker = askerOf(request, slash.user_id);
  const responseUrl = slash.response_url;
  const say = (message: Message) => context.respond(responseUrl, message, { replaceOriginal: true });
  const [name = 'help', ...words] = splitWords(slash.text);
  const command = COMMANDS.find((known) => known.name === name.toLowerCase());
  const action = (command ?? help).needs;
  if (!(await isAllowed(context, { asker, action, refuse: say }))) return;
  if (command === undefined) {
    const meant = suggest(
      name,
      COMMANDS.map((each) => each.name),
    );
    await say(unknownCommandMessage(name, meant && [meant, ...words].join(' ')));
    return;
  }
  const channelId = channelOf(slash.channel_id);
  const requestKey = request.requestKey ?? slash.trigger_id;
  const answer = await command.invoke(
    { ...context, asker, channelId, requestKey, responseUrl, triggerId: slash.trigger_id, commands: COMMANDS, say },
    words,
  );
  if (answer !== null) await say(answer);
}
