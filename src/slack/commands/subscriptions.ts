import { z } from 'zod';
import { subscriptionList } from '../../messages/subscription.ts';
import { defineCommand } from '../command.ts';

export const subscriptionsHere = defineCommand({
  name: 'subscriptions',
  usage: 'subscriptions',
  summary: 'lists what this channel hears about',
  examples: ['subscriptions'],
  needs: 'subscription.read',
  args: z.tuple([]),
  problem: 'This takes nothing else: it lists what this channel hears about.',
  async run({ ports, asker, channelId }) {
    return subscriptionList(await ports.subscriptions.inChannel(asker.workspaceId, channelId));
  },
});
