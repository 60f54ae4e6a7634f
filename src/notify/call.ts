import { type CodeOwner, ownerName, ownersOf } from '../domain/code-owners.ts';
import type { ThreadId } from '../domain/ids.ts';
import { isFullMember } from '../domain/member.ts';
import { type Called, MOST_CALLED } from '../domain/people.ts';
import { type Mention, withoutRepeats } from '../domain/rules/mention.ts';
import type { Rule } from '../domain/rules/rule.ts';
import type { Run } from '../domain/run.ts';
import { AppError } from '../errors.ts';
import { authorOf, findPerson } from './author.ts';
import type { DeliveryContext, Destination } from './context.ts';

/** The message waits no longer than this for whom it calls. */
const WITHIN_MS = 10_000;
/** Of more owners nobody is looked for; they are counted. */
const MOST_OWNERS = 15;

type One = Called['who'][number];
/** Null for somebody who is not known, and who has no name that may be shown. */
type Found = One | null;

interface Call {
  destination: Destination;
  run: Run;
  within: AbortSignal;
}

/**
 * Finds out who caused a run, and decides whom the new message about its failure calls, before it is posted: Slack tells people of a
 * message that is new, and of none that is edited.
 */
export async function decideCalled(
  context: DeliveryContext,
  destination: Destination,
  { threadId, run, rules }: { threadId: ThreadId; run: Run; rules: readonly Rule[] },
): Promise<void> {
  const within = AbortSignal.any([context.signal, AbortSignal.timeout(WITHIN_MS)]);
  const call: Call = { destination, run, within };
  const author = await findAuthor(context, call);
  const found: Found[] = [];
  for (const mention of withoutRepeats(rules.flatMap(({ mentions }) => mentions))) {
    found.push(...(await findMentioned(context, call, { mention, author })));
  }
  const called = bounded(found);
  if (called.who.length + called.left === 0) return;
  await context.threads.setCalled(destination.workspaceId, context.lease, threadId, called);
}

/** Each once, the first ones; the others are counted. */
function bounded(found: readonly Found[]): Called {
  const known = new Map(found.flatMap((one) => (one === null ? [] : [[JSON.stringify(one), one] as const])));
  const who = [...known.values()].slice(0, MOST_CALLED);
  return { who, left: known.size - who.length + found.filter((one) => one === null).length };
}

async function findAuthor(context: DeliveryContext, { destination, run, within }: Call): Promise<Found> {
  const account = authorOf(run);
  if (account === null) return null;
  const search = { workspaceId: destination.workspaceId, account, run };
  const userId = await unlessAway(context, within, () => findPerson(context, search, within));
  return userId === null ? { kind: 'name', name: account.login } : { kind: 'person', userId };
}

async function findMentioned(
  context: DeliveryContext,
  call: Call,
  { mention, author }: { mention: Mention; author: Found },
): Promise<Found[]> {
  switch (mention.kind) {
    case 'author':
      return author === null ? [] : [author];
    case 'codeowners':
      return await findOwners(context, call);
    case 'group':
      return [mention.id === null ? { kind: 'name', name: mention.handle } : { kind: 'group', id: mention.id }];
    default:
      return mention satisfies never;
  }
}

/** The owners of the files that a change touches. */
async function findOwners(context: DeliveryContext, call: Call): Promise<Found[]> {
  const { destination, run, within } = call;
  const { workspaceId } = destination;
  const owners = await unlessAway(context, within, async () => {
    const rules = await context.codeOwners.rules(workspaceId, run.repository, within);
    return rules.length === 0 ? [] : ownersOf(rules, await changedPaths(context, call));
  });
  const found: Found[] = [];
  for (const owner of owners?.slice(0, MOST_OWNERS) ?? []) found.push(await findOwner(context, call, owner));
  return [...found, ...(owners?.slice(MOST_OWNERS) ?? []).map(nameOf)];
}

async function changedPaths(
  { runTraits, runs }: DeliveryContext,
  { destination: { workspaceId }, run, within }: Call,
): Promise<readonly string[]> {
  if (run.traits !== undefined) return run.traits.paths;
  const traits = await runTraits.traits(workspaceId, run, within);
  await runs.saveTraits(workspaceId, run, traits);
  return traits.paths;
}

async function findOwner(context: DeliveryContext, call: Call, owner: CodeOwner): Promise<Found> {
  const { within } = call;
  return (await unlessAway(context, within, () => lookForOwner(context, call, owner))) ?? nameOf(owner);
}

/** An address is shown to nobody. */
function nameOf(owner: CodeOwner): Found {
  return owner.kind === 'email' ? null : { kind: 'name', name: ownerName(owner) };
}

async function lookForOwner(
  context: DeliveryContext,
  { destination: { workspaceId }, run, within }: Call,
  owner: CodeOwner,
): Promise<Found> {
  const { directory, githubAccounts } = context;
  switch (owner.kind) {
    case 'user': {
      const found = await githubAccounts.find(workspaceId, owner.login, within);
      if (found.kind !== 'account') return null;
      // The address of the commit is the author's, and nobody else's.
      const userId = await findPerson(context, { workspaceId, account: found.account, run }, within);
      return userId && { kind: 'person', userId };
    }
    case 'team': {
      const sight = await directory.userGroups(workspaceId);
      const groups = sight.kind === 'groups' ? sight.groups : [];
      const group = groups.find(({ handle }) => handle === owner.slug.toLowerCase());
      return group === undefined ? null : { kind: 'group', id: group.id };
    }
    case 'email': {
      const sight = await directory.findByEmail(workspaceId, owner.email);
      const isPerson = sight.kind === 'person' && isFullMember(sight.membership);
      return isPerson ? { kind: 'person', userId: sight.membership.userId } : null;
    }
    default:
      return owner satisfies never;
  }
}

/** Null where GitHub or Slack does not answer, or not in time: whom a message calls must not keep it from being posted. */
async function unlessAway<T>(
  { log, signal }: DeliveryContext,
  within: AbortSignal,
  ask: () => Promise<T>,
): Promise<T | null> {
  try {
    within.throwIfAborted();
    return await ask();
  } catch (error) {
    if (signal.aborted || !(error instanceof AppError || within.aborted)) throw error;
    log.warn({ error }, 'Somebody could not be looked up whom a message is to call');
    return null;
  }
}
