import { base64Cores } from './encoded.ts';

/** Shorter values are words that stand in any log. */
const SHORTEST = 8;
/** A piece of this length is a piece of the secret and no accident; shorter secrets are looked for whole. */
const PIECE = 16;
const GRAM = 8;
const MOST_SECRETS = 200;

interface Form {
  readonly text: string;
  readonly secret: string;
}
interface Place {
  readonly form: Form;
  readonly at: number;
}
/** A piece of a secret's form in a line. */
export interface HeldSpan {
  readonly start: number;
  readonly end: number;
  readonly form: Form;
  /** Where in the form the piece starts and ends. */
  readonly from: number;
  readonly to: number;
}

/** Finds values that we hold ourselves, in any of the forms in which they get into a log. */
export interface HeldSecrets {
  find(text: string): HeldSpan[];
}

/**
 * Plain, JSON-escaped, URL-encoded (also twice), hex, and base64 at each alignment, standard and URL-safe. Pieces of 16 characters are found as well,
 * so line breaks do not hide a form: every eighth character of a line is looked up in a table of all runs of eight. The table is kept for
 * whoever asks next: building it takes longer than looking through a short log, and a process holds the same secrets all its life.
 */
export function createHeldSecrets(secrets: readonly string[]): HeldSecrets {
  const isKept = kept.secrets.length === secrets.length && kept.secrets.every((each, index) => each === secrets[index]);
  if (!isKept) kept = { secrets: [...secrets], held: buildHeldSecrets(secrets) };
  return kept.held;
}

let kept: { secrets: readonly string[]; held: HeldSecrets } = { secrets: [], held: { find: () => [] } };

function buildHeldSecrets(secrets: readonly string[]): HeldSecrets {
  const forms = secrets.slice(0, MOST_SECRETS).flatMap(formsOf);
  const short = forms.filter(({ text }) => text.length < PIECE);
  const grams = new Map<string, Place[]>();
  for (const form of forms.filter(({ text }) => text.length >= PIECE)) {
    for (let at = 0; at + GRAM <= form.text.length; at += 1) {
      const gram = form.text.slice(at, at + GRAM);
      const places = grams.get(gram);
      if (places === undefined) grams.set(gram, [{ form, at }]);
      else if (places.length < 8) places.push({ form, at });
    }
  }
  if (forms.length === 0) return { find: () => [] };
  return { find: (text) => inOrder([...findPieces(text, grams), ...findWhole(text, short)]) };
}

function formsOf(secret: string): Form[] {
  const value = secret.trim();
  if (value.length < SHORTEST) return [];
  const bytes = Buffer.from(value, 'utf8');
  const base64 = base64Cores(value);
  const hex = bytes.toString('hex');
  const escaped = JSON.stringify(value).slice(1, -1);
  const url = encodeURIComponent(value);
  const texts = [
    // The lines of a key, joined: a log shows them one by one.
    ...(value.includes('\n')
      ? [value.replaceAll(/-----[A-Z ]{1,60}-----|\s/gu, '')]
      : [value, escaped, escaped.replaceAll('/', '\\/')]),
    url,
    url.replaceAll(/%[0-9A-F]{2}/gu, (code) => code.toLowerCase()),
    url.replaceAll('%20', '+'),
    encodeURIComponent(url),
    // JSON within JSON, JSON that keeps to ASCII, and a buffer as Node prints it.
    JSON.stringify(escaped).slice(1, -1),
    escaped.replaceAll(/[\u0080-\uffff]/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`),
    hex.replaceAll(/..(?!$)/gu, '$& '),
    ...base64,
    ...base64.map((core) => core.replaceAll('+', '-').replaceAll('/', '_')),
    ...base64.map((core) => encodeURIComponent(core)),
    hex,
    hex.toUpperCase(),
  ];
  return [...new Set(texts)].filter((text) => text.length >= SHORTEST).map((text) => ({ text, secret: value }));
}

function findPieces(text: string, grams: ReadonlyMap<string, readonly Place[]>): HeldSpan[] {
  const spans: HeldSpan[] = [];
  for (let at = 0; at + GRAM <= text.length; at += GRAM) {
    const places = grams.get(text.slice(at, at + GRAM));
    if (places === undefined) continue;
    const found = places
      .map((place) => extend(text, at, place))
      .toSorted((a, b) => b.end - b.start - (a.end - a.start));
    const [longest] = found;
    if (longest === undefined || longest.end - longest.start < PIECE) continue;
    spans.push(longest);
    at = Math.max(at, Math.floor((longest.end - 1) / GRAM) * GRAM - GRAM);
  }
  return spans;
}

/** As far as text and form agree, to both sides. */
function extend(text: string, at: number, { form, at: inForm }: Place): HeldSpan {
  let before = 0;
  while (before < at && before < inForm && text[at - before - 1] === form.text[inForm - before - 1]) before += 1;
  let after = GRAM;
  while (
    at + after < text.length &&
    inForm + after < form.text.length &&
    text[at + after] === form.text[inForm + after]
  )
    after += 1;
  return { start: at - before, end: at + after, form, from: inForm - before, to: inForm + after };
}

function findWhole(text: string, forms: readonly Form[]): HeldSpan[] {
  return forms.flatMap((form) => {
    const spans: HeldSpan[] = [];
    for (let at = text.indexOf(form.text); at !== -1; at = text.indexOf(form.text, at + form.text.length)) {
      spans.push({ start: at, end: at + form.text.length, form, from: 0, to: form.text.length });
    }
    return spans;
  });
}

function inOrder(spans: HeldSpan[]): HeldSpan[] {
  const sorted = spans.toSorted((a, b) => a.start - b.start || b.end - a.end);
  const result: HeldSpan[] = [];
  let end = 0;
  for (const span of sorted) {
    if (span.end <= end) continue;
    const cut = Math.max(0, end - span.start);
    result.push({ ...span, start: span.start + cut, from: span.from + cut });
    end = span.end;
  }
  return result;
}
