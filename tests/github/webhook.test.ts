import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { GitHubHost, HOME } from '../../src/domain/servers.ts';
import type { GitHubServer } from '../../src/github/servers.ts';
import { createWebhookVerifier } from '../../src/github/webhook.ts';
import { aServer, theseServers } from '../support/github-servers.ts';

const current = randomBytes(24).toString('hex');
const previous = randomBytes(24).toString('hex');
const body = Buffer.from('{"action":"completed"}');

function sign(secret: string, algorithm = 'sha256'): string {
  return `${algorithm}=${createHmac(algorithm, secret).update(body).digest('hex')}`;
}

function matches(secrets: readonly string[], header: string | undefined): boolean {
  return senderOf([aServer({ app: { webhookSecrets: secrets } })], header) !== null;
}

function senderOf(servers: readonly GitHubServer[], header: string | undefined, host?: string) {
  const check = createWebhookVerifier(theseServers(...servers)).open();
  for (const byte of body) check.update(Uint8Array.of(byte));
  return check.signedBy(header, host);
}

describe('the signature of a delivery', () => {
  test('matches over the bytes, however they were cut', () => {
    expect(matches([current], sign(current))).toBe(true);
  });

  test('matches with either secret while one replaces the other', () => {
    expect(matches([current, previous], sign(current))).toBe(true);
    expect(matches([current, previous], sign(previous))).toBe(true);
    expect(matches([current], sign(previous))).toBe(false);
  });

  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['SHA-1', sign(current, 'sha1')],
    ['SHA-1 under the name of SHA-256', sign(current, 'sha1').replace('sha1', 'sha256')],
    ['in upper case', `sha256=${sign(current).slice(7).toUpperCase()}`],
    ['with its algorithm in upper case', sign(current).replace('sha256', 'SHA256')],
    ['one digit short', sign(current).slice(0, -1)],
    ['one digit long', `${sign(current)}0`],
    ['given twice', `${sign(current)}, ${sign(current)}`],
    ['followed by a line break', `${sign(current)}\n`],
    ['without its algorithm', sign(current).slice(7)],
  ])('does not match when it is %s', (_name, header) => {
    expect(matches([current], header)).toBe(false);
  });

  test('does not match with any one digit changed', () => {
    const good = sign(current);
    for (let at = 'sha256='.length; at < good.length; at += 1) {
      const changed = good.slice(0, at) + (good[at] === '0' ? '1' : '0') + good.slice(at + 1);
      expect(matches([current], changed)).toBe(false);
    }
  });

  test('never matches without a secret, or with an empty one', () => {
    expect(matches([], `sha256=${'0'.repeat(64)}`)).toBe(false);
    expect(matches([''], `sha256=${createHmac('sha256', '').update(body).digest('hex')}`)).toBe(false);
  });

  test('says which server sent it, by the secret and by nothing that is not signed', () => {
    const host = GitHubHost.parse('ghe.acme.example');
    const elsewhere = { number: 3, host, webUrl: 'https://ghe.acme.example' };
    const home = aServer({ app: { webhookSecrets: [current] } });
    const other = aServer({ ...elsewhere, app: { webhookSecrets: [previous] } });

    expect(senderOf([home, other], sign(current))).toEqual(HOME);
    expect(senderOf([home, other], sign(previous))).toEqual({ number: 3, host });
    expect(senderOf([home, other], sign(current), 'ghe.acme.example')).toEqual(HOME);
    expect(senderOf([home, other], sign(randomBytes(24).toString('hex')), 'ghe.acme.example')).toBeNull();
  });

  test('says which of two servers sent it by the host that it names, where both have one secret', () => {
    const host = GitHubHost.parse('ghe.acme.example');
    const home = aServer({ app: { webhookSecrets: [current] } });
    const other = aServer({ number: 3, host, webUrl: 'https://ghe.acme.example', app: { webhookSecrets: [current] } });

    expect(senderOf([home, other], sign(current), 'ghe.acme.example')).toEqual({ number: 3, host });
    expect(senderOf([home, other], sign(current))).toEqual(HOME);
  });
});
