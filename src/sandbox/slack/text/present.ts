import { type Fields, isFields, textOf } from '../fields.ts';
import { parseMarkdown } from './markdown.ts';
import { parseMrkdwn } from './mrkdwn.ts';
import { safeUrl } from './nodes.ts';

/** A copy of blocks for the page: every marked-up text has its tree in `nodes`, and unsafe addresses are gone. */
export function presentBlocks(blocks: readonly Fields[]): Fields[] {
  return blocks.map(presentFields);
}

export function presentFields(value: Fields): Fields {
  const shown = Object.fromEntries(Object.entries(value).map(([key, field]) => [key, presentValue(key, field)]));
  const text = textOf(value, 'text');
  if (value['type'] === 'mrkdwn') return { ...shown, nodes: parseMrkdwn(text) };
  if (value['type'] === 'markdown') return { ...shown, nodes: parseMarkdown(text) };
  return shown;
}

const ADDRESSES = ['url', 'image_url', 'title_url', 'thumbnail_url'];

function presentValue(key: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => presentValue('', item));
  if (isFields(value)) return presentFields(value);
  return ADDRESSES.includes(key) && typeof value === 'string' ? (safeUrl(value) ?? undefined) : value;
}
