/** What stands for a secret; told its kind and its text. */
export type Mark = (kind: string, secret: string) => string;

/** Replaces what it finds by `mark(kind, secret)`. Every quantifier is bounded or starts at a boundary, so time is linear. */
export interface Rule {
  /** Lower case; a line that holds none of them is left alone. */
  readonly literals: readonly string[];
  readonly apply: (text: string, mark: Mark) => string;
}

const HIDDEN =
  /^(?:[*xX.•-]{1,400}$|\$|<|\{\{|%\w{1,80}%$|(?:(?:basic|bearer|token) )?\*{3}|\[(?:secure|masked|redacted|filtered|hidden|removed|secret)\])/iu;

/** Whether something else has taken its place already: a mask, a variable, one of our marks. */
export function isHidden(secret: string): boolean {
  return HIDDEN.test(secret) || secret.includes('[redacted:');
}

/** Replaces the second group of `pattern`, and keeps the first. */
export function redactGroup(text: string, pattern: RegExp, mark: (secret: string) => string): string {
  return text.replaceAll(pattern, (whole: string, lead: string, secret: string) =>
    isHidden(secret) ? whole : `${lead}${mark(secret)}${whole.slice(lead.length + secret.length)}`,
  );
}

/** A rule for what a name or a command says about the value beside it, the second group of `pattern`. */
export function variableRule(
  literals: readonly string[],
  pattern: RegExp,
  isSecret: (value: string) => boolean = () => true,
): Rule {
  return {
    literals,
    apply: (text, mark) =>
      redactGroup(text, pattern, (secret) => (isSecret(secret) ? mark('secret-variable', secret) : secret)),
  };
}

/** A format that can be told by itself, wherever it stands. */
export interface TokenFormat {
  readonly kind: string;
  /** Lower case; one of them stands in every token of this format, or beside it. */
  readonly literals: readonly string[];
  /** Source of the pattern; every quantifier in it is bounded. */
  readonly pattern: string;
  /** It says so much by itself that letters alone are no word. */
  readonly isSure?: boolean;
  /** Not part of a longer run of letters and digits, on the right either. */
  readonly isWhole?: boolean;
  /** So exact that letters may stand right before it. */
  readonly isExact?: boolean;
}
