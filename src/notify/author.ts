import type { UserId, WorkspaceId } from '../domain/ids.ts';
import { isFullMember } from '../domain/member.ts';
import type { AccountLink, GitHubAccount, Ports } from '../domain/ports.ts';
import type { Run } from '../domain/run.ts';
import { AppError } from '../errors.ts';

type Deps = Pick<Ports, 'accounts' | 'githubAccounts' | 'directory' | 'clock' | 'log'>;

const HOUR_MS = 60 * 60_000;
/** How long an answer is taken on trust. That we lack a scope may change as soon as somebody reads about it. */
const TRUST_MS = { person: 24 * HOUR_MS, nobody: 6 * HOUR_MS, hidden: HOUR_MS } as const;

/** Until when a person's own word is taken on trust, before Slack is asked whether they still belong here. */
export function trustClaimUntil(now: Date): Date {
  return new Date(now.getTime() + TRUST_MS.person);
}

/**
 * The account of whoever caused a run; null for an app, and for a run by the clock: GitHub names whoever wrote down the time, which may
 * be years ago.
 */
export function authorOf({ actor, actorId, actorType, event }: Run): GitHubAccount | null {
  const isPerson = actorId !== null && actorType === 'user' && event !== 'schedule';
  return isPerson ? { id: actorId, login: actor, type: actorType } : null;
}

/** Who caused a run, as far as that is known already; nobody is asked. */
export async function knownAuthor(
  { accounts }: Pick<Ports, 'accounts'>,
  workspaceId: WorkspaceId,
  run: Run,
): Promise<UserId | null> {
  const account = authorOf(run);
  const link = account === null ? null : await accounts.find(workspaceId, account.id);
  return link?.person?.userId ?? null;
}

interface Search {
  workspaceId: WorkspaceId;
  account: GitHubAccount;
  run: Pick<Run, 'repository' | 'headSha'>;
}

/**
 * Whose an account is in the workspace: by what is known, as long as it is to be trusted, else by asking GitHub and Slack. Where one of them
 * does not answer, it is nobody for this once: a message must not wait for whom it mentions.
 */
export async function findPerson(deps: Deps, search: Search, signal: AbortSignal): Promise<UserId | null> {
  const { workspaceId, account } = search;
  if (account.type !== 'user') return null;
  try {
    const known = await deps.accounts.find(workspaceId, account.id);
    const now = deps.clock.now();
    if (known !== null && (known.trustedUntil === null || known.trustedUntil > now))
      return known.person?.userId ?? null;
    return (await findClaimant(deps, workspaceId, known)) ?? (await lookUp(deps, search, signal));
  } catch (error) {
    if (!(error instanceof AppError) || signal.aborted) throw error;
    deps.log.warn({ workspaceId, accountId: account.id, error }, 'Person of a GitHub account could not be looked up');
    return null;
  }
}

/** Whoever said that the account is theirs, if they still belong to the workspace. */
async function findClaimant(
  { directory, accounts, clock }: Deps,
  workspaceId: WorkspaceId,
  link: AccountLink | null,
): Promise<UserId | null> {
  if (link?.person?.proof !== 'claim') return null;
  const { userId } = link.person;
  const membership = await directory.membership({ workspaceId, userId });
  if (membership === null || !isFullMember(membership)) return null;
  await accounts.trust(workspaceId, link.id, trustClaimUntil(clock.now()));
  return userId;
}

async function lookUp(deps: Deps, search: Search, signal: AbortSignal): Promise<UserId | null> {
  const { workspaceId, account } = search;
  const { kind, userId } = await findByAddress(deps, search, signal);
  const at = deps.clock.now();
  const until = new Date(at.getTime() + TRUST_MS[kind]);
  await deps.accounts.keepFound(workspaceId, account, { userId, at, until });
  deps.log.info({ workspaceId, accountId: account.id, found: kind }, 'Looked for the person of a GitHub account');
  // Somebody may have said meanwhile whose it is.
  return (await deps.accounts.find(workspaceId, account.id))?.person?.userId ?? null;
}

/** The person of the workspace that Slack knows by an address which GitHub has confirmed for the account. */
export async function findByAddress(
  { githubAccounts, directory }: Pick<Ports, 'githubAccounts' | 'directory'>,
  { workspaceId, account: { id }, run }: Search,
  signal: AbortSignal,
): Promise<{ kind: 'person'; userId: UserId } | { kind: 'nobody' | 'hidden'; userId: null }> {
  for (const email of await githubAccounts.addresses(workspaceId, { id, run }, signal)) {
    signal.throwIfAborted();
    const sight = await directory.findByEmail(workspaceId, email);
    if (sight.kind === 'hidden') return { kind: 'hidden', userId: null };
    if (sight.kind === 'person' && isFullMember(sight.membership)) {
      return { kind: 'person', userId: sight.membership.userId };
    }
  }
  return { kind: 'nobody', userId: null };
}
