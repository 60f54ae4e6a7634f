import { describe, expect, test } from '@jest/globals';
import { RepositoryName, RepositoryPath } from '../../src/domain/ids.ts';
import { printRule } from '../../src/domain/rules/print.ts';
import { parseRule } from '../../src/domain/rules/parse.ts';
import { targetsOf } from '../../src/domain/rules/rule.ts';
import {
  accountOn,
  GitHubHost,
  HOME,
  hostOf,
  installationOn,
  numberThere,
  ownerOf,
  pageOf,
  pathOf,
  repositoryOn,
  serverOf,
} from '../../src/domain/servers.ts';

const host = GitHubHost.parse('GHE.acme.example');
const there = { number: 2, host };

describe('numbers of two servers', () => {
  test('are never the same, and tell where they are from', () => {
    const [own, other] = [installationOn(HOME, 51_423), installationOn(there, 51_423)];

    expect(own).toBe(51_423);
    expect(other).not.toBe(own);
    expect([own, other].map((id) => id && [serverOf(id), numberThere(id)])).toEqual([
      [0, 51_423],
      [2, 51_423],
    ]);
    expect(accountOn(there, 7)).not.toBe(accountOn(HOME, 7));
  });

  test.each([2 ** 40, 2 ** 53, 0, -1, 1.5])('a number that no server gives is none: %s', (id) => {
    expect(installationOn(there, id)).toBeNull();
    expect(accountOn(there, id)).toBeNull();
  });
});

describe('repositories of two servers', () => {
  const name = RepositoryName.parse('Acme/Web');

  test('have two names, of which one has its host in front', () => {
    expect(repositoryOn(HOME, name)).toBe('acme/web');
    expect(repositoryOn(there, name)).toBe('ghe.acme.example/acme/web');
  });

  test('are taken apart again', () => {
    const other = repositoryOn(there, name);

    expect([hostOf(name), hostOf(other)]).toEqual([null, host]);
    expect([ownerOf(name), ownerOf(other)]).toEqual(['acme', 'ghe.acme.example/acme']);
    expect(pathOf(other)).toEqual({ owner: 'acme', name: 'web' });
    expect(pageOf(other, { webUrl: 'https://ghe.acme.example/' })).toBe('https://ghe.acme.example/acme/web');
    expect(targetsOf(other)).toEqual(['ghe.acme.example/acme/web', 'ghe.acme.example/acme/*']);
  });

  test.each(['acme', 'a/b/c', 'localhost/acme/web', 'x.y/z.w/acme/web', '.x/acme/web', 'x.y:port/acme/web', 'a.b/web'])(
    'nothing else is a name: %s',
    (text) => {
      expect(RepositoryName.safeParse(text).success).toBe(false);
    },
  );

  test('a server cannot name a repository of another one', () => {
    expect(RepositoryPath.safeParse('github.com/acme/web').success).toBe(false);
  });
});

test.each(['ghe.acme.example/acme/web on:failure', '127.0.0.1:8080/acme/*', 'ghe.acme.example/acme/* branch:main'])(
  'a rule names the host of another server: %s',
  (line) => {
    const parsed = parseRule(line);

    expect(parsed.kind).toBe('rule');
    const printed = parsed.kind === 'rule' ? printRule(parsed.rule) : '';
    expect(printed.split(' ')[0]).toBe(line.split(' ')[0]);
    expect(parseRule(printed)).toEqual(parsed);
  },
);
