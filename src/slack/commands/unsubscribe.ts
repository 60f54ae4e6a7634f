import { z } from 'zod';
import { unreadableTargetMessage } from '../../messages/help.ts';
import { unsubscribeReply } from '../../messages/subscription.ts';
import { unsubscribe } from '../../notify/unsubscribe.ts';
import { defineCommand } from '../command.ts';
import { readRepository } from '../target.ts';

export const unsubscribeHere = defineCommand({
  name: 'unsubscribe',
  usage: 'unsubscribe owner/repo',
  summary: 'this channel hears no more about the repository; messages that stand here stay',
  examples: ['unsubscribe acme/web'],
  needs: 'subscription.manage',
  args: z.tuple([z.string()]),
  problem: 'Tell me one repository. To see what this channel hears about: /cortex subscriptions',
  async run({ ports, options, asker, channelId }, [word]) {
    const outcome = readRepository(word, options.githubWebUrl);
    if (outcome.kind !== 'repository') return unreadableTargetMessage(outcome);
    const { repository } = outcome;
    return unsubscribeReply(await unsubscribe(ports, { asker, channelId, repository }));
  },
});
