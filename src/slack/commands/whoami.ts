import { z } from 'zod';
import { allows, POLICY, type Action } from '../../auth/policy.ts';
import { ABILITY_WORDS, whoamiMessage } from '../../messages/whoami.ts';
import { defineCommand } from '../command.ts';

/** Here the compiler sees that no action lacks its words. */
const WORDS: Record<Action, string> = ABILITY_WORDS;

export const whoami = defineCommand({
  name: 'whoami',
  usage: 'whoami',
  summary: 'shows your role, where it comes from, and what you may do',
  examples: ['whoami'],
  needs: 'self.read',
  args: z.tuple([]),
  problem: 'This takes nothing else: it shows your own role.',
  async run({ ports, asker }) {
    const { userId, workspaceId } = asker;
    const known = await ports.users.findRole(asker);
    const role = known?.role ?? 'none';
    const install = await ports.workspaces.findInstall(workspaceId);
    const actions = Object.keys(POLICY).filter((name): name is Action => name in POLICY);
    const words = (isAllowed: boolean) =>
      actions.filter((action) => allows(role, action) === isAllowed).map((action) => WORDS[action]);
    return whoamiMessage({
      userId,
      role,
      checkedAt: known?.checkedAt ?? null,
      workspace: { id: workspaceId, name: install?.name ?? null },
      may: words(true),
      mayNot: words(false),
    });
  },
});
