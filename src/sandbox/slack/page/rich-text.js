import { element } from './dom.js';
import { dateText, link, withEmoji } from './text.js';

/** A rich_text block. */
export function richText(block, names) {
  return element(
    'div',
    { class: 'rich-text' },
    block.elements.map((part) => partOf(part, names)),
  );
}

function partOf(part, names) {
  const leaves = () => part.elements.map((leaf) => leafOf(leaf, names));
  if (part.type === 'rich_text_preformatted') return element('pre', {}, leaves());
  if (part.type === 'rich_text_quote') return element('blockquote', {}, leaves());
  if (part.type === 'rich_text_list') {
    const items = part.elements.map((item) =>
      element(
        'li',
        {},
        item.elements.map((leaf) => leafOf(leaf, names)),
      ),
    );
    const indent = `indent-${Math.min(part.indent ?? 0, 4)}`;
    return element(part.style === 'ordered' ? 'ol' : 'ul', { class: indent }, items);
  }
  return element('div', { class: 'rich-section' }, leaves());
}

const STYLES = { bold: 'strong', italic: 'em', strike: 's', underline: 'u', code: 'code' };

function leafOf(leaf, names) {
  const plain = plainLeaf(leaf, names);
  return Object.entries(leaf.style ?? {})
    .filter(([name, isOn]) => isOn && Object.hasOwn(STYLES, name))
    .reduce((inner, [name]) => element(STYLES[name], {}, inner), plain);
}

function plainLeaf(leaf, names) {
  if (leaf.type === 'text') return leaf.text;
  if (leaf.type === 'link') return leaf.url ? link(leaf.url, leaf.text || leaf.url) : (leaf.text ?? '');
  if (leaf.type === 'user') return element('span', { class: 'mention' }, `@${names.user(leaf.user_id)}`);
  if (leaf.type === 'channel') return element('span', { class: 'mention' }, `#${names.channel(leaf.channel_id)}`);
  if (leaf.type === 'broadcast') return element('span', { class: 'mention broadcast' }, `@${leaf.range}`);
  if (leaf.type === 'emoji') return withEmoji(`:${leaf.name}:`);
  if (leaf.type === 'date') return element('time', { title: leaf.fallback }, dateText(leaf.timestamp, leaf.format));
  if (leaf.type === 'color') return element('code', {}, leaf.value);
  if (leaf.type === 'usergroup') return element('span', { class: 'mention' }, `@${leaf.usergroup_id}`);
  return leaf.team_id ?? '';
}
