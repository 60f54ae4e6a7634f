import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRedactor } from '../../../src/analysis/redact.ts';
import { createHeldSecrets } from '../../../src/analysis/redaction/held.ts';
import { armor, join, mixed } from './samples.ts';

// A shape that no format knows, with characters that every encoding must change.
const secret = join(mixed(13), '/+"', mixed(11), ' \\=');
const key = [
  armor('BEGIN'),
  ...Array.from({ length: 12 }, (_, index) => mixed(64 + index).slice(0, 64)),
  `${mixed(20)}==`,
  armor('END'),
  '',
].join('\n');
const held = createRedactor({ salt: 'a salt for tests', secrets: [secret, key] });
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Each way in which a text can get into a log. */
const FORMS: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  'JSON-escaped': (text) => JSON.stringify(text).slice(1, -1),
  'URL-encoded': (text) => encodeURIComponent(text),
  'URL-encoded in lower case': (text) => encodeURIComponent(text).replaceAll(/%../gu, (code) => code.toLowerCase()),
  hex: (text) => Buffer.from(text).toString('hex'),
  'hex in upper case': (text) => Buffer.from(text).toString('hex').toUpperCase(),
  base64: (text) => base64(text),
  'base64 behind one byte': (text) => base64(`a${text}`),
  'base64 behind two bytes': (text) => base64(`ab${text}`),
  'base64 before others': (text) => base64(`user:${text}:more`),
  'URL-safe base64': (text) => Buffer.from(text).toString('base64url'),
  'base64, URL-encoded': (text) => encodeURIComponent(base64(text)),
  'URL-encoded twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  'JSON in JSON': (text) => JSON.stringify(JSON.stringify(text).slice(1, -1)).slice(1, -1),
  'a buffer as Node prints it': (text) => (Buffer.from(text).toString('hex').match(/../gu) ?? []).join(' '),
};
const forms = fc.constantFrom(...Object.keys(FORMS));
const write = (form: string, text: string): string => FORMS[form]?.(text) ?? text;
/** No piece of this length of the written secret may be left. */
const PIECE = 12;

function leftOver(written: string, text: string): string | undefined {
  const pieces = Array.from({ length: Math.max(0, written.length - PIECE + 1) }, (_, at) =>
    written.slice(at, at + PIECE),
  );
  return pieces.find((piece) => text.includes(piece));
}

describe('a secret that we hold ourselves', () => {
  test.each(Object.keys(FORMS))('goes: %s', (form) => {
    const line = held.text(`before ${write(form, secret)} after`);

    expect(leftOver(write(form, secret), line)).toBeUndefined();
    expect(line).toMatch(/^before \S{0,8}\[redacted:own-secret:[0-9a-f]{4}\]\S{0,12} after$/u);
  });

  test('has the same mark in every form', () => {
    const marks = Object.keys(FORMS).map((form) => /\[redacted:[^\]]+\]/u.exec(held.text(write(form, secret)))?.[0]);

    expect(new Set(marks).size).toBe(1);
  });

  test('is found at any place of a line', () => {
    fc.assert(
      fc.property(forms, fc.nat(200), fc.nat(200), (form, before, after) => {
        const written = write(form, secret);
        const line = held.text(`${'-'.repeat(before)}${written}${'-'.repeat(after)}`);
        expect(leftOver(written, line)).toBeUndefined();
      }),
    );
  });

  test('is found when its base64 is broken into lines of any usual width', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(80),
        fc.constantFrom(60, 64, 72, 76, 80),
        fc.constantFrom('', '    '),
        async (before, width, indent) => {
          const whole = base64(`${'x'.repeat(before)}${secret}${'y'.repeat(60)}`);
          const lines = whole.match(new RegExp(`.{1,${width}}`, 'gu'))?.map((line) => indent + line) ?? [];
          const shown = (await held.lines(lines)).map((line) => line.trim()).join('');
          const start = Math.ceil((before * 8) / 6);
          expect(leftOver(whole.slice(start, start + Math.floor((secret.length * 8) / 6) - 1), shown)).toBeUndefined();
        },
      ),
      { numRuns: 300 },
    );
  });

  test('a key goes line by line, in whatever order its lines stand', async () => {
    const body = key.split('\n').slice(1, -2).toReversed();
    const shown = await held.lines(body.map((line) => `key: ${line}`));

    for (const [index, line] of shown.entries()) expect(leftOver(body[index] ?? '', line)).toBeUndefined();
  });

  test('a whole key in base64 goes, on one line and on many', async () => {
    const lines = base64(key).match(/.{1,76}/gu) ?? [];
    const shown = await held.lines([base64(key), ...lines]);

    expect(shown.join('').replaceAll(/\[redacted:[^\]]+\]/gu, '').length).toBeLessThan(80);
  });

  test('values shorter than eight characters are words, and are not looked for', () => {
    const redactor = createRedactor({ salt: 's', secrets: ['', 'test', 'default'] });

    expect(redactor.text('a test of the default')).toBe('a test of the default');
  });

  test('one of eight characters is looked for whole', () => {
    const short = mixed(8);
    const redactor = createRedactor({ salt: 's', secrets: [short] });

    expect(redactor.text(`is ${short}.`)).toMatch(/^is \[redacted:own-secret:\w{4}\]\.$/u);
    expect(redactor.text(`is ${base64(short)}.`)).not.toContain(base64(short).slice(0, 8));
    expect(redactor.text(`is ${short.slice(0, 7)}.`)).toBe(`is ${short.slice(0, 7)}.`);
  });

  test('a log without it stays as it is', () => {
    const line = `sha256:${'0123456789abcdef'.repeat(4)} /home/runner/work/shop/shop/src/index.ts:14:7`;

    expect(held.text(line)).toBe(line);
  });
});

test('redactors with other secrets, made in between, do not change what one takes out', () => {
  const other = join(mixed(17), '+', mixed(12));
  const one = createRedactor({ salt: 'a', secrets: [secret] });
  const two = createRedactor({ salt: 'a', secrets: [other] });
  const again = createRedactor({ salt: 'a', secrets: [secret] });
  const line = `x ${secret} y`;

  expect(one.text(line)).not.toContain(secret);
  expect(again.text(line)).toBe(one.text(line));
  expect(two.text(line)).not.toBe(one.text(line));
  expect(two.text(`x ${other} y`)).not.toContain(other);
});

test('the table of forms is built once for the same secrets', () => {
  const list = [secret, key];
  expect(createHeldSecrets([...list])).toBe(createHeldSecrets(list));
  expect(createHeldSecrets([key, secret])).not.toBe(createHeldSecrets(list));
});
