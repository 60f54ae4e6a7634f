import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRedactor, UNREADABLE } from '../../src/analysis/redact.ts';
import { isSecretName } from '../../src/analysis/redaction/secret-names.ts';
import { cpuMs } from '../../scripts/bench/hostile-lines.ts';
import { digest, redactor } from './support.ts';

// Put together at run time, so that no scanner takes this file for a leak.
const letters = 'aB3dE5gH7jK9mN1pQ2sT4vW6yZ8bC0fG';
const long = (length: number): string => letters.repeat(Math.ceil(length / letters.length)).slice(0, length);
const join = (...parts: string[]): string => parts.join('');
const jwt = join('eyJ', long(20), '.eyJ', long(40), '.', long(43));
const key = (kind: string, end = 'BEGIN'): string => join('-----', end, ' ', kind, 'PRIVATE', ' KEY-----');

const SECRETS: ReadonlyArray<readonly [string, string, string]> = [
  ['github-token', join('ghp', '_', long(36)), 'token is %'],
  ['github-token', join('gho', '_', long(36)), '%'],
  ['github-token', join('ghs', '_', '1234567_', jwt, '-', long(300)), 'x-access-token %'],
  ['github-token', join('github', '_pat_', long(22), '_', long(59)), 'using %'],
  ['url-credentials', join('ana:', long(12)), 'git clone https://%@git.shop.example/x.git'],
  ['url-credentials', join('app:', long(20)), 'postgres://%@db:5432/shop'],
  ['secret-variable', long(14), 'DB_PASSWORD=%'],
  ['secret-variable', long(14), 'export API_KEY="%"'],
  ['secret-variable', long(14), '  NPM_TOKEN: %'],
  ['secret-variable', 'hunter22', '{"password": "%"}'],
  ['secret-variable', 'hunter22', '{\\"clientSecret\\":\\"%\\"}'],
  ['secret-variable', long(20), 'curl "https://x.example/a?page=2&access_token=%&b=1"'],
  ['secret-variable', long(20), 'deploy --token %'],
  ['secret-variable', long(20), 'docker login --password=%'],
  ['authorization', long(30), 'Authorization: Bearer %'],
  ['authorization', Buffer.from('ana:hunter22').toString('base64'), 'authorization: basic %'],
  ['authorization', Buffer.from('ana:hunter22').toString('base64'), 'extraheader AUTHORIZATION: basic %'],
  ['jwt', jwt, 'session %;'],
  ['email', 'ana.lopez@shop.example', 'Author: Ana <%>'],
  ['email', 'ana@shop.rs', 'Author: Ana <%>'],
  ['email', 'ana@shop.co.uk', 'Co-authored-by: Ana %'],
  ['aws-key', join('AK', 'IA', 'Q7XW2M4K9P3R5T8V'), 'id %'],
  ['slack-token', join('xo', 'xb-', '123456789012-1234567890123-', long(24)), 'bot %'],
  ['npm-token', join('np', 'm_', long(36)), '//registry/:_authToken %'],
  ['google-key', join('AI', 'za', long(35)), 'maps %'],
  ['api-key', join('sk', '-', long(40)), 'model %'],
  ['private-key', join(key('RSA '), '\\n', long(64), '\\n', key('RSA ', 'END')), 'KEY_FILE %'],
];

const HARMLESS = [
  'commit 3f786850e387550fdab836ed7e6dc881de23001b',
  'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'integrity sha512-rZ0eE7oGZmS8rJ6M1TyIh8P6bYlD3qWxk2n4vC5aFQ1==',
  'request 123e4567-e89b-12d3-a456-426614174000 failed',
  'actions/checkout@v4 and jest@30.5.2 and @scope/name@1.2.3',
  'git@github.com:shop/shop.git',
  '/home/runner/work/shop/shop/src/token.ts:14:7 - error TS2339',
  'SyntaxError: Unexpected token: punc (})',
  'SyntaxError: Unexpected token u in JSON at position 0',
  'token: ***',
  'password: ${{ secrets.DB_PASSWORD }}',
  'password: string;',
  'id-token: write',
  'max_tokens: 4096',
  'PWD=/home/runner/work/shop',
  'env: TOKEN_URL=https://auth.shop.example/token',
  'const token = lexer.next();',
  'at parseToken (src/lexer.js:10:5)',
  'basic authentication is required',
  'logo@2x.png is missing',
  'https://user@host.example/path',
  'primary key: order_id',
  'Error: secret not found',
];

describe('taking secrets out', () => {
  test.each(SECRETS)('%s goes', async (kind, secret, template) => {
    const [line = ''] = await redactor.lines([template.replace('%', () => secret)]);

    expect(line).not.toContain(secret);
    expect(line).toMatch(new RegExp(`\\[redacted:${kind}:[0-9a-f]{4}\\]`, 'u'));
    expect(line).not.toContain('[redacted:url-credentials:[');
  });

  test.each(HARMLESS)('"%s" stays', async (line) => {
    expect(await redactor.lines([line])).toEqual([line]);
  });

  test('colours inside a token do not save it', async () => {
    const token = join('gh', '\u001b[31m', 'p_', long(18), '\u001b[0m', long(18));
    const [line = ''] = await redactor.lines([`token ${token}`]);

    expect(line).toMatch(/^token \[redacted:github-token:[0-9a-f]{4}\]$/u);
  });

  test('the same secret has the same mark within a process, and another one in the next', () => {
    const secret = `PASSWORD=${long(12)}`;
    const first = createRedactor({ salt: 'one' });

    expect(first.text(secret)).toBe(first.text(secret));
    expect(first.text(secret)).not.toBe(createRedactor({ salt: 'two' }).text(secret));
  });

  test('redacting twice changes nothing more', async () => {
    const once = await redactor.lines(SECRETS.map(([, secret, template]) => template.replace('%', () => secret)));

    expect(await redactor.lines(once)).toEqual(once);
  });

  test('a line of a key whose first line is not at hand goes as well', () => {
    expect(redactor.text(long(64))).toMatch(/^\[redacted:private-key:/u);
  });

  test('a private key over many lines of a log leaves no line of its body', async () => {
    const body = Array.from({ length: 6 }, (_, index) => `${index}${long(63)}`);
    const log = [
      'error: cannot read the key',
      key('OPENSSH '),
      ...body,
      `${long(20)}==`,
      key('OPENSSH ', 'END'),
      'error: giving up',
    ];
    const { excerpt } = await digest(log.join('\n'));
    const text = excerpt.map((line) => line.text).join('\n');

    expect(text).toContain('error: giving up');
    expect(text).not.toContain(long(20));
  });

  test('a beginning without an end does not swallow the log', async () => {
    const log = [`error: expected ${key('RSA ')}`, 'line one', 'line two', 'line three', 'Error: the build broke', ''];
    const { excerpt } = await digest(log.join('\n'));

    expect(excerpt.map(({ text }) => text)).toContain('Error: the build broke');
  });

  test('a token that the line limit cuts in two goes', () => {
    const line = `${'x'.repeat(8 * 1024 - 24)} ${join('gh', 's_', long(400))}`;

    expect(redactor.text(line)).not.toContain(join('gh', 's_', long(8)));
  });

  test('where the redactor itself fails, the line is withheld', async () => {
    const broken = createRedactor({
      salt: 'salt',
      onRedacted: (kind) => {
        if (kind !== 'unreadable') throw new Error('broken');
      },
    });
    const lines = await broken.lines([`PASSWORD=${long(12)}`, 'fine']);

    expect(lines).toEqual([UNREADABLE, 'fine']);
  });

  test('no input throws, and the number of lines stays', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme', maxLength: 200 }), { maxLength: 20 }), async (lines) => {
        expect(await redactor.lines(lines)).toHaveLength(lines.length);
      }),
    );
  });

  test.each([
    ['one character', 'a'],
    ['brackets', '['],
    ['openings of URLs', 'a://b:'],
    ['openings of tokens', join('gh', 'p_')],
    ['names without values', 'password='],
    ['quotes', 'token="'],
    ['at signs', 'a@b.'],
    ['starts of JSON web tokens', 'eyJ.'],
    ['key marks', '-----BEGIN '],
    ['escapes', '\u001b]8;;'],
  ])('1 MB of %s takes no time', async (_, unit) => {
    const line = unit.repeat(Math.ceil(1_000_000 / unit.length));
    const started = cpuMs();
    await redactor.lines([line]);

    expect(cpuMs() - started).toBeLessThan(500);
  });

  test.each([
    ['DB_PASSWORD', true],
    ['apiKey', true],
    ['x-api-key', true],
    ['clientSecret', true],
    ['AWS_SECRET_ACCESS_KEY', true],
    ['token_file', false],
    ['passwordPolicy', false],
    ['primaryKey', false],
    ['author', false],
    ['compass', false],
  ])('%s names a secret: %s', (name, expected) => {
    expect(isSecretName(name)).toBe(expected);
  });
});
