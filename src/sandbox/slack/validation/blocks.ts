import type { Fields } from '../fields.ts';
import { ALLOWED_ELEMENTS, ELEMENTS } from './elements.ts';
import { LIMITS } from './limits.ts';
import { anyText, imageElement, imageSource, mrkdwnText, plainText } from './objects.ts';
import { richText } from './rich-text.ts';
import {
  anyOf,
  anything,
  byType,
  fail,
  flag,
  integer,
  listOf,
  oneOf,
  shape,
  text,
  url,
  type Report,
  type Rule,
  type Shape,
} from './rule.ts';

// One row for each block of @slack/types 3.2.0.

function block({ required = {}, optional = {}, also }: Shape): Rule {
  return shape({
    required: { type: anything, ...required },
    optional: { block_id: text(LIMITS.blockId), ...optional },
    ...(also ? { also } : {}),
  });
}

const elements = (allowed: readonly string[]): Rule => byType(() => ELEMENTS, allowed);
const contextElement = byType(
  () => ({ ...ELEMENTS, plain_text: anyText(LIMITS.text), mrkdwn: anyText(LIMITS.text) }),
  ['image', 'plain_text', 'mrkdwn'],
);

const cell = byType(() => ({
  rich_text: richText,
  raw_text: shape({ required: { type: anything, text: text(LIMITS.text) } }),
  raw_number: shape({
    required: {
      type: anything,
      value: (value, report) => typeof value === 'number' || fail(report, 'must be a number'),
      text: text(LIMITS.text),
    },
  }),
}));
const row = listOf(cell, { max: LIMITS.tableColumns });
const columnSetting = shape({ optional: { align: oneOf('left', 'center', 'right'), is_wrapped: flag } });

function collapsedNeedsCollapsible(value: Fields, report: Report): void {
  anyOf('title', 'rich_text_title')(value, report);
  if (value['default_collapsed'] === true && value['is_collapsible'] !== true) {
    fail(report, 'default_collapsed requires is_collapsible');
  }
}

/** All rows of a data_table are as wide as its header. */
function sameWidth(value: Fields, report: Report): void {
  const rows = Array.isArray(value['rows']) ? value['rows'] : [];
  const widths = new Set(rows.map((cells) => (Array.isArray(cells) ? cells.length : 0)));
  if (widths.size > 1) fail(report, 'all rows must have the same number of cells');
}

const CONTAINED = [
  'actions',
  'context',
  'divider',
  'file',
  'header',
  'image',
  'input',
  'rich_text',
  'section',
  'table',
  'video',
];

const taskCard = block({
  required: {
    task_id: text(255),
    title: text(LIMITS.text),
    status: oneOf('pending', 'in_progress', 'complete', 'error'),
  },
  optional: {
    details: richText,
    output: richText,
    sources: listOf(shape({ required: { type: oneOf('url'), url: url(LIMITS.url), text: text(LIMITS.text) } }), {
      max: LIMITS.options,
    }),
  },
});

const card = block({
  optional: {
    hero_image: imageElement,
    icon: imageElement,
    title: mrkdwnText(LIMITS.cardTitle),
    subtitle: mrkdwnText(LIMITS.cardTitle),
    body: mrkdwnText(LIMITS.cardBody),
    actions: listOf(elements(['button']), { max: LIMITS.contextActions }),
  },
  also: anyOf('hero_image', 'title', 'actions', 'body'),
});

export const BLOCKS: Readonly<Record<string, Rule>> = {
  actions: block({
    required: { elements: listOf(elements(ALLOWED_ELEMENTS.actions), { max: LIMITS.actionsElements }) },
  }),
  alert: block({
    required: { text: anyText(LIMITS.text) },
    optional: { level: oneOf('default', 'info', 'warning', 'error', 'success') },
  }),
  card,
  carousel: block({ required: { elements: listOf(card, { max: LIMITS.carouselCards }) } }),
  container: block({
    required: {
      child_blocks: listOf(
        byType(() => BLOCKS, CONTAINED),
        { max: LIMITS.containerBlocks },
      ),
    },
    optional: {
      title: plainText(LIMITS.containerTitle),
      rich_text_title: richText,
      subtitle: anyText(LIMITS.containerTitle),
      width: oneOf('narrow', 'standard', 'wide', 'full'),
      icon: imageElement,
      is_collapsible: flag,
      default_collapsed: flag,
      has_header_divider: flag,
    },
    also: collapsedNeedsCollapsible,
  }),
  context: block({ required: { elements: listOf(contextElement, { max: LIMITS.contextElements }) } }),
  context_actions: block({
    required: { elements: listOf(elements(ALLOWED_ELEMENTS.contextActions), { max: LIMITS.contextActions }) },
  }),
  data_table: block({
    required: { rows: listOf(row, { max: LIMITS.tableRows }), caption: text(LIMITS.text) },
    optional: {
      page_size: integer(1, LIMITS.dataTablePage),
      row_header_column_index: integer(0, LIMITS.tableColumns - 1),
    },
    also: sameWidth,
  }),
  divider: block({}),
  file: block({ required: { source: oneOf('remote'), external_id: text(255) } }),
  header: block({ required: { text: plainText(LIMITS.headerText) } }),
  image: block({
    required: { alt_text: text(LIMITS.altText) },
    optional: { title: plainText(LIMITS.imageTitle), ...imageSource },
    also: anyOf('image_url', 'slack_file'),
  }),
  input: block({
    required: { label: plainText(LIMITS.inputLabel), element: elements(ALLOWED_ELEMENTS.input) },
    optional: { hint: plainText(LIMITS.inputHint), optional: flag, dispatch_action: flag },
  }),
  markdown: block({ required: { text: text(LIMITS.markdown) } }),
  plan: block({
    required: { title: text(LIMITS.text) },
    optional: { tasks: listOf(taskCard, { max: LIMITS.messageBlocks, min: 0 }) },
  }),
  rich_text: richText,
  section: block({
    optional: {
      text: anyText(LIMITS.text),
      fields: listOf(anyText(LIMITS.fieldText), { max: LIMITS.sectionFields }),
      accessory: elements(ALLOWED_ELEMENTS.accessory),
      expand: flag,
    },
    also: anyOf('text', 'fields'),
  }),
  table: block({
    required: { rows: listOf(row, { max: LIMITS.tableRows }) },
    optional: { column_settings: listOf(columnSetting, { max: LIMITS.tableColumns, min: 0 }) },
  }),
  task_card: taskCard,
  video: block({
    required: {
      video_url: url(LIMITS.url),
      thumbnail_url: url(LIMITS.url),
      alt_text: text(LIMITS.altText),
      title: plainText(LIMITS.videoTitle),
    },
    optional: {
      title_url: url(LIMITS.url),
      author_name: text(LIMITS.videoAuthor),
      provider_name: text(255),
      provider_icon_url: url(LIMITS.url),
      description: plainText(LIMITS.text),
    },
  }),
};

const everywhere = [
  'actions',
  'context',
  'container',
  'divider',
  'header',
  'image',
  'input',
  'rich_text',
  'section',
  'video',
];

/** Where a block may stand; `file` stands nowhere, apps cannot send it. */
export const SURFACES = {
  message: [
    ...everywhere,
    'card',
    'carousel',
    'context_actions',
    'data_table',
    'markdown',
    'plan',
    'table',
    'task_card',
  ],
  home: [...everywhere, 'data_table', 'table', 'card', 'carousel'],
  modal: [...everywhere, 'alert', 'data_table', 'table', 'card', 'carousel'],
} as const;
