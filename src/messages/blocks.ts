import type { Button, ContainerBlock, KnownBlock, Overflow, RichTextBlock } from '@slack/types';
import type { Message } from '../domain/message.ts';
import { clean, clip, escape, oneLine, webAddress } from './text.ts';

/** Slack's limits, in characters and counts: docs.slack.dev/reference/block-kit/blocks. */
export const LIMITS = {
  header: 150,
  plainText: 3_000,
  buttonText: 75,
  buttonValue: 2_000,
  actionId: 255,
  options: 100,
  optionText: 75,
  optionValue: 150,
  placeholder: 150,
  foldTitle: 150,
  foldBlocks: 10,
  tableRows: 100,
  actions: 25,
  messageBlocks: 50,
  viewBlocks: 100,
  /** Slack refuses a view of more than 250,000 bytes of JSON (`view_too_large`); the frame around the blocks counts, too. */
  viewBytes: 240_000,
  /**
   * All text of one message. Slack documents no sum, but answers `msg_blocks_too_long` from about 11,000 characters on
   * (seen by other clients), so we stay well below.
   */
  messageText: 9_000,
} as const;

/** How long the fallback text may get; notifications show less. */
const FALLBACK_MAX = 400;

/** A message with its fallback text, which is escaped here and nowhere else. */
export function message(fallback: string, blocks: KnownBlock[]): Message {
  return { text: escape(oneLine(fallback, FALLBACK_MAX)), blocks: withinBudget(blocks) };
}

/** A message that says one thing, in a few sentences of ours and outside words. */
export function sentence(words: string): Message {
  return message(words, [section(words)]);
}

/** The message under a line of its own. */
export function withLead(lead: KnownBlock, { text, blocks }: Message): Message {
  return { text, blocks: withinBudget([lead, ...blocks]) };
}

/** Leaves out the blocks that would not fit; buttons and the closing note are small and stay. */
function withinBudget(blocks: KnownBlock[]): KnownBlock[] {
  const isLight = ({ type }: KnownBlock): boolean => ['actions', 'context', 'context_actions'].includes(type);
  let left = LIMITS.messageText;
  for (const block of blocks.filter(isLight)) left -= textLength(block);
  const fitting = blocks.filter((block) => {
    const length = isLight(block) ? 0 : textLength(block);
    if (length > left) return false;
    left -= length;
    return true;
  });
  return fitting.slice(0, LIMITS.messageBlocks);
}

/** The blocks of a window, as far as Slack takes it: what does not fit is left out, and the closing note stays. */
export function withinView(blocks: readonly KnownBlock[]): KnownBlock[] {
  const last = blocks.slice(-1);
  let left = LIMITS.viewBytes - last.reduce((sum, block) => sum + sentBytes(block), 0);
  const fitting = blocks.slice(0, -1).filter((block) => {
    const bytes = sentBytes(block);
    if (bytes > left) return false;
    left -= bytes;
    return true;
  });
  return [...fitting.slice(0, LIMITS.viewBlocks - last.length), ...last];
}

/** The most that a block may count: a character beyond ASCII may travel as `\uXXXX`. */
function sentBytes(block: KnownBlock): number {
  return JSON.stringify(block).replaceAll(/[^\p{ASCII}]/gu, (mark) => 'uXXXX.'.repeat(mark.length)).length;
}

/** How many characters of text a block (or a whole message) carries. */
export function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, part) => sum + textLength(part), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, part]) => sum + (key === 'text' && typeof part === 'string' ? part.length : textLength(part)),
    0,
  );
}

export function header(words: string): KnownBlock {
  return { type: 'header', text: plainText(oneLine(words, LIMITS.header)) };
}

/** Plain words, in which nothing is markup. */
export function section(words: string): KnownBlock {
  return { type: 'section', text: plainText(clip(clean(words).trim(), LIMITS.plainText) || '-') };
}

/** Small grey text. */
export function note(words: string): KnownBlock {
  return { type: 'context', elements: [plainText(oneLine(words, 500))] };
}

export function divider(): KnownBlock {
  return { type: 'divider' };
}

/** What only some want to see: closed until somebody opens it. */
export function fold(title: string, { subtitle, blocks }: { subtitle: string; blocks: FoldedBlock[] }): KnownBlock {
  return {
    type: 'container',
    title: plainText(oneLine(title, LIMITS.foldTitle)),
    subtitle: plainText(oneLine(subtitle, LIMITS.foldTitle)),
    child_blocks: blocks.slice(0, LIMITS.foldBlocks),
    is_collapsible: true,
    default_collapsed: true,
  };
}

export type FoldedBlock = ContainerBlock['child_blocks'][number];

/** A table that can be paged and sorted; the first row names the columns. Rows beyond Slack's limit are left out. */
export function dataTable(
  caption: string,
  { head, rows }: { head: readonly string[]; rows: ReadonlyArray<readonly RichTextBlock[]> },
): KnownBlock {
  const names = head.map((name) => ({ type: 'raw_text', text: name }) as const);
  const shown = rows.slice(0, LIMITS.tableRows - 1).map((cells) => [...cells]);
  return { type: 'data_table', caption: oneLine(caption, 150), page_size: TABLE_PAGE, rows: [names, ...shown] };
}

const TABLE_PAGE = 10;

/** A menu of one thing to choose, in a row of its own; no block at all where there is nothing to choose. */
export function optionMenu(
  placeholder: string,
  { actionId }: { actionId: string },
  choices: ReadonlyArray<{ value: string; label: string }>,
): KnownBlock[] {
  const options = choices.slice(0, LIMITS.options).map(({ value, label }) => ({
    text: plainText(oneLine(label, LIMITS.optionText)),
    value: clip(value, LIMITS.optionValue),
  }));
  if (options.length === 0) return [];
  const words = plainText(oneLine(placeholder, LIMITS.placeholder));
  return [{ type: 'actions', elements: [{ type: 'static_select', action_id: actionId, placeholder: words, options }] }];
}

/** A row of buttons; no block at all where there is none to show. */
export function actions(...buttons: Array<Button | Overflow | null>): KnownBlock[] {
  const elements = buttons.filter((button) => button !== null).slice(0, LIMITS.actions);
  return elements.length > 0 ? [{ type: 'actions', elements }] : [];
}

interface ButtonOptions {
  /** Unique within the message. */
  actionId: string;
  value: string;
  /** Asked before the click counts. */
  confirm?: { title: string; question: string; yes: string };
}

/** A button that tells us. */
export function button(label: string, { actionId, value, confirm }: ButtonOptions): Button {
  return {
    type: 'button',
    text: plainText(oneLine(label, LIMITS.buttonText)),
    action_id: clip(actionId, LIMITS.actionId),
    value: clip(value, LIMITS.buttonValue),
    ...(confirm && { confirm: confirmation(confirm), style: 'danger' as const }),
  };
}

/** docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object: 100, 300 and 30 characters. */
function confirmation({ title, question, yes }: NonNullable<ButtonOptions['confirm']>) {
  return {
    title: plainText(oneLine(title, 100)),
    text: plainText(oneLine(question, 300)),
    confirm: plainText(oneLine(yes, 30)),
    deny: plainText('Cancel'),
    style: 'danger' as const,
  };
}

/** A button that opens a page; null where the address is not one. Slack tells us of the click all the same. */
export function linkButton(label: string, { actionId, url }: { actionId: string; url: string | null }): Button | null {
  const address = webAddress(url);
  if (address === null) return null;
  return {
    type: 'button',
    text: plainText(oneLine(label, LIMITS.buttonText)),
    action_id: clip(actionId, LIMITS.actionId),
    url: address,
  };
}

/** A text without markup, as fields of windows and buttons take it. */
export function plainText(text: string) {
  // Without emoji, `:tada:` in a commit message stays text.
  return { type: 'plain_text', text, emoji: false } as const;
}
