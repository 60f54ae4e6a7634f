import type { ChannelId, SubscriptionId } from '../domain/ids.ts';
import type { Asker } from '../domain/member.ts';
import type { RuleForm } from '../domain/rules/fields.ts';
import { ruleModal } from '../messages/rule-modal.ts';
import type { ListenerContext } from './listener.ts';
import { writeRuleWindow } from './views/windows.ts';

/** Where a person is, and what opens a window for them there. */
interface Place extends Pick<ListenerContext, 'ports'> {
  asker: Asker;
  channelId: ChannelId;
  responseUrl: string;
  triggerId: string;
}

/** Opens the window in which a rule is filled in; without an id it is a new one. */
export async function openRuleWindow(
  { ports, asker, channelId, responseUrl, triggerId }: Place,
  { form, subscriptionId }: { form: RuleForm; subscriptionId?: SubscriptionId },
): Promise<void> {
  const { workspaceId } = asker;
  const metadata = writeRuleWindow({ workspaceId, responseUrl, channelId, subscriptionId });
  const title = subscriptionId === undefined ? 'Add a rule' : 'Edit a rule';
  await ports.messenger.openModal(workspaceId, triggerId, ruleModal({ title, form, metadata }));
}
