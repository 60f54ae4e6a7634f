import { joinWithBreaks, safeUrl, type TextNode } from './nodes.ts';

const INLINE =
  /`([^`\n]+)`|\[([^\]\n]{1,500})\]\(([^()\s]{1,3000})\)|\*\*([^\n]{1,3000}?)\*\*|~~([^\n]{1,3000}?)~~|(?<![\p{L}\p{N}*])[*_]([^\s*_][^\n*_]{0,3000}?)[*_](?![\p{L}\p{N}*])/u;

/** Reads a small subset of Markdown: headings, lists, quotes, fences, links and the common styles. No HTML. */
export function parseMarkdown(source: string): TextNode[] {
  return source.split(/^```[^\n]*\n([\s\S]*?)\n?```$/mu).flatMap((part, index): TextNode[] => {
    if (index % 2 === 1) return [{ type: 'pre', text: part }];
    return part
      .split(/\n{2,}/u)
      .map((chunk) => chunk.replaceAll(/^\n+|\n+$/gu, ''))
      .filter((chunk) => chunk !== '')
      .flatMap(parseChunk);
  });
}

function parseChunk(chunk: string): TextNode[] {
  const nodes: TextNode[] = [];
  let gathered: string[] = [];
  let kind = '';
  const flush = (): void => {
    if (gathered.length > 0) nodes.push(chunkNode(kind, gathered));
    gathered = [];
  };
  for (const line of chunk.split('\n')) {
    const next = kindOf(line);
    if (next !== kind || next === 'heading') flush();
    kind = next;
    gathered.push(line);
  }
  flush();
  return nodes;
}

function kindOf(line: string): string {
  if (/^#{1,6} /u.test(line)) return 'heading';
  if (/^ {0,6}[-*+] /u.test(line)) return 'bullet';
  if (/^ {0,6}\d{1,4}[.)] /u.test(line)) return 'ordered';
  return line.startsWith('>') ? 'quote' : 'paragraph';
}

function chunkNode(kind: string, lines: readonly string[]): TextNode {
  if (kind === 'heading') return { type: 'heading', children: parseInline((lines[0] ?? '').replace(/^#+ /u, '')) };
  if (kind === 'bullet' || kind === 'ordered') {
    const items = lines.map((line) => parseInline(line.replace(/^ *(?:[-*+]|\d+[.)]) /u, '')));
    return { type: 'list', isOrdered: kind === 'ordered', items };
  }
  if (kind === 'quote') {
    return { type: 'quote', children: joinWithBreaks(lines.map((line) => parseInline(line.replace(/^> ?/u, '')))) };
  }
  return { type: 'paragraph', children: joinWithBreaks(lines.map((line) => parseInline(line))) };
}

function parseInline(source: string, depth = 0): TextNode[] {
  const nodes: TextNode[] = [];
  let rest = source;
  for (let match = INLINE.exec(rest); match; match = INLINE.exec(rest)) {
    const [whole, code, label, target, bold, strike, italic] = match;
    if (match.index > 0) nodes.push({ type: 'text', text: rest.slice(0, match.index) });
    const inner = (text: string): TextNode[] => (depth > 4 ? [{ type: 'text', text }] : parseInline(text, depth + 1));
    if (code !== undefined) nodes.push({ type: 'code', text: code });
    else if (label !== undefined) nodes.push(linkNode(label, target ?? ''));
    else if (bold !== undefined) nodes.push({ type: 'bold', children: inner(bold) });
    else if (strike !== undefined) nodes.push({ type: 'strike', children: inner(strike) });
    else if (italic !== undefined) nodes.push({ type: 'italic', children: inner(italic) });
    rest = rest.slice(match.index + whole.length);
  }
  if (rest !== '') nodes.push({ type: 'text', text: rest });
  return nodes;
}

function linkNode(label: string, target: string): TextNode {
  const url = safeUrl(target);
  return url ? { type: 'link', url, text: label } : { type: 'text', text: label };
}
