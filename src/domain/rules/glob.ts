interface GlobOptions {
  /** Where one `*` stops; `**` goes on. Without it, both go on. */
  separator?: string;
  ignoreCase?: boolean;
}

/** A part of a pattern: itself, one character of any kind, or a star that stops at the separator or does not. */
export type GlobToken = { kind: 'character'; character: string } | { kind: 'one' } | { kind: 'some' } | { kind: 'all' };

/**
 * Whether the pattern fits the whole text: `*` is any number of characters up to a separator, `**` any number at all, everything else is
 * itself. Every state of the pattern is followed at once, so that no pattern can make it slow.
 */
export function fitsGlob(pattern: string, text: string, { separator, ignoreCase = false }: GlobOptions = {}): boolean {
  const [from, to] = ignoreCase ? [pattern.toLowerCase(), text.toLowerCase()] : [pattern, text];
  return fitsTokens(readTokens(from), to, separator);
}

/** The same for a pattern in another way of writing, once it is read. */
export function fitsTokens(tokens: readonly GlobToken[], text: string, separator?: string): boolean {
  let states = withStars(tokens, [], 0);
  for (const character of text) {
    let next: number[] = [];
    for (const at of states) {
      const token = tokens[at];
      if (token !== undefined && takes(token, character, separator)) {
        next = withStars(tokens, next, isStar(token) ? at : at + 1);
      }
    }
    if (next.length === 0) return false;
    states = next;
  }
  return states.at(-1) === tokens.length;
}

function takes(token: GlobToken, character: string, separator: string | undefined): boolean {
  if (token.kind === 'character') return token.character === character;
  return token.kind === 'all' || character !== separator;
}

function isStar({ kind }: GlobToken): boolean {
  return kind === 'some' || kind === 'all';
}

/** Adds a state, and those behind it that a star which stands for nothing leads to. States come in order, so none is added twice. */
function withStars(tokens: readonly GlobToken[], states: number[], from: number): number[] {
  for (let at = from; at <= tokens.length; at += 1) {
    if (at > (states.at(-1) ?? -1)) states.push(at);
    const token = tokens[at];
    if (token === undefined || !isStar(token)) break;
  }
  return states;
}

function readTokens(pattern: string): GlobToken[] {
  return Array.from(pattern.matchAll(/\*{2,}|\*|[^*]/gsu), ([part]): GlobToken => {
    if (!part.startsWith('*')) return { kind: 'character', character: part };
    return part === '*' ? { kind: 'some' } : { kind: 'all' };
  });
}
