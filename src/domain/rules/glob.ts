interface GlobOptions {
  /** Where one `*` stops; `**` goes on. Without it, both go on. */
  separator?: string;
  ignoreCase?: boolean;
}

type Token = { kind: 'character'; character: string } | { kind: 'some' } | { kind: 'all' };

/**
 * Whether the pattern fits the whole text: `*` is any number of characters up to a separator, `**` any number at all, everything else is
 * itself. Every state of the pattern is followed at once, so that no pattern can make it slow.
 */
export function fitsGlob(pattern: string, text: string, { separator, ignoreCase = false }: GlobOptions = {}): boolean {
  const [from, to] = ignoreCase ? [pattern.toLowerCase(), text.toLowerCase()] : [pattern, text];
  const tokens = readTokens(from);
  let states = close(tokens, [true]);
  for (const character of to) {
    const next: boolean[] = [];
    for (const [at, token] of tokens.entries()) {
      if (states[at] === true && takes(token, character, separator))
        next[token.kind === 'character' ? at + 1 : at] = true;
    }
    states = close(tokens, next);
  }
  return states[tokens.length] === true;
}

function takes(token: Token, character: string, separator: string | undefined): boolean {
  if (token.kind === 'character') return token.character === character;
  return token.kind === 'all' || character !== separator;
}

/** A star may stand for nothing. */
function close(tokens: readonly Token[], states: boolean[]): boolean[] {
  for (const [at, token] of tokens.entries()) {
    if (states[at] === true && token.kind !== 'character') states[at + 1] = true;
  }
  return states;
}

function readTokens(pattern: string): Token[] {
  return Array.from(pattern.matchAll(/\*{2,}|\*|[^*]/gsu), ([part]): Token => {
    if (!part.startsWith('*')) return { kind: 'character', character: part };
    return part === '*' ? { kind: 'some' } : { kind: 'all' };
  });
}
