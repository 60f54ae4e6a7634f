import { z } from 'zod';
import { unreadableTargetMessage } from '../../messages/help.ts';
import { subscribeReply } from '../../messages/subscription.ts';
import { subscribe } from '../../notify/subscribe.ts';
import { defineCommand } from '../command.ts';
import { readRepository } from '../target.ts';

export const subscribeHere = defineCommand({
  name: 'subscribe',
  usage: 'subscribe owner/repo',
  summary: 'lets this channel hear when a workflow of the repository fails, and when it passes again',
  examples: ['subscribe acme/web', 'subscribe https://github.com/acme/web'],
  needs: 'subscription.manage',
  args: z.tuple([z.string()]),
  problem: 'Tell me one repository.',
  async run({ ports, options, asker, channelId }, [word]) {
    const outcome = readRepository(word, options.githubWebUrl);
    if (outcome.kind !== 'repository') return unreadableTargetMessage(outcome);
    const { repository } = outcome;
    return subscribeReply(await subscribe(ports, { asker, channelId, repository }));
  },
});
