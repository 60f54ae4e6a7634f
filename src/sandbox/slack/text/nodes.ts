/** Marked-up text as a tree. Whoever shows it makes elements and text nodes of it, never HTML. */
export type TextNode =
  | { type: 'text'; text: string }
  | { type: 'code' | 'pre'; text: string }
  | { type: 'break' }
  | { type: 'bold' | 'italic' | 'strike' | 'quote' | 'paragraph' | 'heading'; children: TextNode[] }
  | { type: 'list'; isOrdered: boolean; items: TextNode[][] }
  | { type: 'link'; url: string; text: string }
  | { type: 'user' | 'channel'; id: string }
  | { type: 'broadcast'; range: string }
  | { type: 'date'; timestamp: number; format: string; fallback: string };

/** The address, if a browser may follow it; null for scripts and other schemes. */
export function safeUrl(url: string): string | null {
  if (!URL.canParse(url)) return null;
  return ['http:', 'https:', 'mailto:'].includes(new URL(url).protocol) ? url : null;
}

/** Puts a line break between each two lists. */
export function joinWithBreaks(lines: readonly TextNode[][]): TextNode[] {
  return lines.flatMap((line, index) => (index === 0 ? line : [{ type: 'break' } as const, ...line]));
}
