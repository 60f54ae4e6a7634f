import { type Asker, isFullMember } from '../domain/member.ts';
import type { AccountLink, NamedAccount, Ports } from '../domain/ports.ts';
import type { ClaimOutcome } from '../messages/identity.ts';
import { trustClaimUntil } from './author.ts';

type Deps = Pick<Ports, 'accounts' | 'githubAccounts' | 'directory' | 'clock' | 'log'>;

/** The asker waits for the answer. */
const WITHIN_MS = 5_000;

/**
 * A person says that a GitHub account is theirs. It decides whom messages mention, and nothing else. An account that leads to somebody
 * else here is refused, as long as that person belongs to the workspace.
 */
export async function claimAccount(
  deps: Deps,
  { asker, login }: { asker: Asker; login: string },
): Promise<ClaimOutcome> {
  const { accounts, githubAccounts, clock, log } = deps;
  const found = await githubAccounts.find(asker.workspaceId, login, AbortSignal.timeout(WITHIN_MS));
  if (found.kind !== 'account') return { kind: found.kind, login };
  const { account } = found;
  if (account.type !== 'user') return { kind: 'not-a-person', login: account.login };
  const holder = await findHolder(deps, asker, account);
  const at = clock.now();
  const result = await accounts.claim(asker, account, { at, until: trustClaimUntil(at) });
  log.info({ ...asker, accountId: account.id, result }, 'Person said which GitHub account is theirs');
  return result === 'taken'
    ? { kind: result, login: account.login, by: holder }
    : { kind: result, login: account.login };
}

/** Whom the account leads to; somebody who has left since does not keep it. */
async function findHolder(
  { accounts, directory, clock }: Deps,
  { workspaceId, userId }: Asker,
  account: NamedAccount,
): Promise<AccountLink['person']> {
  const link = await accounts.find(workspaceId, account.id);
  const now = clock.now();
  const isTrusted = link === null || link.trustedUntil === null || link.trustedUntil > now;
  const holder = link?.person ?? null;
  if (holder === null || holder.userId === userId || isTrusted) return holder;
  const membership = await directory.membership({ workspaceId, userId: holder.userId });
  if (membership !== null && isFullMember(membership)) return holder;
  await accounts.keepFound(workspaceId, account, { userId: null, at: now, until: now });
  return null;
}

/** What is known of the asker's accounts. */
export function ownAccounts({ accounts }: Pick<Ports, 'accounts'>, asker: Asker): Promise<AccountLink[]> {
  return accounts.ofPerson(asker);
}

/** A person wants not to be mentioned for any GitHub account. */
export async function unlinkAccounts(
  { accounts, clock, log }: Pick<Deps, 'accounts' | 'clock' | 'log'>,
  asker: Asker,
): Promise<NamedAccount[]> {
  const ended = await accounts.unlink(asker, clock.now());
  log.info({ ...asker, accounts: ended.length }, 'Person ended the link to their GitHub accounts');
  return ended;
}

/** An admin forgets whose an account is. */
export async function freeAccount(
  { accounts, clock, log }: Pick<Deps, 'accounts' | 'clock' | 'log'>,
  { asker, login }: { asker: Asker; login: string },
): Promise<NamedAccount[]> {
  const freed = await accounts.free(asker, login, clock.now());
  log.info({ ...asker, accounts: freed.length }, 'Admin freed a GitHub account');
  return freed;
}
