import type { Ack, CommandRequest } from '../contract.ts';
import { parseFields } from '../fields.ts';
import { addMessage } from '../messages.ts';
import { commandForm } from '../outgoing/interactions.ts';
import { mustFindChannel, mustFindMember } from '../world.ts';
import { SLACKBOT, type Stand } from './stand.ts';

/** Types a slash command: the app's answer in the acknowledgement is shown, and so is its silence. */
export async function runCommand(stand: Stand, request: CommandRequest): Promise<Ack> {
  const { world, app, urls } = stand;
  const { user, channel, text, command = '/cortex' } = request;
  mustFindMember(world, user);
  const place = mustFindChannel(world, channel);
  const responseUrl = urls.open({ channelId: channel, userId: user, message: null });
  const form = commandForm(world, { userId: user, channelId: channel, command, text, responseUrl });
  const ack = await app.send({ endpoint: 'commands', kind: 'command', subject: `${command} ${text}`, form });
  if (ack.status !== 200) {
    const problem = ack.status === 0 ? 'operation_timeout' : 'dispatch_failed';
    addMessage(world, place, {
      userId: SLACKBOT,
      text: `${command} failed with the error "${problem}"`,
      ephemeralFor: user,
    });
    return ack;
  }
  if (ack.body.trim() !== '') urls.answer(responseUrl, parseFields(ack.body) ?? { text: ack.body });
  return ack;
}
