import { element } from './dom.js';
import { interactive } from './elements.js';
import { richText } from './rich-text.js';
import { table } from './table.js';
import { textObject, textOf } from './text.js';

/**
 * Blocks as DOM. `context` has `names` (user and channel ids to names), `send(element, value, block)` for what is clicked or
 * chosen, and in modals `input(block)` for input blocks.
 */
export function blocks(list, context) {
  return list.map((block) => element('div', { class: `block block-${block.type}` }, one(block, context)));
}

function one(block, context) {
  const render = Object.hasOwn(BLOCKS, block.type) ? BLOCKS[block.type] : unknown;
  return render(block, context);
}

const unknown = (block) => element('em', { class: 'muted' }, `This page cannot show a ${block.type} block.`);

function section(block, context) {
  const text = block.text && element('div', { class: 'section-text' }, textObject(block.text, context.names));
  const fields = block.fields?.map((field) => element('div', { class: 'field' }, textObject(field, context.names)));
  return [
    element('div', { class: 'section-main' }, text, fields && element('div', { class: 'fields' }, fields)),
    block.accessory && element('div', { class: 'accessory' }, elementOf(block.accessory, block, context)),
  ];
}

function elementOf(item, block, context) {
  if (item.type === 'image') return picture(item, 'thumbnail');
  return interactive(item, block, context);
}

function picture(item, name) {
  if (!item.image_url) return element('span', { class: 'muted' }, item.alt_text);
  return element('img', {
    class: name,
    src: item.image_url,
    alt: item.alt_text,
    title: item.alt_text,
    loading: 'lazy',
  });
}

function contextBlock(block, context) {
  return block.elements.map((item) =>
    item.type === 'image'
      ? picture(item, 'context-image')
      : element('span', { class: 'context-text' }, textObject(item, context.names)),
  );
}

const openContainers = new Map();

function container(block, context) {
  const title = block.rich_text_title
    ? richText(block.rich_text_title, context.names)
    : element('span', {}, textObject(block.title, context.names));
  const heading = element(
    'span',
    { class: 'container-heading' },
    block.icon && picture(block.icon, 'context-image'),
    element('span', { class: 'container-title' }, title),
    block.subtitle && element('span', { class: 'container-subtitle' }, textObject(block.subtitle, context.names)),
  );
  const children = blocks(block.child_blocks, context);
  if (!block.is_collapsible) {
    const divider = block.has_header_divider ? ' divided' : '';
    return element(
      'div',
      { class: `container${divider}` },
      element('div', { class: 'container-head' }, heading),
      children,
    );
  }
  const key = `${context.key}/${block.block_id ?? ''}/${block.title?.text ?? ''}`;
  const isOpen = openContainers.get(key) ?? !block.default_collapsed;
  const details = element(
    'details',
    { class: 'container', open: isOpen },
    element('summary', { class: 'container-head' }, heading),
    element('div', { class: 'container-body' }, children),
  );
  details.addEventListener('toggle', () => openContainers.set(key, details.open));
  return details;
}

function card(block, context) {
  return element(
    'div',
    { class: 'card' },
    block.hero_image && picture(block.hero_image, 'hero'),
    block.title && element('div', { class: 'card-title' }, textObject(block.title, context.names)),
    block.subtitle && element('div', { class: 'muted' }, textObject(block.subtitle, context.names)),
    block.body && element('div', {}, textObject(block.body, context.names)),
    block.actions &&
      element(
        'div',
        { class: 'row' },
        block.actions.map((item) => elementOf(item, block, context)),
      ),
  );
}

function imageBlock(block, context) {
  const title = block.title && element('figcaption', {}, textObject(block.title, context.names));
  return element('figure', {}, title, picture(block, 'picture'));
}

const STATUS = { pending: '○', in_progress: '◔', complete: '●', error: '✕' };

function taskCard(block, context) {
  return element(
    'div',
    { class: 'card' },
    element('div', { class: 'card-title' }, `${STATUS[block.status] ?? ''} ${block.title}`),
    block.details && richText(block.details, context.names),
    block.output && richText(block.output, context.names),
  );
}

const row = (block, context) =>
  element(
    'div',
    { class: 'row' },
    block.elements.map((item) => elementOf(item, block, context)),
  );

const BLOCKS = {
  actions: row,
  alert: (block, { names }) =>
    element('div', { class: `alert alert-${block.level ?? 'default'}` }, textObject(block.text, names)),
  card,
  carousel: (block, context) =>
    element(
      'div',
      { class: 'carousel' },
      block.elements.map((item) => card(item, context)),
    ),
  container,
  context: contextBlock,
  context_actions: row,
  data_table: (block, { names }) => table(block, names),
  divider: () => element('hr'),
  header: (block, { names }) => element('h3', {}, textObject(block.text, names)),
  image: imageBlock,
  input: (block, context) => context.input?.(block) ?? inlineInput(block, context),
  markdown: (block, { names }) => element('div', { class: 'markdown' }, textOf(block.nodes ?? [], names)),
  plan: (block, context) =>
    element(
      'div',
      {},
      element('strong', {}, block.title),
      (block.tasks ?? []).map((task) => taskCard(task, context)),
    ),
  rich_text: (block, { names }) => richText(block, names),
  section,
  table: (block, { names }) => table(block, names),
  task_card: taskCard,
  video: (block, { names }) => element('div', {}, textObject(block.title, names)),
};

/** Outside of modals an input only acts where it dispatches. */
function inlineInput(block, context) {
  return element(
    'label',
    { class: 'input-label' },
    textObject(block.label, context.names),
    elementOf(block.element, block, context),
  );
}
