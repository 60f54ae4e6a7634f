import { z } from 'zod';
import { allows, POLICY, type Action } from '../../auth/policy.ts';
import type { Message } from '../../domain/message.ts';
import { claimReply, freedReply, unlinkedReply } from '../../messages/identity.ts';
import { ABILITY_WORDS, whoamiMessage } from '../../messages/whoami.ts';
import { claimAccount, freeAccount, ownAccounts, unlinkAccounts } from '../../notify/identity.ts';
import { type CommandCall, defineCommand } from '../command.ts';
import { isAllowed } from '../listener.ts';

/** Here the compiler sees that no action lacks its words. */
const WORDS: Record<Action, string> = ABILITY_WORDS;

/** A name on GitHub, also as people write it elsewhere; on another server than the one at home with its host in front. */
const Login = z
  .string()
  .transform((typed) => typed.replace(/^@/u, ''))
  .pipe(z.string().regex(/^(?:(?=[^/]*[.:])[a-z\d][a-z\d.-]{0,63}(?::\d{1,5})?\/)?[\w-]{1,39}$/iu));

const word = (meant: string) => z.string().toLowerCase().pipe(z.literal(meant));
const OnGitHub = word('github');

/** What is said behind `whoami`. */
const Wish = z.union([
  z.tuple([]).transform(() => ({ kind: 'show' }) as const),
  z.tuple([OnGitHub]).transform(() => ({ kind: 'show' }) as const),
  z.tuple([OnGitHub, word('none')]).transform(() => ({ kind: 'unlink' }) as const),
  z.tuple([OnGitHub, word('free'), Login]).transform(([, , login]) => ({ kind: 'free', login }) as const),
  z.tuple([OnGitHub, Login]).transform(([, login]) => ({ kind: 'claim', login }) as const),
]);
type Wish = z.infer<typeof Wish>;

export const whoami = defineCommand({
  name: 'whoami',
  usage: 'whoami [github LOGIN|none]',
  summary: 'shows your role, where it comes from, and what you may do; or says which GitHub account is yours',
  examples: ['whoami', 'whoami github octocat', 'whoami github none', 'whoami github free octocat'],
  needs: 'self.read',
  args: Wish,
  problem: 'This shows your own role. To say which GitHub account is yours, write github and its name behind it.',
  run: (call, wish) => fulfil(call, wish),
});

async function fulfil(call: CommandCall, wish: Wish): Promise<Message | null> {
  const { ports, asker, say } = call;
  if (wish.kind === 'show') return await show(call);
  const action = wish.kind === 'free' ? 'identity.free' : 'identity.claim';
  if (!(await isAllowed(call, { asker, action, refuse: say }))) return null;
  switch (wish.kind) {
    case 'claim':
      return claimReply(await claimAccount(ports, { asker, login: wish.login }));
    case 'unlink':
      return unlinkedReply(await unlinkAccounts(ports, asker));
    case 'free':
      return freedReply(wish.login, await freeAccount(ports, { asker, login: wish.login }));
    default:
      return wish satisfies never;
  }
}

async function show({ ports, asker }: CommandCall): Promise<Message> {
  const { userId, workspaceId } = asker;
  const known = await ports.users.findRole(asker);
  const role = known?.role ?? 'none';
  const install = await ports.workspaces.findInstall(workspaceId);
  const actions = Object.keys(POLICY).filter((name): name is Action => name in POLICY);
  const words = (isMay: boolean) =>
    actions.filter((action) => allows(role, action) === isMay).map((action) => WORDS[action]);
  return whoamiMessage({
    userId,
    role,
    checkedAt: known?.checkedAt ?? null,
    workspace: { id: workspaceId, name: install?.name ?? null },
    may: words(true),
    mayNot: words(false),
    accounts: await ownAccounts(ports, asker),
  });
}
