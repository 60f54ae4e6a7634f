import { act } from './api.js';
import { blocks } from './blocks.js';
import { byId, element } from './dom.js';
import { field } from './fields.js';
import { textObject } from './text.js';

let shown = null;

/** Shows the uppermost of the person's modals, or none. What was typed stays while the modal is updated. */
export function showModal(views, context) {
  const view = views.at(-1);
  const version = view && `${view.id} ${view.hash} ${JSON.stringify(view.errors)}`;
  if (shown?.version === version) return;
  const typed = shown && view && shown.id === view.id ? readAll(shown.fields) : {};
  shown?.dialog.close();
  shown?.dialog.remove();
  shown = view ? { id: view.id, version, ...build(view, { context, typed }) } : null;
  if (!shown) return;
  byId('dialogs').append(shown.dialog);
  shown.dialog.showModal();
}

const readAll = (fields) => Object.fromEntries([...fields].map(([blockId, read]) => [blockId, read()]));

function build(view, { context, typed }) {
  const fields = new Map();
  const user = context.me.id;
  const input = (block) => {
    const state = view.values[block.block_id]?.[block.element.action_id];
    const before = typed[block.block_id];
    const kept = before === undefined ? state : { type: block.element.type, value: before };
    const dispatch = (value) =>
      block.dispatch_action && act('click', { user, view: view.id, actionId: block.element.action_id, value });
    const { holder, read } = field(block.element, context, dispatch, kept);
    fields.set(block.block_id, read);
    return labelled(block, { holder, error: view.errors[block.block_id], names: context.names });
  };
  const send = (item, value) => act('click', { user, view: view.id, actionId: item.action_id, value });
  const body = blocks(view.blocks, { ...context, key: view.id, input, send });
  const form = element(
    'form',
    {
      class: 'modal-form',
      novalidate: true,
      onsubmit: (event) => {
        event.preventDefault();
        void submit(form, view.id, readAll(fields));
      },
    },
    head(view, context),
    element('div', { class: 'modal-body' }, body),
    foot(view),
  );
  const dialog = element('dialog', { class: 'modal' }, form);
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    void act('dismiss', { view: view.id });
  });
  return { dialog, fields };
}

async function submit(form, view, values) {
  form.classList.add('busy');
  try {
    await act('submit', { view, values });
  } finally {
    form.classList.remove('busy');
  }
}

function head(view, context) {
  return element(
    'header',
    { class: 'modal-head' },
    element('span', { class: 'avatar app small', 'aria-hidden': 'true' }, context.app.name.slice(0, 1)),
    element('h2', {}, textObject(view.title, context.names)),
    element(
      'button',
      {
        type: 'button',
        class: 'icon-button',
        'aria-label': 'Close',
        onclick: () => void act('dismiss', { view: view.id }),
      },
      '✕',
    ),
  );
}

function foot(view) {
  return element(
    'footer',
    { class: 'modal-foot' },
    element(
      'button',
      { type: 'button', class: 'button', onclick: () => void act('dismiss', { view: view.id }) },
      view.close?.text ?? 'Cancel',
    ),
    view.submit && element('button', { type: 'submit', class: 'button primary' }, view.submit.text),
  );
}

function labelled(block, { holder, error, names }) {
  // A label around several boxes would tick the first of them.
  const isGroup = holder.classList.contains('choices');
  return element(
    isGroup ? 'div' : 'label',
    { class: `input-label${error ? ' wrong' : ''}`, role: isGroup ? 'group' : undefined },
    element(
      'span',
      { class: 'label-text' },
      textObject(block.label, names),
      block.optional && element('span', { class: 'muted' }, ' (optional)'),
    ),
    holder,
    error && element('span', { class: 'error', role: 'alert' }, error),
    block.hint && element('span', { class: 'hint' }, textObject(block.hint, names)),
  );
}
