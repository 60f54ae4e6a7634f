import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createVault } from '../../src/db/encryption.ts';
import { GitHubHost } from '../../src/domain/servers.ts';
import { describeBothDatabases } from '../support/database.ts';

const keys = () => ({
  appId: 12,
  privateKey: randomBytes(16).toString('hex'),
  webhookSecrets: [randomBytes(16).toString('hex')],
  oauth: { clientId: 'Iv23li', clientSecret: randomBytes(16).toString('hex') },
});

function anApp(host: string | null) {
  const webUrl = `https://${host ?? 'github.com'}`;
  const addresses = { apiUrl: `${webUrl}/api/v3`, webUrl, logHosts: ['logs.acme.example'] };
  return { host: host === null ? null : GitHubHost.parse(host), ...addresses, slug: 'opsaicortex', keys: keys() };
}

describeBothDatabases('GitHub Apps that were set up', (open) => {
  test('are kept one for each server, each with a number of its own that stays', async () => {
    const { stores } = open();
    const [home, one, two] = [anApp(null), anApp('one.acme.example'), anApp('two.acme.example')];
    await Promise.all([one, two].map((app) => stores.githubApps.save(app)));
    await stores.githubApps.save(home);
    const numbers = new Map((await stores.githubApps.list()).map(({ host, number }) => [host, number]));

    const again = { ...one, keys: keys(), slug: 'opsaicortex-2' };
    await stores.githubApps.save(again);
    const listed = await stores.githubApps.list();

    expect(listed.map(({ number }) => number)).toEqual([0, 1, 2]);
    expect(numbers.get(null)).toBe(0);
    expect(listed.find(({ host }) => host === again.host)).toMatchObject({ ...again, number: numbers.get(again.host) });
    expect(listed.find(({ host }) => host === two.host)).toMatchObject(two);
  });

  test('show none of their keys to whoever reads the table', async () => {
    const { stores, sql } = open();
    const app = anApp('sealed.acme.example');
    await stores.githubApps.save(app);

    const stored = JSON.stringify(await sql(`select * from github_apps where host = 'sealed.acme.example'`));
    for (const secret of [app.keys.privateKey, ...app.keys.webhookSecrets, app.keys.oauth.clientSecret]) {
      expect(stored).not.toContain(secret);
      expect(stored).not.toContain(Buffer.from(secret).toString('hex'));
    }
  });

  test('cannot be read with another key, or in the place of another server, and hide no other', async () => {
    const { stores, sql } = open();
    await stores.githubApps.save(anApp('moved.acme.example'));
    const { keyId, bytes } = createVault(randomBytes(32)).seal('{}', 'github-app other.acme.example');
    await sql(`update github_apps set host = 'stolen.acme.example' where host = 'moved.acme.example'`);
    await stores.githubApps.save(anApp('other.acme.example'));
    await sql(
      `update github_apps set key_id = '${keyId}', sealed_keys = decode('${bytes.toString('hex')}', 'hex') where host = 'other.acme.example'`,
    );

    const readable = new Map((await stores.githubApps.list()).map(({ host, keys: found }) => [host, found !== null]));
    expect(readable.get(GitHubHost.parse('stolen.acme.example'))).toBe(false);
    expect(readable.get(GitHubHost.parse('other.acme.example'))).toBe(false);
    expect([...readable.values()]).toContain(true);
  });
});
