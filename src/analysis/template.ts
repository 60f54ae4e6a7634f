// A global costs a look-up each time where tests run in a context of their own.
const { imul } = Math;
const LONG = 400;
const DIGITS_AT_ONCE = 20;
const ADDRESS_DIGITS = 40;
const HASH_LENGTH = { min: 7, max: 64, digitWithin: 21 } as const;
/** What a number is counted as. */
const BLANK = 0x23;

/** Kinds of characters, as bits. */
const WORD = 1;
const DIGIT = 2;
const HEX = 4;
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const sign = String.fromCodePoint(code);
  return (/\w/u.test(sign) ? WORD : 0) | (/\d/u.test(sign) ? DIGIT : 0) | (/[0-9a-f]/iu.test(sign) ? HEX : 0);
});

/**
 * What stays the same when a line is said again about another item: a hash of its text in which numbers, hashes and addresses
 * in memory count as one sign each. One pass without a copy, since every line with a word of failure needs it; for counting,
 * not for keys that are stored.
 */
export function templateKey(text: string): number {
  const length = Math.min(text.length, LONG);
  let high = 0x811c9dc5;
  let low = 0x2545f491;
  let before = 0;
  for (let at = 0; at < length;) {
    const code = text.charCodeAt(at);
    const kind = code < KINDS.length ? (KINDS[code] ?? 0) : 0;
    const isStart = (before & WORD) === 0;
    // Most characters cannot begin a number.
    const mayBegin = (kind & DIGIT) !== 0 || (isStart && (kind & HEX) !== 0);
    const number = mayBegin ? numberLength(text, { from: at, to: length, isStart }) : 0;
    const sign = number > 0 ? BLANK : code;
    high = imul(high ^ sign, 0x01000193);
    low = imul(low ^ sign, 0x5bd1e995);
    at += number > 0 ? number : 1;
    before = kind;
  }
  // 53 bits, as many as a number holds without loss.
  return (high >>> 0) * 2 ** 21 + (low >>> 11);
}

function kindAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < KINDS.length ? (KINDS[code] ?? 0) : 0;
}

interface Place {
  readonly from: number;
  readonly to: number;
  /** No word character stands right before. */
  readonly isStart: boolean;
}

/** How many characters from here on are a number that may be another one the next time; 0 where there is none. */
function numberLength(text: string, { from, to, isStart }: Place): number {
  if (!isStart) return addressLength(text, from, to);
  // First, because most hashes begin with a digit.
  const hash = hashLength(text, from, to);
  if (hash > 0 || (kindAt(text, from) & DIGIT) === 0) return hash;
  const digits = run(text, { from, to: Math.min(to, from + DIGITS_AT_ONCE), kind: DIGIT });
  const isWhole = from + digits === to || (kindAt(text, from + digits) & WORD) === 0;
  return isWhole && isTelling(text.slice(from, from + Math.min(digits, 4))) ? 0 : digits;
}

/** Numbers that change what a line means: none at all, exit codes of signals, answers of servers. */
function isTelling(digits: string): boolean {
  if (digits.length !== 3) return digits === '0';
  const value = Number(digits);
  return (value >= 120 && value <= 139) || value === 143 || (value >= 400 && value <= 599);
}

/** `0x` and what follows. */
function addressLength(text: string, from: number, to: number): number {
  if (text[from] !== '0' || (text[from + 1] !== 'x' && text[from + 1] !== 'X')) return 0;
  const digits = run(text, { from: from + 2, to: Math.min(to, from + 2 + ADDRESS_DIGITS), kind: HEX });
  return digits === 0 ? 0 : digits + 2;
}

function hashLength(text: string, from: number, to: number): number {
  const length = run(text, { from, to: Math.min(to, from + HASH_LENGTH.max + 1), kind: HEX });
  const isWhole = from + length === to || (kindAt(text, from + length) & WORD) === 0;
  if (!isWhole || length < HASH_LENGTH.min || length > HASH_LENGTH.max) return 0;
  const end = from + Math.min(length, HASH_LENGTH.digitWithin);
  for (let at = from; at < end; at += 1) if ((kindAt(text, at) & DIGIT) !== 0) return length;
  return 0;
}

function run(text: string, { from, to, kind }: { from: number; to: number; kind: number }): number {
  let at = from;
  while (at < to && (kindAt(text, at) & kind) !== 0) at += 1;
  return at - from;
}
