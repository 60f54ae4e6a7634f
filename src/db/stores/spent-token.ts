import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import type { SpentTokenStore } from '../../domain/ports.ts';
import { execute, type Statements } from '../statements.ts';

export function createSpentTokenStore(orm: SqlEntityManager, statements: Statements): SpentTokenStore {
  return {
    async spend(workspaceId, { id, expiresAt }) {
      const parameters = [workspaceId, id, expiresAt.toISOString()];
      return (await execute(orm.fork(), z.unknown(), { text: SPEND, parameters })).length === 1;
    },
    async spendOnce({ id, expiresAt }) {
      return (await statements.query(z.unknown(), SPEND_ONCE, [id, expiresAt.toISOString()])).length === 1;
    },
    prune: async () => (await execute(orm.fork(), z.unknown(), { text: PRUNE, parameters: [] })).length,
  };
}

const SPEND = `
  insert into spent_tokens (workspace_id, id, expires_at) values (?, ?, ?::timestamptz)
  on conflict do nothing returning 1`;

const SPEND_ONCE = `
  insert into single_use_tokens (id, expires_at) values ($1, $2::timestamptz)
  on conflict do nothing returning 1`;

// A day's grace, since the clock that checks a token is not the database's.
const PRUNE = `
  with ours as (
    delete from single_use_tokens where expires_at < now() - interval '1 day' returning 1
  ), theirs as (
    delete from spent_tokens where expires_at < now() - interval '1 day' returning 1
  )
  select 1 from ours union all select 1 from theirs`;
