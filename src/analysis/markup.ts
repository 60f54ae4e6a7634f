import { takeOffHidden } from './hidden.ts';

/** What is written in another form is read in the form in which somebody could bring it to life. */
const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(lt|gt|amp|quot|apos|lbrack|rbrack|commat|colon|sol|period|nbsp));?/giu;
const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  lbrack: '[',
  rbrack: ']',
  commat: '@',
  colon: ':',
  sol: '/',
  period: '.',
  nbsp: ' ',
};
const ESCAPE = /\\u\{?([\da-f]{4,6})\}?|\\x([\da-f]{2})/giu;
const PERCENT = /%(2[1-9a-f]|3[a-f]|40|5b|5d|60|7b|7c|7d)/giu;
const LAYERS = 4;

/** Plain text: entities, escapes and full-width forms become what they stand for, what cannot be seen goes. */
export function decode(text: string): string {
  let plain = text;
  for (let layer = 0; layer < LAYERS; layer += 1) {
    const next = takeOffHidden(decodeOnce(plain).normalize('NFKC'));
    if (next === plain) return plain;
    plain = next;
  }
  return plain;
}

function decodeOnce(text: string): string {
  return text
    .replaceAll(ENTITY, (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
      return character(decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal), whole);
    })
    .replaceAll(ESCAPE, (whole, unicode?: string, byte?: string) =>
      character(Number.parseInt(unicode ?? byte ?? '', 16), whole),
    )
    .replaceAll(PERCENT, (whole, byte: string) => character(Number.parseInt(byte, 16), whole));
}

function character(code: number, whole: string): string {
  return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
}

const ROUNDS = 6;

/** Slack and GitHub would bring links, mentions and markup to life; an explanation needs none of them. */
export function takeOffMarkup(text: string): string {
  let plain = text;
  // What is taken out of the middle can bring new markup together.
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = takeOffOnce(decode(plain));
    if (next === plain) return plain;
    plain = next;
  }
  return plain.replaceAll(/[<>[\]@`*|]/gu, ' ');
}

function takeOffOnce(text: string): string {
  return text
    .replaceAll(/<!--[^]{0,4000}?(?:-->|$)/gu, '')
    .replaceAll(/!?\[([^\]]{0,300})\]\([^)]{0,1000}\)/gu, '$1')
    .replaceAll(/!?\[([^\]]{1,300})\]\s?\[[^\]]{0,100}\]/gu, '$1')
    .replaceAll(/^\s{0,3}\[[^\]]{1,100}\]:\s{0,4}\S{0,1000}/gmu, '')
    .replaceAll(/<(?:[@#!][^>]{0,200}|(?:https?|mailto|tel|slack|javascript|data):[^>]{0,2000})>/giu, '')
    .replaceAll(/<(?=[@#!])|(?<=[@#!]\w{1,40})\|[^\s>]{0,80}>/gu, '')
    .replaceAll(/(?:https?|ftp|file|slack|javascript|data|mailto):\/{0,2}[^\s<>"')]{1,2000}/giu, '')
    .replaceAll(/(?<![\w.])www\.[^\s<>"')]{1,500}/giu, '')
    .replaceAll(/(?<![\w./-])[!@](?:here|channel|everyone|subteam\^\w{0,20})\b/giu, '')
    .replaceAll(/(?<![\w./-])@[A-Za-z][\w-]{0,38}(?![\w/-])/gu, '')
    .replaceAll(/<[^<>]{0,200}>/gu, '')
    .replaceAll(/[*`~]{1,3}(?=\S)|(?<=\S)[*`~]{1,3}|^\s{0,3}(?:#{1,6}|>)\s{1,3}/gmu, '');
}
