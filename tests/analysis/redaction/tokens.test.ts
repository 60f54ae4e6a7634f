import { describe, expect, test } from '@jest/globals';
import { TOKEN_FORMATS } from '../../../src/analysis/redaction/tokens.ts';
import { redactor } from '../support.ts';
import { hex, join, jwt, mixed, TOKENS, upper } from './samples.ts';

const CONTEXTS: ReadonlyArray<readonly [string, (token: string) => string]> = [
  ['alone', (token) => token],
  ['in a sentence', (token) => `error: the server refused ${token}.`],
  ['in quotes', (token) => `using "${token}" as user`],
  ['in JSON within JSON', (token) => `{"body":"{\\"value\\":\\"${token}\\"}"}`],
  ['behind an escaped line break', (token) => `text\\n${token}\\nmore`],
  ['in YAML', (token) => `      value: ${token}`],
  ['as a variable of any name', (token) => `VALUE=${token}`],
  ['in a URL', (token) => `GET https://x.example/a?page=2&v=${token}&b=1 403`],
  ['behind an encoded equals sign', (token) => `/login?next=%2Fa%3Fv%3D${token}`],
  ['in colours', (token) => `\u001b[31m${token}\u001b[0m`],
  ['with a colour inside', (token) => `${token.slice(0, -4)}\u001b[1m${token.slice(-4)}`],
  ['behind a colour that lost its escape', (token) => `[32m${token}`],
  ['behind an escaped quote', (token) => `b'\\x22${token}\\u0022${token}'`],
  ['with what no reader sees inside', (token) => `${token.slice(0, -4)}\u00ad\u202e${token.slice(-4)}`],
  ['behind a time stamp', (token) => `2026-11-24T03:04:05.1234567Z ${token}`],
];

describe.each(TOKENS)('%s: a token of %s', (kind, _, token) => {
  test.each(CONTEXTS)('goes %s', async (_context, write) => {
    const [line = ''] = await redactor.lines([write(token)]);

    const body = token.slice(-8);
    expect(line).not.toContain(body);
    expect(line).toMatch(
      new RegExp(`\\[redacted:(?:${kind}|url-credentials|secret-variable|authorization):[0-9a-f]{4}\\]`, 'u'),
    );
  });
});

test('more than sixty formats are known, and each literal of the table stands in lower case', () => {
  expect(TOKENS.length).toBeGreaterThanOrEqual(60);
  expect(TOKEN_FORMATS.length).toBeGreaterThanOrEqual(60);
  for (const { literals } of TOKEN_FORMATS) expect(literals).toEqual(literals.map((literal) => literal.toLowerCase()));
});

test.each([
  ['a row of x', join('gh', 'p_', 'x'.repeat(40))],
  ['a name in code', join('sk', '-', 'fading-circle-spinner-component-name')],
  ['a test', join('gh', 's_', 'token_is_checked_when_it_expires')],
  ['an AWS key of the documentation', 'AKIAIOSFODNN7EXAMPLE'],
  ['a variable of npm', join('np', 'm_', 'config_registry_and_more_of_it_here')],
  ['a version', 'v1.2.3-rc.1'],
  ['a digest', `sha256:${hex(64)}`],
  ['a part of a longer word', join('xAK', 'IA', upper(16), 'YY')],
  ['a hash in a path', `/cache/${hex(40)}/sk-learn/${hex(8)}`],
])('%s stays', async (_, text) => {
  expect(await redactor.lines([text])).toEqual([text]);
});

test.each([
  ['a token of 40 characters', join('gh', 's_', mixed(36))],
  ['a long one', join('gh', 's_', '1234567_', jwt)],
  ['a fine-grained one', join('github', '_pat_', mixed(22), '_', mixed(59))],
])('%s of GitHub goes, although letters stand right before it', async (_, token) => {
  const [line = ''] = await redactor.lines([`abc${token} and`]);

  expect(line).toMatch(/^abc\[redacted:github-token:\w{4}\] and$/u);
});

test('a short token of GitHub goes between letters', () => {
  expect(redactor.text(`E404${join('gh', 's_', mixed(36))}error`)).toMatch(
    /^E404\[redacted:github-token:\w{4}\]error$/u,
  );
});

test('beside an AWS key, forty characters of base64 are its secret', async () => {
  const secret = join(mixed(19), '/', mixed(20));
  const [line] = await redactor.lines([`${join('AK', 'IA', upper(16))},${secret},${hex(40)}`]);

  expect(line).toMatch(new RegExp(`^\\[redacted:aws-key:\\w{4}\\],\\[redacted:aws-secret:\\w{4}\\],${hex(40)}$`, 'u'));
});
