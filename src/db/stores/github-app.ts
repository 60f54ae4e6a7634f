import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import type { GitHubAppKeys, GitHubAppStore } from '../../domain/github-apps.ts';
import { GitHubHost, HOME, MOST_SERVERS } from '../../domain/servers.ts';
import { AppError } from '../../errors.ts';
import { UnreadableSecretError, type Vault } from '../encryption.ts';
import { GitHubApp } from '../entities/github-app.ts';
import { execute } from '../statements.ts';

const Keys = z.object({
  appId: z.number(),
  privateKey: z.string(),
  webhookSecrets: z.array(z.string()),
  oauth: z.object({ clientId: z.string(), clientSecret: z.string() }).nullable(),
});

/** More servers than there are numbers for. */
class TooManyServersError extends AppError {
  readonly code = 'db.too_many_servers';
  readonly retryable = false;
}

export function createGitHubAppStore(orm: SqlEntityManager, vault: Vault): GitHubAppStore {
  return {
    async list() {
      const rows = await orm.fork().find(GitHubApp, {}, { orderBy: { number: 'asc' } });
      return rows.map(({ host, number, apiUrl, webUrl, logHosts, slug, updatedAt, ...row }) => ({
        number,
        host: host === '' ? null : GitHubHost.parse(host),
        apiUrl,
        webUrl,
        logHosts,
        slug,
        updatedAt,
        keys: openKeys(vault, { ...row, host }),
      }));
    },
    async save({ host, apiUrl, webUrl, logHosts, slug, keys }) {
      const { keyId, bytes } = vault.seal(JSON.stringify(keys), ownerOf(host ?? ''));
      const values = [host ?? '', apiUrl, webUrl, JSON.stringify(logHosts), slug, keyId, bytes];
      const saved = await orm.fork().transactional(async (em) => {
        await execute(em, z.unknown(), { text: 'lock table github_apps in exclusive mode', parameters: [] });
        return await execute(em, z.unknown(), { text: SAVE, parameters: [host === null, ...values] });
      });
      if (saved.length === 0) throw new TooManyServersError(`There are ${MOST_SERVERS} servers already`);
    },
  };
}

/** Null where they were encrypted with another key: then the App has to be set up again, and the others go on. */
function openKeys(
  vault: Vault,
  { host, keyId, sealedKeys }: Pick<GitHubApp, 'host' | 'keyId' | 'sealedKeys'>,
): GitHubAppKeys | null {
  try {
    return Keys.parse(JSON.parse(vault.open({ keyId, bytes: Buffer.from(sealedKeys) }, ownerOf(host))));
  } catch (error) {
    if (error instanceof UnreadableSecretError) return null;
    throw error;
  }
}

/** Binds the keys to their row. */
function ownerOf(host: string): string {
  return `github-app ${host}`;
}

const SAVE = `
  insert into github_apps (number, host, api_url, web_url, log_hosts, slug, key_id, sealed_keys)
  select number, host, api_url, web_url, log_hosts::jsonb, slug, key_id, sealed_keys
  from (
    select case when ?::boolean then ${HOME.number} else (select coalesce(max(number), 0) + 1 from github_apps) end as number,
      ?::text as host, ?::text as api_url, ?::text as web_url, ?::text as log_hosts, ?::text as slug, ?::text as key_id,
      ?::bytea as sealed_keys
  ) as given
  where number <= ${MOST_SERVERS}
  on conflict (host) do update set
    api_url = excluded.api_url, web_url = excluded.web_url, log_hosts = excluded.log_hosts, slug = excluded.slug,
    key_id = excluded.key_id, sealed_keys = excluded.sealed_keys, updated_at = now()
  returning 1`;
