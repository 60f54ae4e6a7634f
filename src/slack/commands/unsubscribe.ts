import { z } from 'zod';
import { unreadableTargetMessage } from '../../messages/help.ts';
import { unsubscribeReply } from '../../messages/subscription.ts';
import { unsubscribe } from '../../notify/unsubscribe.ts';
import { defineCommand } from '../command.ts';
import { readTarget } from '../target.ts';

export const unsubscribeHere = defineCommand({
  name: 'unsubscribe',
  usage: 'unsubscribe owner/repo',
  summary: 'ends that; messages that stand here stay',
  examples: ['unsubscribe acme/web'],
  needs: 'subscription.manage',
  args: z.tuple([z.string()]),
  problem: 'Tell me one repository. To see what this channel hears about: /cortex subscriptions',
  async run({ ports, options, asker, channelId }, [word]) {
    const outcome = readTarget(word, options.githubWebUrl);
    if (outcome.kind !== 'target') return unreadableTargetMessage(outcome);
    const { repository } = outcome.target;
    return unsubscribeReply(await unsubscribe(ports, { asker, channelId, repository }));
  },
});
