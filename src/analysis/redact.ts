import { createHmac } from 'node:crypto';
import { lintSource } from '@secretlint/core';
import { creator as recommended } from '@secretlint/secretlint-rule-preset-recommend';
import { cleanText } from './clean.ts';
import { LINE_LIMIT } from './parse.ts';
import { type Mark, RULES } from './redaction/rules.ts';

/** What a line becomes that could not be checked. */
export const UNREADABLE = '[redacted:unreadable]';

/**
 * Takes secrets and personal data out of text. Each becomes `[redacted:<kind>:<4 hex>]`; the same secret gets the same four
 * digits for as long as the process lives. Nothing here throws: what cannot be checked is withheld.
 */
export interface Redactor {
  /** Our own rules, at once; for short texts such as names. Terminal codes are taken off first. */
  text: (text: string) => string;
  /** Our own rules, then secretlint's recommended set. One line in, one line out, in order. */
  lines: (lines: readonly string[]) => Promise<string[]>;
}

/** What a redactor is made from, as plain data: it can be handed to a worker thread. */
export interface Redaction {
  /** Keys the marks, so that nobody can find a guessable secret by hashing guesses: random, never stored. */
  readonly salt: string;
  /** Secrets that we hold ourselves; they are taken out wherever they stand. */
  readonly secrets?: readonly string[];
}

/** `onRedacted` is told the kind of each thing that was taken out. */
export function createRedactor({
  salt,
  secrets = [],
  onRedacted = () => {},
}: Redaction & { onRedacted?: (kind: string) => void }): Redactor {
  const mark: Mark = (kind, secret) => {
    onRedacted(kind);
    return `[redacted:${kind}:${createHmac('sha256', salt).update(secret).digest('hex').slice(0, 4)}]`;
  };
  const text = (line: string): string => {
    try {
      return applyRules(withoutHeld(line, secrets, mark), mark);
    } catch {
      onRedacted('unreadable');
      return UNREADABLE;
    }
  };
  const lines = async (batch: readonly string[]): Promise<string[]> => {
    if (batch.length === 0) return [];
    const own = batch.map(text);
    try {
      return await applySecretlint(own, mark);
    } catch {
      return Promise.all(own.map((line) => lintAlone(line, mark, onRedacted)));
    }
  };
  return { text, lines };
}

/** Shorter ones are words that stand in any log. */
const SHORTEST_HELD = 8;

function withoutHeld(line: string, secrets: readonly string[], mark: Mark): string {
  return secrets.reduce(
    (text, secret) =>
      secret.length < SHORTEST_HELD ? text : text.replaceAll(secret, () => mark('own-secret', secret)),
    line,
  );
}

async function lintAlone(line: string, mark: Mark, onRedacted: (kind: string) => void): Promise<string> {
  try {
    const [checked] = await applySecretlint([line], mark);
    return checked ?? UNREADABLE;
  } catch {
    onRedacted('unreadable');
    return UNREADABLE;
  }
}

/** A body line of a PEM key whose first line is not at hand: nothing but base64, too mixed to be a hash in hex. */
const KEY_BODY = /^\s{0,40}[A-Za-z0-9+/]{60,80}={0,2}$/u;
/** A token that the line limit cut in two is too short for its own rule. */
const CUT_TOKEN = /(?:gh[pousr]_|github_pat_|xox[a-z]-|eyJ|AKIA|sk-|npm_|glpat-|AIza|ya29\.)[^\s"']{0,2048}$/u;

function applyRules(line: string, mark: Mark): string {
  let text = cleanText(line).text.slice(0, LINE_LIMIT);
  if (
    KEY_BODY.test(text) &&
    /[a-z]/u.test(text) &&
    /[A-Z]/u.test(text) &&
    /\d|[+/]/u.test(text) &&
    !/^\s{0,40}[0-9a-fA-F]{1,80}$/u.test(text)
  ) {
    return mark('private-key', text.trim());
  }
  const folded = text.toLowerCase();
  for (const rule of RULES) {
    if (rule.literals.some((literal) => folded.includes(literal))) text = rule.apply(text, mark);
  }
  return folded.length >= LINE_LIMIT - 64 ? text.replace(CUT_TOKEN, (secret) => mark('token', secret)) : text;
}

const SECRETLINT = {
  rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: recommended, options: {} }],
};

interface Span {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
}

async function applySecretlint(lines: readonly string[], mark: Mark): Promise<string[]> {
  const content = lines.map((line) => line.replaceAll('\n', ' ')).join('\n');
  const { messages } = await lintSource({
    source: { filePath: 'log.txt', content, ext: '.txt', contentType: 'text' },
    options: { config: SECRETLINT, noPhysicFilePath: true },
  });
  if (messages.length === 0) return content.split('\n');
  const spans = messages
    .map(({ range: [start, end], ruleId }) => ({ start, end, kind: ruleId.replace(/^.{0,60}secretlint-rule-/u, '') }))
    // Our marks in a URL look like credentials again.
    .filter(({ start, end }) => !content.slice(start, end).includes('[redacted:'))
    .toSorted((a, b) => a.start - b.start);
  return cutSpans(content, spans, mark).split('\n');
}

/** Line breaks inside a span stay, so that the number of lines stays. */
function cutSpans(content: string, spans: readonly Span[], mark: Mark): string {
  let result = '';
  let at = 0;
  for (const { start, end, kind } of spans) {
    if (end <= at) continue;
    const secret = content.slice(Math.max(start, at), end);
    result += content.slice(at, Math.max(start, at));
    result += secret
      .split('\n')
      .map((part) => (part.trim() === '' ? part : mark(kind, part)))
      .join('\n');
    at = end;
  }
  return result + content.slice(at);
}
