import { describe, expect, test } from '@jest/globals';
import { createLogHosts } from '../../src/github/log-hosts.ts';

const listed = ['logs.corp.example', '*.store.example', '127.0.0.1:9000', '*.0.0.1'];
const hosts = createLogHosts({ listed, apiUrl: 'https://github.corp.example/api/v3' });

describe('an address that a log may be fetched from', () => {
  test.each([
    'https://productionresultssa0.blob.core.windows.net/actions-results/x?sig=y',
    'https://results-receiver.actions.githubusercontent.com/x',
    'https://objects.githubusercontent.com/x',
    'https://PRODUCTION.BLOB.CORE.WINDOWS.NET/x',
    'https://logs.corp.example/x',
    'https://logs.corp.example:8443/x',
    'https://eu.store.example/x',
    'https://github.corp.example/_services/x',
    'http://127.0.0.1:9000/x',
  ])('%s', (address) => {
    expect(hosts.judge(address)).toMatchObject({ kind: 'allowed' });
  });
});

describe('an address that is refused', () => {
  test.each([
    ['another host', 'https://evil.example/x'],
    ['a host that only ends alike', 'https://evilblob.core.windows.net.evil.example/x'],
    ['a host without the dot of the wildcard', 'https://evilstore.example/x'],
    ['the bare domain of a wildcard', 'https://store.example/x'],
    ['http', 'http://logs.corp.example/x'],
    ['http to this machine on another port', 'http://127.0.0.1:9001/x'],
    ['an inner address that only a wildcard covers', 'https://10.0.0.1/x'],
    ['another scheme', 'ftp://logs.corp.example/x'],
    ['a password', 'https://user:word@logs.corp.example/x'],
    ['no address', 'logs.corp.example/x'],
  ])('%s', (_name, address) => {
    expect(hosts.judge(address)).toMatchObject({ kind: 'refused', reason: expect.any(String) });
  });
});

describe('a name that leads into our network', () => {
  const lookUp = (address: string, name: string) => {
    const outcome = hosts.judge(address);
    if (outcome.kind !== 'allowed') throw new Error(outcome.reason);
    const { promise, resolve } = Promise.withResolvers<string>();
    outcome.lookup(name, { all: true }, (error) => resolve(error?.message ?? 'connected'));
    return promise;
  };

  test.each([
    'localhost',
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '192.168.0.1',
    '::1',
    'fd00::1',
    'fe80::1',
    '::ffff:10.0.0.1',
  ])('is refused when it comes to %s, at the moment of connecting', async (name) => {
    expect(await lookUp('https://x.blob.core.windows.net/', name)).toContain('inside our network');
  });

  test('is followed when the operator listed the very name', async () => {
    expect(await lookUp('https://logs.corp.example/', 'localhost')).toBe('connected');
  });

  test('is nothing that keeps from addresses outside', async () => {
    expect(await lookUp('https://x.blob.core.windows.net/', '203.0.113.7')).toBe('connected');
    expect(await lookUp('https://x.blob.core.windows.net/', '2001:db8::7')).toBe('connected');
  });
});
