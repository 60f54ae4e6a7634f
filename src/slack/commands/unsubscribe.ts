import { z } from 'zod';
import { unfollowReply } from '../../messages/rule-file.ts';
import { unsubscribeReply } from '../../messages/subscription.ts';
import { unsubscribe } from '../../notify/unsubscribe.ts';
import { defineCommand } from '../command.ts';
import { readAsCode, readRuleLine } from '../rule-line.ts';

export const unsubscribeHere = defineCommand({
  name: 'unsubscribe',
  usage: 'unsubscribe owner/repo [conditions]',
  summary: 'this channel hears no more about the repository, or no more by this rule; messages that stand here stay',
  examples: [
    'unsubscribe acme/web',
    'unsubscribe acme/web branch:main',
    'unsubscribe topic:payments',
    'unsubscribe acme/web as-code',
  ],
  needs: 'subscription.manage',
  args: z.array(z.string()).min(1),
  problem: 'Tell me one repository. To see what this channel hears about: /cortex subscriptions',
  async run({ ports, options, asker, channelId }, words) {
    const repository = readAsCode(words, options.githubSites());
    if (repository !== null) {
      const file = await ports.ruleFiles.withdraw(asker.workspaceId, { channelId, repository });
      return unfollowReply(repository, file && file.rules.length);
    }
    const typed = readRuleLine(words, options.githubSites());
    if (typed.kind === 'unreadable') return typed.answer;
    return unsubscribeReply(await unsubscribe(ports, { asker, channelId, rule: typed.rule }));
  },
});
