import { createHmac } from 'node:crypto';
import { cleanText } from './clean.ts';
import { LINE_LIMIT } from './parse.ts';
import { buildPrefilter, ownersIn } from './prefilter.ts';
import { BASE64_LITERALS, HEX_LITERALS, redactBase64, redactHex, redactPercent } from './redaction/encoded.ts';
import { createHeldSecrets } from './redaction/held.ts';
import { findSpans, type Span } from './redaction/neighbours.ts';
import { type Mark, RULES } from './redaction/rules.ts';
import { SECRETLINT_RULES } from './redaction/secretlint.ts';

/** What a line becomes that could not be checked. */
export const UNREADABLE = '[redacted:unreadable]';

/**
 * Takes secrets and personal data out of text. Each becomes `[redacted:<kind>:<4 hex>]`; the same secret gets the same four
 * digits for as long as the process lives. Nothing here throws: what cannot be checked is withheld.
 */
export interface Redactor {
  /** For one text, such as a name or a line. Terminal codes are taken off first. */
  text: (text: string) => string;
  /** For lines that follow each other: also what is broken over two of them goes. One line in, one line out, in order. */
  lines: (lines: readonly string[]) => Promise<string[]>;
  /** The same for a log without an end: hands back, in order, lines that nothing below can change any more. */
  stream: () => RedactionStream;
}

export interface RedactionStream {
  push(lines: readonly string[]): string[];
  /** The lines that were held back. */
  end(): string[];
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
  const held = createHeldSecrets(secrets);
  const mark: Mark = (kind, secret) => {
    onRedacted(kind);
    return `[redacted:${kind}:${createHmac('sha256', salt).update(secret).digest('hex').slice(0, 4)}]`;
  };
  const withhold = (): string => {
    onRedacted('unreadable');
    return UNREADABLE;
  };
  const redactLine = (line: string, spans: readonly Span[]): string => {
    try {
      return applyRules(cutSpans(line, spans, mark), mark);
    } catch {
      return withhold();
    }
  };
  /** Of `lines`, those from `from` up to `to`; the others are there to be seen beside them. */
  const redactLines = (lines: readonly string[], from: number, to: number): string[] => {
    try {
      const spans = findSpans(lines, held);
      return lines.slice(from, to).map((line, index) => redactLine(line, spans[from + index] ?? []));
    } catch {
      return lines.slice(from, to).map(withhold);
    }
  };
  return {
    text: (text) => redactLines([clean(text)], 0, 1)[0] ?? UNREADABLE,
    lines: (batch) => Promise.resolve(redactLines(batch.map(cleanLine), 0, batch.length)),
    stream: () => createStream(redactLines),
  };
}

/** As many lines as a long token fills on a narrow terminal. */
const WAITING = 64;

function createStream(redactLines: (lines: readonly string[], from: number, to: number) => string[]): RedactionStream {
  let lines: string[] = [];
  /** How many of them went out already, and stay to be seen beside those that follow. */
  let done = 0;
  const release = (keep: number): string[] => {
    const to = Math.max(done, lines.length - keep);
    const result = redactLines(lines, done, to);
    lines = lines.slice(Math.max(0, to - WAITING));
    done = Math.min(to, WAITING);
    return result;
  };
  return {
    push(batch) {
      for (const line of batch) lines.push(cleanLine(line));
      return lines.length - done > WAITING * 4 ? release(WAITING) : [];
    },
    end: () => release(0),
  };
}

function clean(line: string): string {
  return cleanText(line).text.slice(0, LINE_LIMIT);
}

/** One line stays one line. */
function cleanLine(line: string): string {
  return clean(line).replaceAll('\n', ' ');
}

function cutSpans(line: string, spans: readonly Span[], mark: Mark): string {
  let result = '';
  let at = 0;
  for (const { start, end, kind, secret } of spans) {
    result += line.slice(at, start) + mark(kind, secret);
    at = end;
  }
  return result + line.slice(at);
}

const ALL_RULES = [...RULES, ...SECRETLINT_RULES];
/** One pass over a line tells which rules could find something in it. */
const RULE_PREFILTER = buildPrefilter([...ALL_RULES.map(({ literals }) => literals), BASE64_LITERALS, HEX_LITERALS]);
const BASE64_OWNER = ALL_RULES.length;
const HEX_OWNER = BASE64_OWNER + 1;
/** A body line of a PEM key whose first line is not at hand: nothing but base64, too mixed to be a hash in hex. */
const KEY_BODY = /^\s{0,40}[A-Za-z0-9+/]{60,80}={0,2}$/u;
/** A token that the line limit cut in two is too short for its own rule. */
const CUT_TOKEN = /(?:gh[pousr]_|github_pat_|xox[a-z]-|eyJ|AKIA|sk-|npm_|glpat-|AIza|ya29\.)[^\s"']{0,2048}$/u;

function applyRules(line: string, mark: Mark): string {
  const hits = ownersIn(RULE_PREFILTER, line);
  let text = applyHits(line, hits, mark);
  if (text === line && isKeyBody(line)) return mark('private-key', line.trim());
  if (text.includes('%')) text = redactPercent(text, mark, redactPlain);
  if (hits.includes(BASE64_OWNER)) text = redactBase64(text, mark, redactPlain);
  if (hits.includes(HEX_OWNER)) text = redactHex(text, mark, redactPlain);
  return line.length >= LINE_LIMIT - 64 ? withoutCutToken(text, mark) : text;
}

/** Only where such a token can begin: from each beginning further up, the pattern would run in vain. */
function withoutCutToken(text: string, mark: Mark): string {
  const tail = Math.max(0, text.length - 2064);
  return text.slice(0, tail) + text.slice(tail).replace(CUT_TOKEN, (secret) => mark('token', secret));
}

function redactPlain(line: string, mark: Mark): string {
  return applyHits(line, ownersIn(RULE_PREFILTER, line), mark);
}

function applyHits(line: string, hits: readonly number[], mark: Mark): string {
  let text = line;
  for (const hit of hits) text = ALL_RULES[hit]?.apply(text, mark) ?? text;
  return text;
}

function isKeyBody(text: string): boolean {
  if (text.length < 60 || text.length > 122 || !KEY_BODY.test(text)) return false;
  return /[a-z]/u.test(text) && /[A-Z]/u.test(text) && (text.match(/[\d+/]/gu) ?? []).length > 3;
}
