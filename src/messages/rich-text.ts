import type { KnownBlock, RichTextBlock, RichTextElement } from '@slack/types';
import type { ChannelId, UserGroupId, UserId } from '../domain/ids.ts';
import { clean, clip, oneLine, utc, webAddress } from './text.ts';

// Outside text goes into rich text and plain text only. Nothing in them is markup: `<!channel>`, `*` and backticks stay
// what they are, so there is nothing to forget to escape.

/** A piece of a line. */
export type Span = RichTextElement;

/** Longest text of one element; Slack documents none, 3,000 is its limit for a text object. */
const ELEMENT_MAX = 3_000;

/** Our own words, with their spaces and line breaks; what hides in an outside word among them is removed. */
export function text(words: string, style?: { bold?: boolean; italic?: boolean; strike?: boolean }): Span {
  return { type: 'text', text: clip(clean(words), ELEMENT_MAX) || ' ', ...(style && { style }) };
}

export function bold(words: string): Span {
  return text(words, { bold: true });
}

/** Outside text, on one line. */
export function plain(
  outside: string,
  max: number,
  style?: { bold?: boolean; italic?: boolean; strike?: boolean },
): Span {
  return text(oneLine(outside, max), style);
}

/** Outside text in a fixed-width font, on one line. */
export function mono(outside: string, max: number): Span {
  return { type: 'text', text: oneLine(outside, max), style: { code: true } };
}

/** A link under our label; the label alone where the address is not one. */
export function link(address: string | null, label: string, style?: { bold?: boolean; code?: boolean }): Span {
  const url = webAddress(address);
  const words = oneLine(label, 300);
  if (url === null) return { type: 'text', text: words, ...(style && { style }) };
  return { type: 'link', url, text: words, ...(style && { style }) };
}

/** A person of the workspace, by the id that a request signed by Slack, a menu of Slack's, or Slack's own answer gave us. */
export function person(userId: UserId): Span {
  return { type: 'user', user_id: userId };
}

/** A user group, by the id that Slack gave us. */
export function userGroup(id: UserGroupId): Span {
  return { type: 'usergroup', usergroup_id: id };
}

/** A channel, by its id; Slack shows its name to those who may see it. */
export function channel(channelId: ChannelId): Span {
  return { type: 'channel', channel_id: channelId };
}

/** A moment in the reader's own time zone and words. */
export function moment(at: Date): Span {
  return {
    type: 'date',
    timestamp: Math.floor(at.getTime() / 1_000),
    format: '{date_short_pretty} {time}',
    fallback: utc(at),
  };
}

/** One paragraph; give line breaks as `text('\n')`. */
export function paragraph(...spans: Span[]): KnownBlock {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: spans }] };
}

/** A bulleted list, under a line of its own if there is one. */
export function bullets(lead: Span[], items: Span[][]): KnownBlock {
  const list = { type: 'rich_text_list', style: 'bullet', elements: items.map(section) } as const;
  return { type: 'rich_text', elements: lead.length > 0 ? [section(lead), list] : [list] };
}

function section(elements: Span[]) {
  return { type: 'rich_text_section', elements } as const;
}

/** Lines of a log as they are, in a fixed-width box; each line at most `lineMax`, all together at most `max`. */
export function code(lines: readonly string[], { lineMax, max }: { lineMax: number; max: number }): CodeBlock {
  const shown: string[] = [];
  let used = 0;
  for (const line of lines) {
    const words = clip(clean(line).replaceAll('\n', ' ').trimEnd(), lineMax);
    if (used + words.length + 1 > max) break;
    used += words.length + 1;
    shown.push(words);
  }
  return { block: preformatted(shown.join('\n')), shown: shown.length };
}

/** The block, and how many of the lines are in it. */
export interface CodeBlock {
  block: RichTextBlock;
  shown: number;
}

function preformatted(whole: string): RichTextBlock {
  const pieces: Array<{ type: 'text'; text: string }> = [];
  for (let rest = whole.trim() === '' ? '-' : whole; rest !== '';) {
    const piece = rest.length <= ELEMENT_MAX ? rest : clip(rest, ELEMENT_MAX + 1).slice(0, -1);
    pieces.push({ type: 'text', text: piece });
    rest = rest.slice(piece.length);
  }
  return { type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements: pieces }] };
}
