import type { KnownBlock } from '@slack/types';

/** Outside text that has tried to be more than text, somewhere, once. */
export const HOSTILE_BY_NAME = {
  mentions: '<!channel> <!here> <@U0ADA> <#C0PLATFORM|x>',
  'a disguised link': '<https://evil.example|github.com>',
  'a fence and marks': '```\n*bold* _it_ ~strike~ `code`\n```',
  'escapes of its own': '&lt;!channel&gt; &amp; <b>',
  'marks of direction': '\u202Egnp.exe\u202C \u2066x\u2069',
  'zero-width and control characters': 'z\u200Be\u200Dr\uFEFFo \u0000\u0007\u001B[31mred',
  'right-to-left letters': 'שלום עולם مرحبا',
  'joined emoji': '👩‍👩‍👧‍👦😀'.repeat(400),
  'four-byte letters': '𝔘𝔫𝔦'.repeat(3_000),
  'a very long line': 'x'.repeat(10_000),
  'half a code point': '\uD83D lone',
  'nothing but space': ' \n\t ',
  nothing: '',
  'emoji names and handles': ':tada: @here @channel',
} as const;
export const HOSTILE: readonly string[] = Object.values(HOSTILE_BY_NAME);

/** Every text object and rich-text piece in blocks. */
export function textsIn(value: unknown): Array<{ type: string; text: string }> {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  const fields: Record<string, unknown> = { ...value };
  const own = typeof fields['text'] === 'string' ? [{ type: String(fields['type']), text: fields['text'] }] : [];
  return [...own, ...Object.values(fields).flatMap(textsIn)];
}

/** What is wrong with a message or view by Slack's limits and our rules; empty when all is well. */
export function faultsIn(shown: { text?: string; blocks: readonly object[] }, maxBlocks = 50): string[] {
  const { text } = shown;
  const blocks: readonly KnownBlock[] = [...shown.blocks].filter(isBlock);
  const faults: string[] = [];
  const report = (isFault: boolean, words: string) => isFault && faults.push(words);
  report(blocks.length > maxBlocks, `${blocks.length} blocks`);
  const texts = textsIn(blocks);
  for (const { type, text: words } of texts) {
    report(words === '', `empty ${type}`);
    report(words.length > 3_000, `${type} of ${words.length}`);
    report(!words.isWellFormed(), `broken code point in ${type}`);
    report(/(?![\n])[\p{Cc}\p{Cf}]/u.test(words), `hidden character in ${type}: ${JSON.stringify(words)}`);
    report(type === 'mrkdwn' && words.includes('<'), `markup in mrkdwn: ${words}`);
  }
  if (text !== undefined) {
    report(text === '' || text.length > 2_000, `fallback of ${text.length}`);
    report(/[<>]|&(?!amp;|lt;|gt;)/u.test(text), `unescaped fallback: ${text}`);
    report(texts.reduce((sum, each) => sum + each.text.length, 0) > 9_000, 'over the budget of a message');
  }
  for (const block of blocks) {
    if (block.type === 'header') report(block.text.text.length > 150, 'header over 150');
    if (block.type === 'actions') report(block.elements.length > 25, 'over 25 buttons');
    if (block.type === 'section') report(block.fields !== undefined && block.fields.length > 10, 'over 10 fields');
  }
  const ids = actionIds(blocks);
  report(new Set(ids).size !== ids.length, `repeated action ids: ${ids.join(', ')}`);
  return faults;
}

function isBlock(value: object): value is KnownBlock {
  return 'type' in value;
}

function actionIds(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(actionIds);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    key === 'action_id' && typeof part === 'string' ? [part] : actionIds(part),
  );
}

/** A message as a reader sees it, roughly. */
export function readable({ blocks }: { blocks: readonly object[] }): string {
  return blocks
    .map((block) =>
      textsIn(block)
        .map(({ text }) => text)
        .join(''),
    )
    .join('\n---\n');
}
