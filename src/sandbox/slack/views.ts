import type { StoredView } from './contract.ts';
import { type Fields, fieldsOf, flagOf, isFields, listOf, textOf } from './fields.ts';
import { elementsOf, withIds } from './messages.ts';
import { newId, type World } from './world.ts';

/** Makes a view of what the app sent; `below` is the modal that it lies on. */
export function buildView(sent: Fields, place: { teamId: string; userId: string; below?: StoredView }): StoredView {
  const id = newId('V');
  const view: StoredView = {
    id,
    teamId: place.teamId,
    userId: place.userId,
    type: textOf(sent, 'type') === 'home' ? 'home' : 'modal',
    hash: '',
    rootViewId: place.below?.rootViewId ?? id,
    previousViewId: place.below?.id ?? null,
    callbackId: '',
    privateMetadata: '',
    externalId: '',
    blocks: [],
    title: null,
    submit: null,
    close: null,
    clearOnClose: false,
    notifyOnClose: false,
    errors: {},
    values: {},
  };
  refreshView(view, sent);
  return view;
}

/** Takes over what the app sent; what is filled in stays for fields that keep their ids. */
export function refreshView(view: StoredView, sent: Fields): void {
  const before = view.values;
  view.hash = `${Math.floor(Date.now() / 1000)}.${newId('h').slice(2, 10).toLowerCase()}`;
  view.callbackId = textOf(sent, 'callback_id');
  view.privateMetadata = textOf(sent, 'private_metadata');
  view.externalId = textOf(sent, 'external_id');
  view.title = partOf(sent, 'title');
  view.submit = partOf(sent, 'submit');
  view.close = partOf(sent, 'close');
  view.clearOnClose = flagOf(sent, 'clear_on_close');
  view.notifyOnClose = flagOf(sent, 'notify_on_close');
  view.blocks = withIds(listOf(sent, 'blocks'));
  view.errors = {};
  view.values = initialValues(view.blocks);
  for (const [blockId, fields] of Object.entries(view.values)) {
    for (const actionId of Object.keys(fields)) {
      const kept = before[blockId]?.[actionId];
      if (kept) fields[actionId] = kept;
    }
  }
}

function partOf(sent: Fields, key: string): Fields | null {
  const part = sent[key];
  return isFields(part) ? part : null;
}

/** How Slack's API shows a view. */
export function viewJson(view: StoredView, world: World): Fields {
  const team = world.teams.get(view.teamId);
  return {
    id: view.id,
    team_id: view.teamId,
    type: view.type,
    blocks: view.blocks,
    private_metadata: view.privateMetadata,
    callback_id: view.callbackId,
    state: { values: view.values },
    hash: view.hash,
    title: view.title ?? { type: 'plain_text', text: 'View Title', emoji: true },
    clear_on_close: view.clearOnClose,
    notify_on_close: view.notifyOnClose,
    close: view.close,
    submit: view.submit,
    previous_view_id: view.previousViewId,
    root_view_id: view.rootViewId,
    app_id: world.appId,
    external_id: view.externalId,
    app_installed_team_id: view.teamId,
    bot_id: team?.botId ?? '',
  };
}

/** By its id or external id. */
export function findView(world: World, id: string): StoredView | undefined {
  const all = [...world.homes.values(), ...[...world.modals.values()].flat()];
  return all.find((view) => view.id === id || (view.externalId !== '' && view.externalId === id));
}

/** Takes the modal, and what lies on it, away. */
export function closeModal(world: World, view: StoredView): void {
  const stack = world.modals.get(view.userId) ?? [];
  const index = stack.indexOf(view);
  if (index > 0) world.modals.set(view.userId, stack.slice(0, index));
  else if (index === 0) world.modals.delete(view.userId);
  world.changed();
}

/** Elements that hold a value (buttons and overflow menus do not). */
const STATEFUL = /^(checkboxes|radio_buttons|datepicker|timepicker|datetimepicker|number_input|.*_select|.*_input)$/u;

/** The `state.values` of blocks as they are shown first. */
export function initialValues(blocks: readonly Fields[]): Record<string, Record<string, Fields>> {
  const values: Record<string, Record<string, Fields>> = {};
  for (const { block, element } of elementsOf(blocks)) {
    if (!STATEFUL.test(textOf(element, 'type'))) continue;
    const ofBlock = (values[textOf(block, 'block_id')] ??= {});
    ofBlock[textOf(element, 'action_id')] = valueOf(element, initialChoice(element));
  }
  return values;
}

function initialChoice(element: Fields): string | string[] | null {
  const many = listOf(element, 'initial_options').map((option) => textOf(option, 'value'));
  for (const key of ['initial_conversations', 'initial_users', 'initial_channels']) {
    const ids = element[key];
    if (Array.isArray(ids)) many.push(...ids.map(String));
  }
  if (many.length > 0) return many;
  const one = [
    'initial_value',
    'initial_date',
    'initial_time',
    'initial_date_time',
    'initial_conversation',
    'initial_user',
    'initial_channel',
  ].find((key) => textOf(element, key) !== '');
  if (one) return textOf(element, one);
  return textOf(fieldsOf(element, 'initial_option'), 'value') || null;
}

/** The option with this value, in the element's options and groups. */
export function findOption(element: Fields, value: string): Fields | null {
  const grouped = listOf(element, 'option_groups').flatMap((group) => listOf(group, 'options'));
  const all = [...listOf(element, 'options'), ...grouped];
  return all.find((option) => textOf(option, 'value') === value) ?? null;
}

const ID_FIELDS: Readonly<Record<string, string>> = {
  conversations_select: 'selected_conversation',
  users_select: 'selected_user',
  channels_select: 'selected_channel',
  multi_conversations_select: 'selected_conversations',
  multi_users_select: 'selected_users',
  multi_channels_select: 'selected_channels',
  datepicker: 'selected_date',
  timepicker: 'selected_time',
  datetimepicker: 'selected_date_time',
};

/** An element's state in Slack's form. `choice` is text, option values, ids, a date or a time. */
export function valueOf(element: Fields, choice: string | readonly string[] | null): Fields {
  const type = textOf(element, 'type');
  const list = typeof choice === 'string' ? [choice] : [...(choice ?? [])];
  const single = list[0] ?? null;
  const idField = ID_FIELDS[type];
  if (type === 'datetimepicker') return { type, selected_date_time: single === null ? null : Number(single) };
  if (idField) return { type, [idField]: type.startsWith('multi_') ? list : single };
  if (type === 'checkboxes' || type.startsWith('multi_')) {
    return {
      type,
      selected_options: list.map((value) => findOption(element, value)).filter((option) => option !== null),
    };
  }
  if (type === 'radio_buttons' || type.endsWith('_select') || type === 'overflow') {
    return { type, selected_option: single === null ? null : findOption(element, single) };
  }
  return { type, value: single === '' ? null : single };
}

/** Whether a field of this state is filled in. */
export function isFilled(state: Fields | undefined): boolean {
  return Object.entries(state ?? {}).some(
    ([key, value]) => key !== 'type' && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
}
