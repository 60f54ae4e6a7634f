import { element } from './dom.js';
import { askFirst } from './confirm.js';
import { textObject, withEmoji } from './text.js';
import { field } from './fields.js';

/** A button, menu or other thing to act on; it reports through `context.send(element, value, block)`. */
export function interactive(item, block, context) {
  if (item.type === 'button' || item.type === 'workflow_button') return button(item, block, context);
  if (item.type === 'icon_button') return iconButton(item, block, context);
  if (item.type === 'feedback_buttons') return feedback(item, block, context);
  if (item.type === 'overflow') return overflow(item, block, context);
  const made = field(item, context, (value) => dispatch(item, value, { block, context, holder: made.holder }));
  return made.holder;
}

async function dispatch(item, value, { block, context, holder }) {
  if (!(await askFirst(item.confirm, context.names))) return;
  holder?.classList.add('busy');
  try {
    await context.send(item, value, block);
  } finally {
    holder?.classList.remove('busy');
  }
}

function button(item, block, context) {
  const made = element(
    item.url ? 'a' : 'button',
    {
      class: `button ${item.style === 'primary' || item.style === 'danger' ? item.style : ''}`,
      'aria-label': item.accessibility_label,
      ...(item.url ? { href: item.url, target: '_blank', rel: 'noopener noreferrer' } : { type: 'button' }),
      onclick: () => void dispatch(item, undefined, { block, context, holder: made }),
    },
    textObject(item.text, context.names),
  );
  return made;
}

function iconButton(item, block, context) {
  const made = element(
    'button',
    {
      class: 'icon-button',
      type: 'button',
      title: item.text.text,
      'aria-label': item.accessibility_label ?? item.text.text,
      onclick: () => void dispatch(item, undefined, { block, context, holder: made }),
    },
    '🗑',
  );
  return made;
}

function feedback(item, block, context) {
  const pair = [
    ['👍', item.positive_button],
    ['👎', item.negative_button],
  ];
  const buttons = pair.map(([sign, { text, value, accessibility_label }]) => {
    const made = element(
      'button',
      {
        class: 'icon-button',
        type: 'button',
        title: text.text,
        'aria-label': accessibility_label ?? text.text,
        onclick: () => {
          for (const other of buttons) other.classList.toggle('chosen', other === made);
          void dispatch(item, value, { block, context, holder: made });
        },
      },
      sign,
    );
    return made;
  });
  return element('span', { class: 'feedback' }, buttons);
}

function overflow(item, block, context) {
  const choose = (option) => {
    menu.open = false;
    if (option.url) window.open(option.url, '_blank', 'noopener');
    void dispatch(item, option.value ?? '', { block, context, holder: menu });
  };
  const menu = element(
    'details',
    { class: 'overflow' },
    element('summary', { class: 'button', 'aria-label': 'More actions' }, '⋯'),
    element(
      'div',
      { class: 'menu' },
      item.options.map((option) =>
        element('button', { type: 'button', onclick: () => choose(option) }, withEmoji(option.text.text)),
      ),
    ),
  );
  return menu;
}
