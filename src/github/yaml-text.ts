import { Composer, type CST, type Document, LineCounter, Parser } from 'yaml';

/** YAML that other people wrote, as far as it could be composed. */
export interface ComposedYaml {
  /** The first document, null where there is none; and what stands behind it, which nobody expects. */
  document: Document | null;
  second: Document | null;
  lines: LineCounter;
}

/** Composes hostile text. `deep` is where something is nested deeper than `depth`, and then nothing is composed. */
export function composeYaml(
  text: string,
  { depth, merge = false }: { depth: number; merge?: boolean },
): { kind: 'composed'; yaml: ComposedYaml } | { kind: 'deep'; at: number; lines: LineCounter } {
  const lines = new LineCounter();
  const unclosed = findUnclosed(text);
  if (unclosed !== null) return { kind: 'deep', at: unclosed, lines };
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  // Before anything calls itself for what is nested: ten thousand brackets end the process.
  const deep = findDeep(tokens, depth);
  if (deep !== null) return { kind: 'deep', at: deep, lines };
  const composer = new Composer({ prettyErrors: false, lineCounter: lines, merge });
  const [document = null, second = null] = [...composer.compose(tokens, true, text.length)];
  return { kind: 'composed', yaml: { document, second, lines } };
}

/** So many brackets, and more that no other closes, are no file that a person wrote: those in quotes count, too, since the parser was not asked. */
const MOST_UNCLOSED = 1_000;

/** The parser takes a second for fifty thousand brackets, in which nothing else is done; this takes none. */
function findUnclosed(text: string): number | null {
  let open = 0;
  for (const { 0: bracket, index } of text.matchAll(/[[\]{}]/gu)) {
    open = bracket === '[' || bracket === '{' ? open + 1 : Math.max(open - 1, 0);
    if (open > MOST_UNCLOSED) return index;
  }
  return null;
}

/** Walks without calling itself. */
function findDeep(tokens: readonly CST.Token[], most: number): number | null {
  const open: Array<{ token: CST.Token; depth: number }> = tokens.map((token) => ({ token, depth: 1 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > most) return 'offset' in token ? token.offset : 0;
    const inner: Array<CST.Token | null | undefined> = [];
    if (token.type === 'document') inner.push(token.value);
    if ('items' in token) for (const { key, value } of token.items) inner.push(key, value);
    for (const each of inner) if (each) open.push({ token: each, depth: depth + 1 });
  }
  return null;
}
