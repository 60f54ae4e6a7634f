import { type Fields, isFields, listOf as fieldsIn, textOf } from '../fields.ts';
import { BLOCKS, SURFACES } from './blocks.ts';
import { LIMITS } from './limits.ts';
import { plainText } from './objects.ts';
import { anything, at, byType, fail, flag, listOf, oneOf, shape, text, type Report } from './rule.ts';

/** Slack's error code, with its sentences. */
export interface Refusal {
  error: string;
  messages: string[];
}

/** What Slack refuses in a message, or null. `blocks` may be anything that the app sent. */
export function refuseMessage(message: { text: string; blocks?: unknown }): Refusal | null {
  const hasBlocks = Array.isArray(message.blocks) && message.blocks.length > 0;
  if (message.blocks === undefined || (Array.isArray(message.blocks) && !hasBlocks)) {
    if (message.text.trim() === '') return { error: 'no_text', messages: ['[ERROR] no text and no blocks'] };
  }
  if (message.text.length > LIMITS.messageText) {
    return { error: 'msg_too_long', messages: [`[ERROR] text must be less than ${LIMITS.messageText + 1} characters`] };
  }
  if (message.blocks === undefined) return null;
  const report: Report = { pointer: '/blocks', problems: [] };
  listOf(
    byType(() => BLOCKS, SURFACES.message),
    { max: LIMITS.messageBlocks, min: 0 },
  )(message.blocks, report);
  checkIds(message.blocks, report);
  checkTables(message.blocks, report);
  if (report.problems.length > 0) return { error: 'invalid_blocks', messages: report.problems };
  const length = blocksLength(message.blocks);
  if (length <= LIMITS.blocksText) return null;
  return {
    error: 'msg_blocks_too_long',
    messages: [`[ERROR] blocks hold ${length} characters, over ${LIMITS.blocksText}`],
  };
}

const viewFields = {
  private_metadata: text(LIMITS.privateMetadata, 0),
  callback_id: text(LIMITS.callbackId, 0),
  external_id: text(LIMITS.externalId, 0),
};
const viewBlocks = (surface: 'home' | 'modal') =>
  listOf(
    byType(() => BLOCKS, SURFACES[surface]),
    { max: LIMITS.viewBlocks, min: 0 },
  );

const VIEWS = {
  home: shape({ required: { type: anything, blocks: viewBlocks('home') }, optional: viewFields }),
  modal: shape({
    required: { type: anything, title: plainText(LIMITS.modalTitle), blocks: viewBlocks('modal') },
    optional: {
      submit: plainText(LIMITS.modalButton),
      close: plainText(LIMITS.modalButton),
      clear_on_close: flag,
      notify_on_close: flag,
      submit_disabled: flag,
      ...viewFields,
    },
    also: (view, report) => {
      const asks = fieldsIn(view, 'blocks').some((block) => block['type'] === 'input');
      if (asks && view['submit'] === undefined) fail(report, 'missing required field: submit');
    },
  }),
};

/** What Slack refuses in a view, or null. */
export function refuseView(view: unknown, surface: 'home' | 'modal'): Refusal | null {
  const report: Report = { pointer: '/view', problems: [] };
  if (isFields(view) && view['type'] !== surface) oneOf(surface)(view['type'], at(report, 'type'));
  else VIEWS[surface](view, report);
  if (isFields(view)) checkIds(view['blocks'], at(report, 'blocks'));
  if (report.problems.length > 0) return { error: 'invalid_arguments', messages: report.problems };
  const bytes = Buffer.byteLength(JSON.stringify(view));
  return bytes > LIMITS.viewBytes
    ? { error: 'view_too_large', messages: [`[ERROR] the view has ${bytes} bytes`] }
    : null;
}

/** The text in all blocks, with what each block itself costs. */
export function blocksLength(blocks: unknown): number {
  const count = Array.isArray(blocks) ? blocks.length : 0;
  return textLength(blocks) + count * LIMITS.blockOverhead;
}

function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + textLength(item), 0);
  if (!isFields(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [key, field]) => sum + (key === 'text' && typeof field === 'string' ? field.length : textLength(field)),
    0,
  );
}

/** Block ids are unique in a message or view, action ids within their block. */
function checkIds(blocks: unknown, report: Report): void {
  if (!Array.isArray(blocks)) return;
  const seen = new Set<string>();
  for (const [index, block] of blocks.entries()) {
    const blockId = textOf(block, 'block_id');
    if (blockId && seen.has(blockId)) fail(at(at(report, index), 'block_id'), `block_id ${blockId} already exists`);
    seen.add(blockId);
    checkActionIds(block, at(report, index));
    if (isFields(block)) checkIds(block['child_blocks'], at(at(report, index), 'child_blocks'));
  }
}

function checkActionIds(block: unknown, report: Report): void {
  const seen = new Set<string>();
  const interactive: Fields[] = [...fieldsIn(block, 'elements'), ...fieldsIn(block, 'actions')];
  for (const [index, element] of interactive.entries()) {
    const actionId = textOf(element, 'action_id');
    if (actionId && seen.has(actionId)) {
      fail(at(at(at(report, 'elements'), index), 'action_id'), `action_id ${actionId} already exists`);
    }
    seen.add(actionId);
  }
}

/** Slack takes one `table` a message (docs.slack.dev/reference/block-kit/blocks/table-block). */
function checkTables(blocks: unknown, report: Report): void {
  const tables = Array.isArray(blocks) ? blocks.filter((block) => textOf(block, 'type') === 'table') : [];
  if (tables.length > 1) fail(report, 'only_one_table_allowed');
}
