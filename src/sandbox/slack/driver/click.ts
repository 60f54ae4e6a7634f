import type { Ack, ClickRequest, StoredMessage, StoredView } from '../contract.ts';
import { fieldsOf, textOf, type Fields } from '../fields.ts';
import { elementsOf, findMessage } from '../messages.ts';
import { messageActionPayload, shortcutPayload, viewActionPayload, type Choice } from '../outgoing/interactions.ts';
import { findOption, findView, initialValues, valueOf } from '../views.ts';
import { mustFindChannel, mustFindMember, type World } from '../world.ts';
import type { Stand } from './stand.ts';

/** Clicks a button or chooses in a menu. Throws where there is nothing of that name to click. */
export async function runClick(stand: Stand, request: ClickRequest): Promise<Ack> {
  mustFindMember(stand.world, request.user);
  if (request.view !== undefined) return clickView(stand, request, viewFor(stand.world, request.user, request.view));
  const message = messageFor(stand.world, request);
  const choice = choiceIn(message.blocks, request);
  const responseUrl = stand.urls.open({ channelId: message.channelId, userId: request.user, message });
  const values = initialValues(message.blocks);
  applyChoice(values, choice);
  const payload = messageActionPayload(stand.world, { userId: request.user, message, choice, responseUrl, values });
  return sendAction(stand, choice, payload);
}

/** Chooses something of the app's in the menu of a message. */
export function runShortcut(
  { world, app, urls }: Stand,
  { callbackId, ...place }: { user: string; channel: string; ts: string; callbackId: string },
): Promise<Ack> {
  mustFindMember(world, place.user);
  const message = messageFor(world, place);
  // An answer is no edit of the message whose menu it was: the first one is a message of its own.
  const responseUrl = urls.open({ channelId: message.channelId, userId: place.user, message: null });
  const payload = shortcutPayload(world, { userId: place.user, message, callbackId, responseUrl });
  const form = { payload: JSON.stringify(payload) };
  return app.send({ endpoint: 'interactions', kind: 'message_action', subject: callbackId, form });
}

async function clickView(stand: Stand, request: ClickRequest, view: StoredView): Promise<Ack> {
  const choice = choiceIn(view.blocks, request);
  applyChoice(view.values, choice);
  return sendAction(stand, choice, viewActionPayload(stand.world, { userId: request.user, view, choice }));
}

function sendAction({ app }: Stand, { element }: Choice, payload: Fields): Promise<Ack> {
  return app.send({
    endpoint: 'interactions',
    kind: 'block_actions',
    subject: textOf(element, 'action_id'),
    form: { payload: JSON.stringify(payload) },
  });
}

function viewFor(world: World, user: string, view: string): StoredView {
  const found = view === 'home' ? world.homes.get(user) : findView(world, view);
  if (!found) throw new Error(`There is no view ${view} for ${user}`);
  return found;
}

function messageFor(world: World, { user, channel, ts }: ClickRequest): StoredMessage {
  const message = findMessage(mustFindChannel(world, channel ?? ''), ts ?? '');
  if (!message || (message.ephemeralFor ?? user) !== user)
    throw new Error(`${user} sees no message ${ts} in ${channel}`);
  return message;
}

function choiceIn(blocks: readonly Fields[], { actionId, text, value }: ClickRequest): Choice {
  const all = elementsOf(blocks);
  for (const { block, element } of all) {
    const isNamed = actionId === undefined || element['action_id'] === actionId;
    const pick = isNamed ? pickOf(element, { text, value }) : undefined;
    if (pick !== undefined) return { block, element, value: pick };
  }
  const there = all.map(({ element }) => `${textOf(element, 'action_id')} "${labelOf(element)}"`).join(', ');
  throw new Error(`There is no ${actionId ?? `"${text}"`} to click; there is: ${there || 'nothing'}`);
}

const labelOf = (element: Fields): string => textOf(fieldsOf(element, 'text'), 'text');

interface Wish {
  text: string | undefined;
  value: string | readonly string[] | undefined;
}

/** What of this element is meant: null for a button itself, a value for a choice in it, undefined for nothing. */
function pickOf(element: Fields, { text, value }: Wish): Choice['value'] | undefined {
  const type = textOf(element, 'type');
  if (type === 'feedback_buttons') return feedbackOf(element, { text, value });
  if (type.endsWith('button')) {
    const isMeant =
      (text === undefined || labelOf(element) === text) && (value === undefined || element['value'] === value);
    return isMeant ? null : undefined;
  }
  if (text !== undefined && value === undefined) return optionValue(element, text);
  if (value === undefined) return null;
  const hasOptions = element['options'] !== undefined || element['option_groups'] !== undefined;
  const values = typeof value === 'string' ? [value] : value;
  return !hasOptions || values.every((one) => findOption(element, one)) ? value : undefined;
}

function feedbackOf(element: Fields, { text, value }: Wish): string | undefined {
  const buttons = ['positive_button', 'negative_button'].map((key) => fieldsOf(element, key));
  const found = buttons.find((button) => (value === undefined ? labelOf(button) === text : button['value'] === value));
  return found ? textOf(found, 'value') : undefined;
}

function optionValue(element: Fields, text: string): string | undefined {
  const options = [element, ...groupsOf(element)].flatMap((from) => optionsOf(from));
  const found = options.find((option) => labelOf(option) === text);
  return found ? textOf(found, 'value') : undefined;
}

const optionsOf = (from: Fields): Fields[] => {
  const options = from['options'];
  return Array.isArray(options) ? options : [];
};
const groupsOf = (element: Fields): Fields[] => {
  const groups = element['option_groups'];
  return Array.isArray(groups) ? groups : [];
};

function applyChoice(values: Record<string, Record<string, Fields>>, { block, element, value }: Choice): void {
  const ofBlock = values[textOf(block, 'block_id')];
  const actionId = textOf(element, 'action_id');
  if (ofBlock?.[actionId]) ofBlock[actionId] = valueOf(element, value);
}
