import { z } from 'zod';
import { authorize } from '../../auth/authorize.ts';
import { subscriptionList } from '../../messages/subscription-list.ts';
import { defineCommand } from '../command.ts';

export const subscriptionsHere = defineCommand({
  name: 'subscriptions',
  usage: 'subscriptions',
  summary: 'lists what this channel hears about, to edit and to delete',
  examples: ['subscriptions'],
  needs: 'subscription.read',
  args: z.tuple([]),
  problem: 'This takes nothing else: it lists what this channel hears about.',
  async run({ ports, asker, channelId }) {
    const subscriptions = await ports.subscriptions.inChannel(asker.workspaceId, channelId);
    const files = await ports.ruleFiles.inChannel(asker.workspaceId, channelId);
    const { kind } = await authorize(ports, asker, 'subscription.manage');
    return subscriptionList(subscriptions, { mayEdit: kind === 'allowed', files });
  },
});
