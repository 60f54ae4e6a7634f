import { z } from 'zod';
import { usageMessage } from '../../messages/usage.ts';
import { defineCommand } from '../command.ts';
import { readSpending } from '../spending.ts';

export const usage = defineCommand({
  name: 'usage',
  usage: 'usage',
  summary: 'shows what models cost this month, and what people think of the explanations',
  examples: ['usage'],
  needs: 'usage.read',
  args: z.tuple([]),
  problem: 'This takes nothing else: it shows what models cost this month.',
  async run({ ports, asker }) {
    return usageMessage(await readSpending(ports, asker.workspaceId));
  },
});
