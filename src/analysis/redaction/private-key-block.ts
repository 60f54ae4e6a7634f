import { createHash } from 'node:crypto';
import type { Mark } from './rule.ts';

/** As much of a key as tells it from every other; the first lines alone are the same in many. */
export const KEY_MATERIAL = 2048;

const BLOCK =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[^-]{0,16384}(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?|-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/gu;
const ARMOR = /-----[A-Z0-9 ]{1,80}-----/gu;
const DIGEST = /^-----BEGIN PRIVATE KEY-----([0-9a-f]{64})-----END PRIVATE KEY-----$/u;

/** What of a text belongs to the key itself, whatever stands between its lines. */
export function keyMaterial(text: string): string {
  return text
    .replaceAll(ARMOR, '')
    .replaceAll(/\\[nrt]/gu, '')
    .replaceAll(/[^A-Za-z0-9+/=]/gu, '');
}

/** Stands for one line of a key that spans many, until a redactor gives all of them the key's mark. It holds nothing of the key. */
export function keyPlaceholder(material: string): string {
  return `-----BEGIN PRIVATE KEY-----${digestOf(material)}-----END PRIVATE KEY-----`;
}

/** A key on one line, its line breaks written as `\n` or lost; or the placeholder of one on many. */
export function redactKeyBlocks(text: string, mark: Mark): string {
  return text.replaceAll(BLOCK, (secret) =>
    mark('private-key', DIGEST.exec(secret)?.[1] ?? digestOf(keyMaterial(secret))),
  );
}

function digestOf(material: string): string {
  return createHash('sha256').update(material.slice(0, KEY_MATERIAL)).digest('hex');
}
