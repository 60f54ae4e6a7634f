import { createHash, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { ingestKey, readBatchPass, signBatch } from '../../src/auth/ingest-token.ts';

const current = ingestKey(randomBytes(32).toString('hex'));
const previous = ingestKey(randomBytes(32).toString('hex'));
const hash = createHash('sha256').update('a batch').digest();
const NOW = new Date('2026-11-28T12:00:00Z');
const at = (seconds: number) => ({ now: () => new Date(NOW.getTime() + seconds * 1_000) });
const read = (token: string, { keys = [current], seconds = 0 } = {}) =>
  readBatchPass({ keys, clock: at(seconds) }, token);

const iat = NOW.getTime() / 1_000;
const GOOD = {
  iss: 'opsaicortex-ingest',
  aud: 'opsaicortex-core',
  iat,
  exp: iat + 30,
  jti: randomUUID(),
  body: hash.toString('hex'),
};
const forge = (claims: object, { secret = current.secret, ...options }: jwt.SignOptions & { secret?: string } = {}) =>
  jwt.sign({ ...GOOD, ...claims }, secret, { keyid: current.id, ...options });
const without = (name: keyof typeof GOOD) =>
  jwt.sign(Object.fromEntries(Object.entries(GOOD).filter(([key]) => key !== name)), current.secret, {
    keyid: current.id,
    noTimestamp: true,
  });

describe('the token of a batch', () => {
  test('is good for what was signed, under a name of its own', () => {
    const [one, other] = [
      signBatch({ key: current, clock: at(0) }, hash),
      signBatch({ key: current, clock: at(0) }, hash),
    ];

    expect(read(one)).toEqual({ once: { id: expect.any(String), expiresAt: expect.any(Date) }, bodyHash: hash });
    expect(read(one)?.once.id).not.toBe(read(other)?.once.id);
    expect(read(forge({}))).not.toBeNull();
  });

  test('may be signed with any of the keys, which it names without telling of them', () => {
    const token = signBatch({ key: previous, clock: at(0) }, hash);

    expect(read(token, { keys: [current, previous] })).not.toBeNull();
    expect(read(token, { keys: [current] })).toBeNull();
    expect(jwt.decode(token, { complete: true })?.header.kid).toBe(previous.id);
    expect(previous.secret).not.toContain(previous.id);
  });

  test('is over within a minute, also where the clocks differ', () => {
    const token = signBatch({ key: current, clock: at(0) }, hash);

    expect([-9, 0, 39].map((seconds) => read(token, { seconds }) !== null)).toEqual([true, true, true]);
    expect([-11, 41, 3_600].map((seconds) => read(token, { seconds }))).toEqual([null, null, null]);
  });

  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  test.each([
    ['nothing', ''],
    ['no token', 'not a token'],
    ['endless', 'a'.repeat(100_000)],
    ['unsigned', jwt.sign(GOOD, '', { algorithm: 'none', keyid: current.id })],
    ['signed by a stranger', forge({}, { secret: randomBytes(32).toString('hex') })],
    ['signed another way', forge({}, { algorithm: 'HS512' })],
    ['signed with a key pair', jwt.sign(GOOD, privateKey, { algorithm: 'RS256', keyid: current.id })],
    ['without the name of a key', jwt.sign(GOOD, current.secret)],
    ['under the name of another key', forge({}, { keyid: previous.id })],
    ['under a path', forge({}, { keyid: '../../etc/passwd' })],
    ['by another issuer', forge({ iss: 'opsaicortex' })],
    ['for somebody else', forge({ aud: 'github-connect-state' })],
    ['good for too long', forge({ exp: iat + 61 })],
    ['of the future', forge({ iat: iat + 11, exp: iat + 40 })],
    ['of no body', without('body')],
    ['of half a body', forge({ body: GOOD.body.slice(1) })],
    ['for ever', without('exp')],
    ['without a name', without('jti')],
    ['without a time', without('iat')],
  ])('is not good when it is %s', (_name, token) => {
    expect(read(token)).toBeNull();
  });

  test('is not good with any part changed', () => {
    const token = signBatch({ key: current, clock: at(0) }, hash);
    for (const [index, part] of token.split('.').entries()) {
      const changed = token.split('.').with(index, `${part[0] === 'A' ? 'B' : 'A'}${part.slice(1)}`);
      expect(read(changed.join('.'))).toBeNull();
    }
  });
});
