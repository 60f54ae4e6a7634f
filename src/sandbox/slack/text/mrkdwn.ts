import { joinWithBreaks, safeUrl, type TextNode } from './nodes.ts';

/** The longest run that one pair of style marks may enclose: keeps hostile text from costing time. */
const STYLE_REACH = 3_000;
const INLINE = new RegExp(
  `<([^<>\\n]+)>|\`([^\`\\n]+)\`|(?<![\\p{L}\\p{N}])([*_~])(?=[^\\s*_~])([^\\n]{0,${STYLE_REACH}}?[^\\s])\\3(?![\\p{L}\\p{N}])`,
  'u',
);
const STYLES = { '*': 'bold', _: 'italic', '~': 'strike' } as const;

/** Reads Slack's mrkdwn. Escapes are undone, so the texts in the tree are what a reader shall see. */
export function parseMrkdwn(source: string): TextNode[] {
  return source.split(/```\n?([\s\S]+?)```\n?/u).flatMap((part, index): TextNode[] => {
    if (index % 2 === 1) return [{ type: 'pre', text: unescapeText(plainOf(part.replace(/\n$/u, ''))) }];
    return part === '' ? [] : parseLines(part.replace(/\n$/u, ''));
  });
}

function parseLines(part: string): TextNode[] {
  const nodes: TextNode[] = [];
  let lines: TextNode[][] = [];
  let quoted: TextNode[][] = [];
  const flushLines = (): void => {
    nodes.push(...joinWithBreaks(lines));
    lines = [];
  };
  const flushQuote = (): void => {
    if (quoted.length > 0) nodes.push({ type: 'quote', children: joinWithBreaks(quoted) });
    quoted = [];
  };
  for (const line of part.split('\n')) {
    const quote = /^(?:&gt;|>) ?(.*)$/u.exec(line);
    if (quote) {
      flushLines();
      quoted.push(parseInline(quote[1] ?? ''));
    } else {
      flushQuote();
      lines.push(parseInline(line));
    }
  }
  flushLines();
  flushQuote();
  return nodes;
}

function parseInline(source: string, depth = 0): TextNode[] {
  const nodes: TextNode[] = [];
  let rest = source;
  for (let match = INLINE.exec(rest); match; match = INLINE.exec(rest)) {
    const [whole, reference, code, mark, styled] = match;
    if (match.index > 0) nodes.push({ type: 'text', text: unescapeText(rest.slice(0, match.index)) });
    if (reference !== undefined) nodes.push(parseReference(reference));
    else if (code !== undefined) nodes.push({ type: 'code', text: unescapeText(code) });
    else if (mark === '*' || mark === '_' || mark === '~') nodes.push(styledNode(mark, styled ?? '', depth));
    rest = rest.slice(match.index + whole.length);
  }
  if (rest !== '') nodes.push({ type: 'text', text: unescapeText(rest) });
  return nodes;
}

function styledNode(mark: keyof typeof STYLES, styled: string, depth: number): TextNode {
  const children: TextNode[] =
    depth > 4 ? [{ type: 'text', text: unescapeText(styled) }] : parseInline(styled, depth + 1);
  return { type: STYLES[mark], children };
}

/** `<@U1>`, `<#C1|name>`, `<!here>`, `<!date^...>`, `<https://...|text>`. */
function parseReference(reference: string): TextNode {
  const bar = reference.indexOf('|');
  const target = bar < 0 ? reference : reference.slice(0, bar);
  const label = bar < 0 ? '' : unescapeText(reference.slice(bar + 1));
  if (/^@[UW][A-Z0-9]+$/u.test(target)) return { type: 'user', id: target.slice(1) };
  if (/^#[CG][A-Z0-9]+$/u.test(target)) return { type: 'channel', id: target.slice(1) };
  if (target.startsWith('!date^')) return parseDate(target, label);
  if (/^!(here|channel|everyone)$/u.test(target)) return { type: 'broadcast', range: target.slice(1) };
  if (target.startsWith('!subteam^')) return { type: 'text', text: label || '@group' };
  const url = safeUrl(unescapeText(target));
  if (url) return { type: 'link', url, text: label || url };
  return { type: 'text', text: label || unescapeText(`<${reference}>`) };
}

function parseDate(target: string, fallback: string): TextNode {
  const [, timestamp = '', format = ''] = target.split('^');
  if (!/^\d{1,11}$/u.test(timestamp)) return { type: 'text', text: fallback };
  return { type: 'date', timestamp: Number(timestamp), format: unescapeText(format), fallback };
}

/** Inside a code fence Slack still shows links by their text. */
function plainOf(source: string): string {
  return source.replaceAll(/<(?:https?:[^<>|\n]+\|([^<>\n]+)|(https?:[^<>|\n]+))>/gu, (_, label, url) => label ?? url);
}

function unescapeText(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
