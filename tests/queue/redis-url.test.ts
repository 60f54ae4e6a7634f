import { describe, expect, test } from '@jest/globals';
import { parseRedisUrl } from '../../src/queue/redis-url.ts';

const secret = ['p@', 'ss/', 'word'].join('');

describe('a Redis URL', () => {
  test('names host, port and nothing else where there is nothing else', () => {
    expect(parseRedisUrl('redis://localhost')).toEqual({ host: 'localhost', port: 6379 });
    expect(parseRedisUrl('redis://[::1]:6380')).toEqual({ host: '::1', port: 6380 });
  });

  test('carries user, password and database, with their escapes', () => {
    const url = `redis://cor%20tex:${encodeURIComponent(secret)}@cache.example:7000/4`;

    expect(parseRedisUrl(url)).toEqual({ host: 'cache.example', port: 7000, user: 'cor tex', password: secret, db: 4 });
  });

  test('carries a password without a user', () => {
    expect(parseRedisUrl(`redis://:${encodeURIComponent(secret)}@cache.example`)).toMatchObject({ password: secret });
  });

  test('asks for TLS by the name of the host, if it has one', () => {
    expect(parseRedisUrl('rediss://cache.example').tls).toEqual({ servername: 'cache.example' });
    expect(parseRedisUrl('rediss://10.0.0.1').tls).toEqual({});
  });

  test.each(['http://cache.example', 'cache.example:6379', 'redis://cache.example/first', ''])('refuses %p', (url) => {
    expect(() => parseRedisUrl(url)).toThrow(/URL/u);
  });
});
