import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import type { SpentTokenStore } from '../../domain/ports.ts';
import { execute } from '../statements.ts';

export function createSpentTokenStore(orm: SqlEntityManager): SpentTokenStore {
  return {
    async spend(workspaceId, { id, expiresAt }) {
      const parameters = [workspaceId ?? '', id, expiresAt.toISOString()];
      return (await execute(orm.fork(), z.unknown(), { text: SPEND, parameters })).length === 1;
    },
    prune: async () => (await execute(orm.fork(), z.unknown(), { text: PRUNE, parameters: [] })).length,
  };
}

const SPEND = `
  insert into spent_tokens (workspace_id, id, expires_at) values (?, ?, ?::timestamptz)
  on conflict do nothing returning 1`;

// A day's grace, since the clock that checks a token is not the database's.
const PRUNE = `delete from spent_tokens where expires_at < now() - interval '1 day' returning 1`;
