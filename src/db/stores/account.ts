import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import type { AuditAction } from '../../domain/handling.ts';
import { GitHubAccountId } from '../../domain/ids.ts';
import type { Asker } from '../../domain/member.ts';
import { type AccountLink, type AccountStore, MOST_ACCOUNTS } from '../../domain/people.ts';
import { GitHubAccount } from '../entities/github-account.ts';
import { addAuditEntry } from '../handling.ts';
import { execute } from '../statements.ts';
import { storableText } from '../storable.ts';

const Changed = z.object({ id: z.coerce.number().pipe(GitHubAccountId), login: z.string() });
type Changed = z.infer<typeof Changed>;

export function createAccountStore(orm: SqlEntityManager): AccountStore {
  return {
    async find(workspaceId, accountId) {
      const row = await orm.fork().findOne(GitHubAccount, { workspaceId, accountId });
      return row && toLink(row);
    },
    async ofPerson({ workspaceId, userId }) {
      const rows = await orm.fork().find(GitHubAccount, { workspaceId, userId }, { orderBy: { login: 'asc' } });
      return rows.map(toLink);
    },
    async keepFound(workspaceId, { id, login }, { userId, at, until }) {
      const found = userId === null ? [null, null, null] : [userId, 'email', at];
      const parameters = [workspaceId, id, storableText(login), ...found, until, at];
      await execute(orm.fork(), z.unknown(), { text: KEEP_FOUND, parameters });
    },
    async trust(workspaceId, accountId, trustedUntil) {
      await orm.fork().nativeUpdate(GitHubAccount, { workspaceId, accountId, userId: { $ne: null } }, { trustedUntil });
    },
    async distrust({ workspaceId, userId }, trustedUntil) {
      await orm.fork().nativeUpdate(GitHubAccount, { workspaceId, userId }, { trustedUntil });
    },
    claim: (asker, { id, login }, { at, until }) =>
      orm.fork().transactional(async (em) => {
        const { workspaceId, userId } = asker;
        const held = await em.count(GitHubAccount, { workspaceId, userId, accountId: { $ne: id } });
        if (held >= MOST_ACCOUNTS) return 'too-many';
        const parameters = [workspaceId, id, storableText(login), userId, at, until];
        const [claimed] = await execute(em, Changed, { text: CLAIM, parameters });
        if (claimed === undefined) {
          const known = await em.findOne(GitHubAccount, { workspaceId, accountId: id });
          return known?.userId === userId ? 'unchanged' : 'taken';
        }
        await tell(em, { asker, action: 'claim-account', changed: [claimed], at });
        return 'claimed';
      }),
    unlink: (asker, at) =>
      orm.fork().transactional(async (em) => {
        const { workspaceId, userId } = asker;
        const changed = await execute(em, Changed, { text: UNLINK, parameters: [workspaceId, userId] });
        await tell(em, { asker, action: 'unlink-account', changed, at });
        return changed;
      }),
    free: (asker, login, at) =>
      orm.fork().transactional(async (em) => {
        const { workspaceId } = asker;
        const changed = await execute(em, Changed, { text: FREE, parameters: [workspaceId, storableText(login)] });
        await tell(em, { asker, action: 'free-account', changed, at });
        return changed;
      }),
  };
}

interface Told {
  asker: Asker;
  action: AuditAction;
  changed: readonly Changed[];
  at: Date;
}

async function tell(em: SqlEntityManager, { asker, action, changed, at }: Told): Promise<void> {
  for (const { id, login } of changed) {
    const subject = { kind: 'account', id: String(id) } as const;
    addAuditEntry(em, asker.workspaceId, { actor: asker.userId, action, subject, details: { login }, at });
  }
  await em.flush();
}

function toLink({ accountId: id, login, userId, proof, provenAt, trustedUntil }: GitHubAccount): AccountLink {
  const isFound = userId !== null && proof !== null && provenAt !== null;
  return { id, login, person: isFound ? { userId, proof, at: provenAt } : null, trustedUntil };
}

/** What somebody decided meanwhile, or what is still to be trusted, stays. */
const KEEP_FOUND = `
  insert into github_accounts (workspace_id, account_id, login, user_id, proof, proven_at, trusted_until)
  values (?, ?, ?, ?, ?, ?, ?)
  on conflict (workspace_id, account_id) do update
    set login = excluded.login, user_id = excluded.user_id, proof = excluded.proof,
      proven_at = excluded.proven_at, trusted_until = excluded.trusted_until
    where github_accounts.trusted_until <= ?
  returning 1`;

const CLAIM = `
  insert into github_accounts (workspace_id, account_id, login, user_id, proof, proven_at, trusted_until)
  values (?, ?, ?, ?, 'claim', ?, ?)
  on conflict (workspace_id, account_id) do update
    set login = excluded.login, user_id = excluded.user_id, proof = excluded.proof,
      proven_at = excluded.proven_at, trusted_until = excluded.trusted_until
    where github_accounts.user_id is null
  returning account_id::text as id, login`;

const UNLINK = `
  update github_accounts set user_id = null, proof = null, proven_at = null, trusted_until = null
  where workspace_id = ? and user_id = ?
  returning account_id::text as id, login`;

const FREE = `
  delete from github_accounts where workspace_id = ? and lower(login) = lower(?)
  returning account_id::text as id, login`;
