import { describe, expect, test } from '@jest/globals';
import { redactor } from '../support.ts';
import { hex, join, jwt, mixed } from './samples.ts';

const TOKENS: ReadonlyArray<readonly [string, string]> = [
  ['a short token', join('gh', 's_', mixed(36))],
  ['a long one', join('gh', 's_', '1234567_', jwt)],
];
const twice = (text: string): string => encodeURIComponent(encodeURIComponent(text));
const every = (text: string): string => [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join('');

describe.each(TOKENS)('%s', (_, token) => {
  test.each<[string, string, string]>([
    ['in hexadecimal digits', Buffer.from(token).toString('hex'), Buffer.from(token).toString('hex')],
    ['in capital ones behind 0x', `0x${Buffer.from(token).toString('hex').toUpperCase()}`, 'x676'],
    ['in base64', Buffer.from(`:${token}`).toString('base64'), Buffer.from(`:${token}`).toString('base64')],
    ['each byte URL-encoded', every(token), every(token).slice(-60)],
  ])('goes %s', async (_form, written, gone) => {
    const [line = ''] = await redactor.lines([`dump ${written} end`]);

    expect(line).not.toContain(gone);
    expect(line).toMatch(/^dump .{0,30}\[redacted:github-token:\w{4}\] end$/u);
  });
});

test.each([
  ['a URL', twice],
  ['two URLs', (text: string) => encodeURIComponent(twice(text))],
])('a password in a URL within %s goes', async (_, write) => {
  const [line = ''] = await redactor.lines([`next=${write(`https://ana:${mixed(14)}@git.example/x`)}`]);

  expect(line).toMatch(/^next=https:\/\/\[redacted:url-credentials:\w{4}\]@git\.example\/x$/u);
});

test.each([
  [
    'a digest that happens to hold the digits of a beginning',
    `${hex(20)}${Buffer.from('ghs_').toString('hex')}${hex(36)}`,
  ],
  ['a URL within a URL without a secret', `next=${twice('https://x.example/a?b=c d')}`],
])('%s stays', async (_, text) => {
  expect(await redactor.lines([text])).toEqual([text]);
});
