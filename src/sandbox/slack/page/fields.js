import { element } from './dom.js';
import { textObject } from './text.js';

/**
 * A thing that holds a value: its DOM in `holder`, its value from `read()`. `changed` hears each choice; `state` is Slack's
 * form of what it shows at first.
 */
export function field(item, context, changed = () => undefined, state) {
  const chosen = chosenOf(item, state);
  if (item.type === 'checkboxes' || item.type === 'radio_buttons') return choices(item, { context, changed, chosen });
  if (item.type.endsWith('_select')) return menu(item, { context, changed, chosen });
  return typed(item, { changed, chosen });
}

/** The values that are chosen at first, as a list of strings. */
function chosenOf(item, state) {
  if (state) {
    const values = Object.entries(state)
      .filter(([key]) => key !== 'type')
      .map(([, value]) => value);
    return values
      .flat()
      .filter((value) => value !== null && value !== undefined)
      .map((value) => value.value ?? String(value));
  }
  const initial = Object.entries(item)
    .filter(([key]) => key.startsWith('initial_'))
    .map(([, value]) => value);
  return initial.flat().map((value) => value?.value ?? String(value));
}

function optionsOf(item, { people, channels }) {
  if (item.option_groups) return item.option_groups.flatMap((group) => group.options);
  if (item.options) return item.options;
  if (item.type.includes('users'))
    return people.filter((person) => !person.isBot).map(({ id, realName }) => plain(id, realName));
  return channels.map(({ id, name }) => plain(id, `#${name}`));
}

const plain = (value, text) => ({ value, text: { type: 'plain_text', text } });

function choices(item, { context, changed, chosen }) {
  const isMany = item.type === 'checkboxes';
  const group = `choice-${Math.random().toString(36).slice(2)}`;
  const inputs = item.options.map((option) => {
    const input = element('input', { type: isMany ? 'checkbox' : 'radio', name: group, value: option.value });
    input.checked = chosen.includes(option.value);
    return [input, option];
  });
  const read = () => {
    const values = inputs.filter(([input]) => input.checked).map(([input]) => input.value);
    return isMany ? values : (values[0] ?? null);
  };
  const labels = inputs.map(([input, option]) =>
    element(
      'label',
      { class: 'choice' },
      input,
      element(
        'span',
        {},
        textObject(option.text, context.names),
        option.description && element('small', {}, textObject(option.description, context.names)),
      ),
    ),
  );
  return { holder: element('div', { class: 'choices', onchange: () => changed(read()) }, labels), read };
}

function menu(item, { context, changed, chosen }) {
  const isMany = item.type.startsWith('multi_');
  const options = optionsOf(item, context);
  const first = isMany ? [] : [element('option', { value: '' }, item.placeholder?.text ?? 'Choose ...')];
  const select = element(
    'select',
    { class: 'select', multiple: isMany, size: isMany ? Math.min(6, Math.max(3, options.length)) : undefined },
    first,
    options.map((option) => element('option', { value: option.value }, option.text.text)),
  );
  for (const option of select.options) option.selected = option.value !== '' && chosen.includes(option.value);
  if (!isMany && chosen.length === 0) select.value = '';
  const read = () =>
    isMany ? [...select.selectedOptions].map((option) => option.value) : select.value === '' ? null : select.value;
  select.addEventListener('change', () => {
    if (select.value !== '' || isMany) changed(read());
  });
  return { holder: select, read };
}

const TYPES = {
  datepicker: 'date',
  timepicker: 'time',
  datetimepicker: 'datetime-local',
  number_input: 'number',
  email_text_input: 'email',
  url_text_input: 'url',
};

function typed(item, { changed, chosen }) {
  const isLong = item.multiline === true || item.type === 'rich_text_input';
  const input = element(isLong ? 'textarea' : 'input', {
    class: 'text-input',
    type: isLong ? undefined : (TYPES[item.type] ?? 'text'),
    placeholder: item.placeholder?.text,
    maxlength: item.max_length,
    rows: isLong ? 4 : undefined,
  });
  input.value = chosen[0] ?? '';
  const read = () => {
    if (input.value === '') return null;
    return item.type === 'datetimepicker' ? String(Math.floor(new Date(input.value).getTime() / 1000)) : input.value;
  };
  input.addEventListener('change', () => {
    if (read() !== null) changed(read());
  });
  return { holder: input, read };
}
