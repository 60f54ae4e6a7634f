import type { StoredMessage, StoredView } from '../contract.ts';
import { type Fields, fieldsOf, isFields, listOf, textOf } from '../fields.ts';
import type { World } from '../world.ts';
import { parseMarkdown } from './markdown.ts';
import { parseMrkdwn } from './mrkdwn.ts';
import type { TextNode } from './nodes.ts';

/** A message or a view as plain text that a person can read in a terminal. */
export function renderText(
  world: World,
  shown: (Pick<StoredMessage, 'text' | 'blocks'> & Partial<Pick<StoredMessage, 'files'>>) | StoredView,
): string {
  const names: Names = {
    user: (id) => `@${world.members.get(id)?.name ?? id}`,
    channel: (id) => `#${world.channels.get(id)?.name ?? id}`,
    group: (id) => `@${world.userGroups.get(id)?.handle ?? id}`,
  };
  const files = 'files' in shown ? (shown.files ?? []).map(({ name, title }) => `[file: ${name}] ${title}`) : [];
  const blocks = [...shown.blocks.map((block) => blockText(block, names)), ...files].filter((text) => text !== '');
  if (blocks.length > 0) return blocks.join('\n');
  return 'text' in shown ? nodesText(parseMrkdwn(shown.text), names) : '';
}

interface Names {
  user: (id: string) => string;
  channel: (id: string) => string;
  group: (id: string) => string;
}

function blockText(block: Fields, names: Names): string {
  const type = textOf(block, 'type');
  if (type === 'header') return `== ${objectText(block['text'], names)} ==`;
  if (type === 'divider') return '---';
  if (type === 'markdown') return nodesText(parseMarkdown(textOf(block, 'text')), names);
  if (type === 'rich_text') return richTextOf(block, names);
  if (type === 'image') return `[image: ${textOf(block, 'alt_text')}]`;
  if (type === 'table' || type === 'data_table') return tableText(block, names);
  if (type === 'container') return containerText(block, names);
  if (type === 'input')
    return `${objectText(block['label'], names)}: ${elementText(fieldsOf(block, 'element'), names)}`;
  const parts = [block['text'], block['title'], block['subtitle'], block['body'], ...listOf(block, 'fields')]
    .map((part) => (typeof part === 'string' ? part : objectText(part, names)))
    .filter((text) => text !== '');
  const elements = [...listOf(block, 'elements'), ...listOf(block, 'actions')].map((element) =>
    elementText(element, names),
  );
  const accessory = isFields(block['accessory']) ? [elementText(fieldsOf(block, 'accessory'), names)] : [];
  return [...parts, [...elements, ...accessory].filter((text) => text !== '').join(' ')]
    .filter((text) => text !== '')
    .join('\n');
}

function containerText(block: Fields, names: Names): string {
  const title = isFields(block['rich_text_title'])
    ? richTextOf(fieldsOf(block, 'rich_text_title'), names)
    : objectText(block['title'], names);
  const heading = [title, objectText(block['subtitle'], names)].filter((text) => text !== '').join(' - ');
  const children = listOf(block, 'child_blocks').map((child) => blockText(child, names));
  return [`[${heading}]`, ...children.map((child) => indent(child, '  '))].join('\n');
}

function objectText(value: unknown, names: Names): string {
  if (!isFields(value)) return '';
  const text = textOf(value, 'text');
  return value['type'] === 'mrkdwn' ? nodesText(parseMrkdwn(text), names) : text;
}

function elementText(element: Fields, names: Names): string {
  const type = textOf(element, 'type');
  if (type === 'plain_text' || type === 'mrkdwn') return objectText(element, names);
  if (type === 'image') return `[image: ${textOf(element, 'alt_text')}]`;
  if (type === 'card') return blockText(element, names);
  if (type === 'feedback_buttons') {
    const labels = ['positive_button', 'negative_button'].map((key) =>
      objectText(fieldsOf(element, key)['text'], names),
    );
    return labels.map((label) => `[${label}]`).join(' ');
  }
  const label = objectText(element['text'], names) || objectText(element['placeholder'], names);
  return label === '' ? `[${type}]` : `[${label}]`;
}

function tableText(block: Fields, names: Names): string {
  const rows = Array.isArray(block['rows']) ? block['rows'] : [];
  const lines = rows.map((row) =>
    (Array.isArray(row) ? row.filter(isFields) : [])
      .map((cell) => (cell['type'] === 'rich_text' ? richTextOf(cell, names) : textOf(cell, 'text')))
      .join(' | '),
  );
  return [textOf(block, 'caption'), ...lines].filter((line) => line !== '').join('\n');
}

function richTextOf(block: Fields, names: Names): string {
  return listOf(block, 'elements')
    .map((part) => richPart(part, names))
    .join('\n');
}

function richPart(part: Fields, names: Names): string {
  const type = textOf(part, 'type');
  if (type === 'rich_text_list') {
    const marks = part['style'] === 'ordered' ? (index: number) => `${index + 1}. ` : () => '- ';
    return listOf(part, 'elements')
      .map((item, index) => marks(index) + richPart(item, names))
      .join('\n');
  }
  const text = listOf(part, 'elements')
    .map((leaf) => leafText(leaf, names))
    .join('');
  if (type === 'rich_text_preformatted') return indent(text.replace(/\n$/u, ''), '    ');
  return type === 'rich_text_quote' ? indent(text, '> ') : text;
}

function leafText(leaf: Fields, names: Names): string {
  const type = textOf(leaf, 'type');
  if (type === 'user') return names.user(textOf(leaf, 'user_id'));
  if (type === 'usergroup') return names.group(textOf(leaf, 'usergroup_id'));
  if (type === 'channel') return names.channel(textOf(leaf, 'channel_id'));
  if (type === 'emoji') return `:${textOf(leaf, 'name')}:`;
  if (type === 'broadcast') return `@${textOf(leaf, 'range')}`;
  if (type === 'date') return textOf(leaf, 'fallback') || new Date(Number(leaf['timestamp']) * 1000).toISOString();
  return textOf(leaf, 'text') || textOf(leaf, 'url');
}

function nodesText(nodes: readonly TextNode[], names: Names): string {
  return nodes
    .map((node) => nodeText(node, names))
    .join('')
    .replace(/\n$/u, '');
}

function nodeText(node: TextNode, names: Names): string {
  switch (node.type) {
    case 'text':
    case 'code':
      return node.text;
    case 'pre':
      return `${indent(node.text, '    ')}\n`;
    case 'break':
      return '\n';
    case 'link':
      return node.text === node.url ? node.url : `${node.text} (${node.url})`;
    case 'user':
    case 'channel':
      return names[node.type](node.id);
    case 'broadcast':
      return `@${node.range}`;
    case 'date':
      return node.fallback || new Date(node.timestamp * 1000).toISOString();
    case 'list':
      return node.items
        .map((item, index) => `${node.isOrdered ? `${index + 1}.` : '-'} ${nodesText(item, names)}\n`)
        .join('');
    case 'bold':
    case 'italic':
    case 'strike':
      return nodesText(node.children, names);
    case 'quote':
      return `${indent(nodesText(node.children, names), '> ')}\n`;
    case 'paragraph':
    case 'heading':
      return `${nodesText(node.children, names)}\n`;
    default:
      return node satisfies never;
  }
}

function indent(text: string, by: string): string {
  return text
    .split('\n')
    .map((line) => by + line)
    .join('\n');
}
