import { expect, test } from '@jest/globals';
import { cpuMs } from '../../../scripts/bench/hostile-lines.ts';
import fc from 'fast-check';
import { parseMarkdown } from '../../../src/sandbox/slack/text/markdown.ts';
import { parseMrkdwn } from '../../../src/sandbox/slack/text/mrkdwn.ts';
import type { TextNode } from '../../../src/sandbox/slack/text/nodes.ts';
import { presentBlocks } from '../../../src/sandbox/slack/text/present.ts';

const plain = (text: string): TextNode => ({ type: 'text', text });

test.each<[string, TextNode[]]>([
  [
    '*bold* _it_ ~s~ `c*o*de`',
    [
      { type: 'bold', children: [plain('bold')] },
      plain(' '),
      { type: 'italic', children: [plain('it')] },
      plain(' '),
      { type: 'strike', children: [plain('s')] },
      plain(' '),
      { type: 'code', text: 'c*o*de' },
    ],
  ],
  ['*a _b_*', [{ type: 'bold', children: [plain('a '), { type: 'italic', children: [plain('b')] }] }]],
  ['2*3*4 and snake_case_name', [plain('2*3*4 and snake_case_name')]],
  ['a &lt;b&gt; &amp;amp;', [plain('a <b> &amp;')]],
  ['<https://a.b/c?d=1&amp;e=2|the link>', [{ type: 'link', url: 'https://a.b/c?d=1&e=2', text: 'the link' }]],
  ['<javascript:alert(1)|click>', [plain('click')]],
  [
    '<@U1> in <#C1|x> <!here>',
    [
      { type: 'user', id: 'U1' },
      plain(' in '),
      { type: 'channel', id: 'C1' },
      plain(' '),
      { type: 'broadcast', range: 'here' },
    ],
  ],
  ['<!date^1700000000^{date}|then>', [{ type: 'date', timestamp: 1_700_000_000, format: '{date}', fallback: 'then' }]],
  [
    '&gt; one\n> two\nthree',
    [{ type: 'quote', children: [plain('one'), { type: 'break' }, plain('two')] }, plain('three')],
  ],
  [
    'before\n```\n*not bold* &lt;x&gt;\n```\nafter',
    [plain('before'), { type: 'pre', text: '*not bold* <x>' }, plain('after')],
  ],
  ['```one``` ```open', [{ type: 'pre', text: 'one' }, plain(' ```open')]],
])('reads the mrkdwn %j', (source, nodes) => {
  expect(parseMrkdwn(source)).toEqual(nodes);
});

test.each<[string, TextNode[]]>([
  [
    '## Next\n1. **do**\n2. `it`',
    [
      { type: 'heading', children: [plain('Next')] },
      {
        type: 'list',
        isOrdered: true,
        items: [[{ type: 'bold', children: [plain('do')] }], [{ type: 'code', text: 'it' }]],
      },
    ],
  ],
  [
    '> said [x](https://a.b)',
    [{ type: 'quote', children: [plain('said '), { type: 'link', url: 'https://a.b', text: 'x' }] }],
  ],
  ['[x](javascript:alert)', [{ type: 'paragraph', children: [plain('x')] }]],
  ['```ts\n<b>*x*\n```', [{ type: 'pre', text: '<b>*x*' }]],
  ['<img src=x>', [{ type: 'paragraph', children: [plain('<img src=x>')] }]],
])('reads the Markdown %j', (source, nodes) => {
  expect(parseMarkdown(source)).toEqual(nodes);
});

function linksIn(nodes: TextNode[]): string[] {
  return nodes.flatMap((node) => {
    if (node.type === 'link') return [node.url];
    if (node.type === 'list') return node.items.flatMap(linksIn);
    return 'children' in node ? linksIn(node.children) : [];
  });
}

test('no text, however hostile, makes a link that a browser would run', () => {
  const marks = '<>|*_~`&;!@#^[]()\n javscript:hp/'.split('');
  const texts = fc.string({ unit: fc.constantFrom(...marks), maxLength: 200 });
  fc.assert(
    fc.property(texts, (source) => {
      for (const url of [...linksIn(parseMrkdwn(source)), ...linksIn(parseMarkdown(source))]) {
        expect(new URL(url).protocol).toMatch(/^(https?|mailto):$/u);
      }
    }),
    { numRuns: 300 },
  );
});

test('long hostile text is read in bounded time', () => {
  for (const source of [
    '*a '.repeat(13_000),
    '_'.repeat(40_000),
    '<'.repeat(40_000),
    '`'.repeat(40_000),
    '*_~'.repeat(13_000),
  ]) {
    const startedAt = cpuMs();
    parseMrkdwn(source);
    parseMarkdown(source);
    expect(cpuMs() - startedAt).toBeLessThan(2_000);
  }
});

test('the page gets trees for marked-up text and no unsafe address', () => {
  const [section, image] = presentBlocks([
    {
      type: 'section',
      text: { type: 'mrkdwn', text: '*x*' },
      accessory: { type: 'button', url: 'javascript:alert(1)' },
    },
    { type: 'image', image_url: 'https://a.b/c.png', alt_text: 'x' },
  ]);
  expect(section).toMatchObject({ text: { nodes: [{ type: 'bold' }] }, accessory: { url: undefined } });
  expect(image).toMatchObject({ image_url: 'https://a.b/c.png' });
});
