import { expect, test } from '@jest/globals';
import { refuseMessage, refuseView } from '../../../src/sandbox/slack/validation/validate.ts';

const long = (length: number): string => 'x'.repeat(length);
const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const many = <Item>(count: number, item: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => item(index));
const button = (more: object = {}) => ({ type: 'button', text: plain('Go'), ...more });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const option = (more: object = {}) => ({ text: plain('a'), value: 'a', ...more });
const select = (more: object = {}) => ({ type: 'static_select', options: [option()], ...more });
const divider = { type: 'divider' };
const cell = { type: 'raw_text', text: 'x' };
const input = (element: object, more: object = {}) => ({ type: 'input', label: plain('L'), element, ...more });
const feedback = (label: string) => ({ text: plain(label), value: 'v' });
const card = { type: 'card', title: mrkdwn('t') };
const richText = (...elements: object[]) => ({ type: 'rich_text', elements });
const container = (more: object = {}) => ({ type: 'container', title: plain('t'), child_blocks: [divider], ...more });
const confirm = (more: object = {}) => ({ text: plain('Sure?'), ...more });

/** What passes at the limit, what fails past it, and where Slack points. */
const LIMITS: Array<[what: string, pointer: string, ok: object[], bad: object[]]> = [
  ['50 blocks a message', '/blocks', many(50, () => divider), many(51, () => divider)],
  [
    'section text of 3,000',
    '/blocks/0/text/text',
    [{ type: 'section', text: mrkdwn(long(3000)) }],
    [{ type: 'section', text: mrkdwn(long(3001)) }],
  ],
  [
    'no empty text',
    '/blocks/0/text/text',
    [{ type: 'section', text: mrkdwn('x') }],
    [{ type: 'section', text: mrkdwn('') }],
  ],
  [
    '10 fields',
    '/blocks/0/fields',
    [{ type: 'section', fields: many(10, () => plain('x')) }],
    [{ type: 'section', fields: many(11, () => plain('x')) }],
  ],
  [
    'a field of 2,000',
    '/blocks/0/fields/0/text',
    [{ type: 'section', fields: [plain(long(2000))] }],
    [{ type: 'section', fields: [plain(long(2001))] }],
  ],
  ['a section with text or fields', '/blocks/0', [{ type: 'section', text: plain('x') }], [{ type: 'section' }]],
  [
    'a header of 150',
    '/blocks/0/text/text',
    [{ type: 'header', text: plain(long(150)) }],
    [{ type: 'header', text: plain(long(151)) }],
  ],
  [
    'plain text in a header',
    '/blocks/0/text/type',
    [{ type: 'header', text: plain('x') }],
    [{ type: 'header', text: mrkdwn('x') }],
  ],
  [
    'plain text on a button',
    '/blocks/0/elements/0/text/type',
    [actions(button())],
    [actions(button({ text: mrkdwn('x') }))],
  ],
  [
    'button text of 75',
    '/blocks/0/elements/0/text/text',
    [actions(button({ text: plain(long(75)) }))],
    [actions(button({ text: plain(long(76)) }))],
  ],
  [
    'a button value of 2,000',
    '/blocks/0/elements/0/value',
    [actions(button({ value: long(2000) }))],
    [actions(button({ value: long(2001) }))],
  ],
  [
    'a button url of 3,000',
    '/blocks/0/elements/0/url',
    [actions(button({ url: `https://a.b/${long(2988)}` }))],
    [actions(button({ url: `https://a.b/${long(2989)}` }))],
  ],
  [
    'a url that is one',
    '/blocks/0/elements/0/url',
    [actions(button({ url: 'https://a.b' }))],
    [actions(button({ url: 'a.b' }))],
  ],
  [
    'a button style that exists',
    '/blocks/0/elements/0/style',
    [actions(button({ style: 'danger' }))],
    [actions(button({ style: 'red' }))],
  ],
  [
    'an accessibility label of 75',
    '/blocks/0/elements/0/accessibility_label',
    [actions(button({ accessibility_label: long(75) }))],
    [actions(button({ accessibility_label: long(76) }))],
  ],
  [
    'an action id of 255',
    '/blocks/0/elements/0/action_id',
    [actions(button({ action_id: long(255) }))],
    [actions(button({ action_id: long(256) }))],
  ],
  [
    'a block id of 255',
    '/blocks/0/block_id',
    [{ ...divider, block_id: long(255) }],
    [{ ...divider, block_id: long(256) }],
  ],
  [
    'block ids that differ',
    '/blocks/1/block_id',
    [
      { ...divider, block_id: 'a' },
      { ...divider, block_id: 'b' },
    ],
    [
      { ...divider, block_id: 'a' },
      { ...divider, block_id: 'a' },
    ],
  ],
  [
    'action ids that differ within a block',
    '/blocks/0/elements/1/action_id',
    [actions(button({ action_id: 'a' }), button({ action_id: 'b' }))],
    [actions(button({ action_id: 'a' }), button({ action_id: 'a' }))],
  ],
  [
    '10 context elements',
    '/blocks/0/elements',
    [{ type: 'context', elements: many(10, () => plain('x')) }],
    [{ type: 'context', elements: many(11, () => plain('x')) }],
  ],
  ['25 actions', '/blocks/0/elements', [actions(...many(25, () => button()))], [actions(...many(26, () => button()))]],
  [
    '5 context actions',
    '/blocks/0/elements',
    [{ type: 'context_actions', elements: many(5, () => ({ type: 'icon_button', icon: 'trash', text: plain('x') })) }],
    [{ type: 'context_actions', elements: many(6, () => ({ type: 'icon_button', icon: 'trash', text: plain('x') })) }],
  ],
  [
    'feedback labels of 75',
    '/blocks/0/elements/0/positive_button/text/text',
    [
      {
        type: 'context_actions',
        elements: [{ type: 'feedback_buttons', positive_button: feedback(long(75)), negative_button: feedback('x') }],
      },
    ],
    [
      {
        type: 'context_actions',
        elements: [{ type: 'feedback_buttons', positive_button: feedback(long(76)), negative_button: feedback('x') }],
      },
    ],
  ],
  [
    'option text of 75',
    '/blocks/0/elements/0/options/0/text/text',
    [actions(select({ options: [option({ text: plain(long(75)) })] }))],
    [actions(select({ options: [option({ text: plain(long(76)) })] }))],
  ],
  [
    'an option value of 150',
    '/blocks/0/elements/0/options/0/value',
    [actions(select({ options: [option({ value: long(150) })] }))],
    [actions(select({ options: [option({ value: long(151) })] }))],
  ],
  [
    'an option description of 75',
    '/blocks/0/elements/0/options/0/description/text',
    [actions(select({ options: [option({ description: plain(long(75)) })] }))],
    [actions(select({ options: [option({ description: plain(long(76)) })] }))],
  ],
  [
    'plain text in a menu',
    '/blocks/0/elements/0/options/0/text/type',
    [actions(select())],
    [actions(select({ options: [option({ text: mrkdwn('x') })] }))],
  ],
  [
    '100 options',
    '/blocks/0/elements/0/options',
    [actions(select({ options: many(100, () => option()) }))],
    [actions(select({ options: many(101, () => option()) }))],
  ],
  ['options or groups', '/blocks/0/elements/0', [actions(select())], [actions({ type: 'static_select' })]],
  [
    '10 radio buttons',
    '/blocks/0/elements/0/options',
    [actions({ type: 'radio_buttons', options: many(10, () => option()) })],
    [actions({ type: 'radio_buttons', options: many(11, () => option()) })],
  ],
  [
    '5 overflow options',
    '/blocks/0/elements/0/options',
    [actions({ type: 'overflow', options: many(5, () => option()) })],
    [actions({ type: 'overflow', options: many(6, () => option()) })],
  ],
  [
    'a placeholder of 150',
    '/blocks/0/elements/0/placeholder/text',
    [actions(select({ placeholder: plain(long(150)) }))],
    [actions(select({ placeholder: plain(long(151)) }))],
  ],
  [
    'a confirm title of 100',
    '/blocks/0/elements/0/confirm/title/text',
    [actions(button({ confirm: confirm({ title: plain(long(100)) }) }))],
    [actions(button({ confirm: confirm({ title: plain(long(101)) }) }))],
  ],
  [
    'a confirm text of 300',
    '/blocks/0/elements/0/confirm/text/text',
    [actions(button({ confirm: { text: plain(long(300)) } }))],
    [actions(button({ confirm: { text: plain(long(301)) } }))],
  ],
  [
    'a confirm button of 30',
    '/blocks/0/elements/0/confirm/confirm/text',
    [actions(button({ confirm: confirm({ confirm: plain(long(30)) }) }))],
    [actions(button({ confirm: confirm({ confirm: plain(long(31)) }) }))],
  ],
  [
    'a date that is one',
    '/blocks/0/elements/0/initial_date',
    [actions({ type: 'datepicker', initial_date: '2026-11-23' })],
    [actions({ type: 'datepicker', initial_date: '23.11.' })],
  ],
  [
    'a time that is one',
    '/blocks/0/elements/0/initial_time',
    [actions({ type: 'timepicker', initial_time: '23:59' })],
    [actions({ type: 'timepicker', initial_time: '24:00' })],
  ],
  [
    'alt text on an image',
    '/blocks/0',
    [{ type: 'image', image_url: 'https://a.b/c', alt_text: 'x' }],
    [{ type: 'image', image_url: 'https://a.b/c' }],
  ],
  [
    'alt text of 2,000',
    '/blocks/0/alt_text',
    [{ type: 'image', image_url: 'https://a.b/c', alt_text: long(2000) }],
    [{ type: 'image', image_url: 'https://a.b/c', alt_text: long(2001) }],
  ],
  [
    'an image with a source',
    '/blocks/0',
    [{ type: 'image', slack_file: { id: 'F1' }, alt_text: 'x' }],
    [{ type: 'image', alt_text: 'x' }],
  ],
  ['a block that exists', '/blocks/0/type', [divider], [{ type: 'chart' }]],
  ['a block with a type', '/blocks/0', [divider], [{}]],
  ['a block type that is no object member', '/blocks/0/type', [divider], [{ type: 'constructor' }]],
  ['known keys only', '/blocks/0', [divider], [{ ...divider, color: 'red' }]],
  [
    'an element that may stand there',
    '/blocks/0/elements/0/type',
    [actions(button())],
    [actions({ type: 'plain_text_input' })],
  ],
  [
    'a markdown block of 12,000',
    '/blocks/0/text',
    [{ type: 'markdown', text: long(12_000) }],
    [{ type: 'markdown', text: long(12_001) }],
  ],
  ['an alert in modals only', '/blocks/0/type', [divider], [{ type: 'alert', text: plain('x') }]],
  ['no file block from apps', '/blocks/0/type', [divider], [{ type: 'file', source: 'remote', external_id: 'x' }]],
  [
    'a container title of 150',
    '/blocks/0/title/text',
    [container({ title: plain(long(150)) })],
    [container({ title: plain(long(151)) })],
  ],
  [
    '10 blocks in a container',
    '/blocks/0/child_blocks',
    [container({ child_blocks: many(10, () => divider) })],
    [container({ child_blocks: many(11, () => divider) })],
  ],
  [
    'no container in a container',
    '/blocks/0/child_blocks/0/type',
    [container()],
    [container({ child_blocks: [container()] })],
  ],
  [
    'a collapsed container that is collapsible',
    '/blocks/0',
    [container({ is_collapsible: true, default_collapsed: true })],
    [container({ default_collapsed: true })],
  ],
  [
    '100 table rows',
    '/blocks/0/rows',
    [{ type: 'table', rows: many(100, () => [cell]) }],
    [{ type: 'table', rows: many(101, () => [cell]) }],
  ],
  [
    '20 table columns',
    '/blocks/0/rows/0',
    [{ type: 'table', rows: [many(20, () => cell)] }],
    [{ type: 'table', rows: [many(21, () => cell)] }],
  ],
  [
    'one table a message',
    '/blocks',
    [{ type: 'table', rows: [[cell]] }],
    [
      { type: 'table', rows: [[cell]] },
      { type: 'table', rows: [[cell]] },
    ],
  ],
  [
    'no empty table cell',
    '/blocks/0/rows/0/0/text',
    [{ type: 'table', rows: [[cell]] }],
    [{ type: 'table', rows: [[{ type: 'raw_text', text: '' }]] }],
  ],
  [
    'a data table with a caption',
    '/blocks/0',
    [{ type: 'data_table', caption: 'c', rows: [[cell]] }],
    [{ type: 'data_table', rows: [[cell]] }],
  ],
  [
    'a data table page of 100',
    '/blocks/0/page_size',
    [{ type: 'data_table', caption: 'c', page_size: 100, rows: [[cell]] }],
    [{ type: 'data_table', caption: 'c', page_size: 101, rows: [[cell]] }],
  ],
  [
    'data table rows of one width',
    '/blocks/0',
    [{ type: 'data_table', caption: 'c', rows: [[cell], [cell]] }],
    [{ type: 'data_table', caption: 'c', rows: [[cell], [cell, cell]] }],
  ],
  [
    'rich text parts that exist',
    '/blocks/0/elements/0/type',
    [richText({ type: 'rich_text_section', elements: [{ type: 'text', text: 'x' }] })],
    [richText({ type: 'rich_text_table', elements: [] })],
  ],
  [
    'text and links in a preformatted part',
    '/blocks/0/elements/0/elements/0/type',
    [richText({ type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'x' }] })],
    [richText({ type: 'rich_text_preformatted', elements: [{ type: 'user', user_id: 'U1' }] })],
  ],
  [
    'rich text styles that exist',
    '/blocks/0/elements/0/elements/0/style',
    [richText({ type: 'rich_text_section', elements: [{ type: 'text', text: 'x', style: { bold: true } }] })],
    [richText({ type: 'rich_text_section', elements: [{ type: 'text', text: 'x', style: { big: true } }] })],
  ],
  ['a card with something in it', '/blocks/0', [card], [{ type: 'card' }]],
  [
    'a card body of 200',
    '/blocks/0/body/text',
    [{ ...card, body: mrkdwn(long(200)) }],
    [{ ...card, body: mrkdwn(long(201)) }],
  ],
  [
    '10 cards in a carousel',
    '/blocks/0/elements',
    [{ type: 'carousel', elements: many(10, () => card) }],
    [{ type: 'carousel', elements: many(11, () => card) }],
  ],
];

test.each(LIMITS)('holds a message to %s', (_what, pointer, ok, bad) => {
  expect(refuseMessage({ text: 'x', blocks: ok })).toBeNull();
  const refusal = refuseMessage({ text: 'x', blocks: bad });
  expect(refusal?.error).toBe('invalid_blocks');
  expect(refusal?.messages.join('\n')).toContain(`[json-pointer:${pointer}]`);
});

test("says what is wrong in Slack's words", () => {
  const refusal = refuseMessage({ text: 'x', blocks: [{ type: 'section', text: mrkdwn(long(3001)) }] });
  expect(refusal?.messages).toEqual(['[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]']);
});

test('holds the text of a message to 40,000', () => {
  expect(refuseMessage({ text: long(40_000) })).toBeNull();
  expect(refuseMessage({ text: long(40_001) })).toMatchObject({ error: 'msg_too_long' });
});

test('wants text or blocks', () => {
  expect(refuseMessage({ text: ' ' })).toMatchObject({ error: 'no_text' });
  expect(refuseMessage({ text: '', blocks: [] })).toMatchObject({ error: 'no_text' });
  expect(refuseMessage({ text: '', blocks: [divider] })).toBeNull();
});

test('holds the text of all blocks together to 13,200, and reproduces what senders measured', () => {
  const sections = (count: number, total: number) =>
    many(count, () => ({ type: 'section', text: mrkdwn(long(Math.floor(total / count))) }));
  expect(refuseMessage({ text: 'x', blocks: sections(50, 9_597) })).toBeNull();
  expect(refuseMessage({ text: 'x', blocks: sections(45, 11_341) })).toMatchObject({ error: 'msg_blocks_too_long' });
  expect(refuseMessage({ text: 'x', blocks: sections(5, 13_200) })).toMatchObject({ error: 'msg_blocks_too_long' });
});

const modal = (more: object = {}) => ({ type: 'modal', title: plain('T'), blocks: [], ...more });
const textInput = (more: object = {}) => ({ type: 'plain_text_input', ...more });
const form = (block: object) => modal({ submit: plain('Save'), blocks: [block] });

const VIEWS: Array<[what: string, pointer: string, ok: object, bad: object]> = [
  [
    '100 blocks',
    '/view/blocks',
    modal({ blocks: many(100, () => divider) }),
    modal({ blocks: many(101, () => divider) }),
  ],
  ['a title of 24', '/view/title/text', modal({ title: plain(long(24)) }), modal({ title: plain(long(25)) })],
  ['plain text in the title', '/view/title/type', modal(), modal({ title: mrkdwn('x') })],
  ['a title at all', '/view', modal(), { type: 'modal', blocks: [] }],
  [
    'a submit button of 24',
    '/view/submit/text',
    modal({ submit: plain(long(24)) }),
    modal({ submit: plain(long(25)) }),
  ],
  ['a close button of 24', '/view/close/text', modal({ close: plain(long(24)) }), modal({ close: plain(long(25)) })],
  [
    'private metadata of 3,000',
    '/view/private_metadata',
    modal({ private_metadata: long(3000) }),
    modal({ private_metadata: long(3001) }),
  ],
  ['a callback id of 255', '/view/callback_id', modal({ callback_id: long(255) }), modal({ callback_id: long(256) })],
  ['an external id of 255', '/view/external_id', modal({ external_id: long(255) }), modal({ external_id: long(256) })],
  ['a submit button beside inputs', '/view', form(input(textInput())), modal({ blocks: [input(textInput())] })],
  [
    'a label of 2,000',
    '/view/blocks/0/label/text',
    form(input(textInput(), { label: plain(long(2000)) })),
    form(input(textInput(), { label: plain(long(2001)) })),
  ],
  [
    'a hint of 2,000',
    '/view/blocks/0/hint/text',
    form(input(textInput(), { hint: plain(long(2000)) })),
    form(input(textInput(), { hint: plain(long(2001)) })),
  ],
  [
    'an input of at most 3,000',
    '/view/blocks/0/element/max_length',
    form(input(textInput({ max_length: 3000 }))),
    form(input(textInput({ max_length: 3001 }))),
  ],
  ['an input in an input block', '/view/blocks/0/element/type', form(input(textInput())), form(input(button()))],
  [
    'no markdown block',
    '/view/blocks/0/type',
    modal({ blocks: [divider] }),
    modal({ blocks: [{ type: 'markdown', text: 'x' }] }),
  ],
  ['known keys only', '/view', modal(), modal({ footer: 'x' })],
];

test.each(VIEWS)('holds a modal to %s', (_what, pointer, ok, bad) => {
  expect(refuseView(ok, 'modal')).toBeNull();
  const refusal = refuseView(bad, 'modal');
  expect(refusal?.error).toBe('invalid_arguments');
  expect(refusal?.messages.join('\n')).toContain(`[json-pointer:${pointer}]`);
});

test('holds a Home to 100 blocks, to 250 kB, and to being a Home', () => {
  const home = (blocks: object[]) => ({ type: 'home', blocks });
  expect(refuseView(home(many(100, () => divider)), 'home')).toBeNull();
  expect(refuseView(home(many(101, () => divider)), 'home')).toMatchObject({ error: 'invalid_arguments' });
  expect(refuseView(modal(), 'home')?.messages[0]).toContain('/view/type');
  const heavy = many(100, () => ({ type: 'section', text: mrkdwn(long(3000)) }));
  expect(refuseView(home(heavy), 'home')).toMatchObject({ error: 'view_too_large' });
});
