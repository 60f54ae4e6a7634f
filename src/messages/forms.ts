import type { ContextActionsBlock, DataTableBlock, KnownBlock } from '@slack/types';
import type { Message } from '../domain/message.ts';
import { actions, button, LIMITS, section } from './blocks.ts';
import { code } from './rich-text.ts';
import { unescape } from './text.ts';

/** The message without anything that Slack could refuse: its fallback text, unescaped again, in one plain block. */
export function plainForm({ text }: Message): Message {
  return { text, blocks: [section(unescape(text))] };
}

/**
 * What to try, one after another, where Slack refuses a message: the same without the newer blocks, which not every client and
 * workspace has yet; then words only.
 */
export function simplerForms(refused: Message): Message[] {
  const blocks = refused.blocks.flatMap(withOlderBlocks).slice(0, LIMITS.messageBlocks);
  const isChanged = blocks.some((block, index) => block !== refused.blocks[index]);
  return [...(isChanged ? [{ ...refused, blocks }] : []), plainForm(refused)];
}

function withOlderBlocks(block: KnownBlock): KnownBlock[] {
  if (block.type === 'context_actions') return plainFeedback(block);
  if (block.type === 'container') return [section(block.title?.text ?? ''), ...block.child_blocks];
  return block.type === 'data_table' ? plainTable(block) : [block];
}

/** A line for each row but the first, which names the columns. */
function plainTable({ caption, rows }: DataTableBlock): KnownBlock[] {
  const lines = rows.slice(1).map((cells) => cells.map(wordsOf).join('  '));
  const { block } = code(lines, { lineMax: 160, max: 5_000 });
  return [section(caption), block];
}

function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(wordsOf).join('');
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([key, part]) => (key === 'text' && typeof part === 'string' ? part : wordsOf(part)))
    .join('');
}

function plainFeedback(block: ContextActionsBlock): KnownBlock[] {
  const buttons = block.elements.flatMap((element) => {
    if (element.type !== 'feedback_buttons') return [];
    const { positive_button: positive, negative_button: negative, action_id: actionId = '' } = element;
    return [
      button(positive.text.text, { actionId: `${actionId}:up`, value: positive.value }),
      button(negative.text.text, { actionId: `${actionId}:down`, value: negative.value }),
    ];
  });
  return actions(...buttons);
}
