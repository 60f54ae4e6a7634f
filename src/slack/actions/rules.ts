import type { BlockAction, ButtonAction } from '@slack/bolt';
import { type RepositoryName, SubscriptionId } from '../../domain/ids.ts';
import type { Message } from '../../domain/message.ts';
import { RULE_FILE_PATH } from '../../domain/rule-files.ts';
import { EMPTY_FORM, formOf } from '../../domain/rules/fields.ts';
import { parseRule } from '../../domain/rules/parse.ts';
import { hostOf, pageOf } from '../../domain/servers.ts';
import { printRule } from '../../domain/rules/print.ts';
import { sentence } from '../../messages/blocks.ts';
import { fileRulesMessage } from '../../messages/rule-file.ts';
import { droppedReply, subscribeReply } from '../../messages/subscription.ts';
import { RULE_GONE, subscriptionList } from '../../messages/subscription-list.ts';
import { subscribe } from '../../notify/subscribe.ts';
import { askerOf, channelOf, isAllowed, type ListenerContext, type RequestContext } from '../listener.ts';
import { openRuleWindow } from '../rule-window.ts';

interface Click {
  action: ButtonAction;
  body: BlockAction;
  request: RequestContext;
}

/** A click on "Edit" at a rule. */
export async function editRule(context: ListenerContext, click: Click): Promise<void> {
  const found = await findRule(context, click);
  if (found === null) return;
  const { rule, id: subscriptionId } = found.subscription;
  await openRuleWindow(placeOf(context, click), { form: formOf(rule), subscriptionId });
}

/** A click on "Add a rule…", or on "Change…" at one that is not kept yet. */
export async function newRule(context: ListenerContext, click: Click): Promise<void> {
  if (!(await mayManage(context, click))) return;
  const typed = parseRule(click.action.value ?? '');
  await openRuleWindow(placeOf(context, click), { form: typed.kind === 'rule' ? formOf(typed.rule) : EMPTY_FORM });
}

/** A click on "Subscribe" below what a rule would have brought. Two clicks are one. */
export async function keepRule(context: ListenerContext, click: Click): Promise<void> {
  if (!(await mayManage(context, click))) return;
  const { asker, channelId, responseUrl } = placeOf(context, click);
  const typed = parseRule(click.action.value ?? '');
  const answer =
    typed.kind === 'rule'
      ? subscribeReply(await subscribe(context.ports, { asker, channelId, rule: typed.rule, isSeen: true }))
      : sentence(RULE_GONE);
  await context.respond(responseUrl, answer, { replaceOriginal: true });
}

/** A click on "Cancel" there. */
export async function dropRule(context: ListenerContext, { body }: Click): Promise<void> {
  await context.respond(body.response_url, droppedReply(), { replaceOriginal: true });
}

/** A click on "Delete" at a rule, after Slack has asked whether it is meant. Two clicks are one. */
export async function deleteRule(context: ListenerContext, click: Click): Promise<void> {
  const found = await findRule(context, click);
  if (found === null) return;
  const { subscription, workspaceId } = found;
  const { id, channelId, rule } = subscription;
  const { subscriptions, log } = context.ports;
  await subscriptions.remove(workspaceId, { channelId, id });
  log.info({ workspaceId, userId: click.body.user.id, channelId, rule: printRule(rule) }, 'Subscription rule deleted');
  const news = `Deleted: ${printRule(rule)}. Messages that stand here stay.`;
  const left = await subscriptions.inChannel(workspaceId, channelId);
  const files = await context.ports.ruleFiles.inChannel(workspaceId, channelId);
  await context.respond(click.body.response_url, subscriptionList(left, { mayEdit: true, news, files }), {
    replaceOriginal: true,
  });
}

/** A click on "How to change these" at the rules of a file: nothing of it is changed here. */
export async function explainFile(context: ListenerContext, { action, body, request }: Click): Promise<void> {
  const { workspaceId } = askerOf(request, body.user.id);
  const files = await context.ports.ruleFiles.inChannel(workspaceId, channelOf(body.channel?.id));
  const file = files.find(({ id }) => id === action.value);
  const url = file === undefined ? null : fileUrl(context, file.repository);
  const answer = file === undefined ? sentence(RULE_GONE) : fileRulesMessage(file.repository, url);
  await context.respond(body.response_url, answer, { replaceOriginal: false });
}

/** On whatever the default branch is. */
function fileUrl({ options }: ListenerContext, repository: RepositoryName): string | null {
  const site = options.githubSites().find(({ host }) => host === hostOf(repository));
  return site === undefined ? null : `${pageOf(repository, site)}/blob/HEAD/${RULE_FILE_PATH}`;
}

function placeOf({ ports }: ListenerContext, { body, request }: Click) {
  const { response_url: responseUrl, trigger_id: triggerId } = body;
  return {
    ports,
    asker: askerOf(request, body.user.id),
    channelId: channelOf(body.channel?.id),
    responseUrl,
    triggerId,
  };
}

/** Whether the person may change rules; otherwise they are told which role that needs. */
function mayManage(context: ListenerContext, { body, request }: Click): Promise<boolean> {
  const refuse = (message: Message) => context.respond(body.response_url, message, { replaceOriginal: false });
  return isAllowed(context, { asker: askerOf(request, body.user.id), action: 'subscription.manage', refuse });
}

/** The rule of a click by somebody who may change it; otherwise the person is told what stands in the way. */
async function findRule(context: ListenerContext, click: Click) {
  const { action, body, request } = click;
  const { workspaceId } = askerOf(request, body.user.id);
  const say = (message: Message) => context.respond(body.response_url, message, { replaceOriginal: false });
  if (!(await mayManage(context, click))) return null;
  const channelId = channelOf(body.channel?.id);
  const id = SubscriptionId.safeParse(action.value);
  const known = await context.ports.subscriptions.inChannel(workspaceId, channelId);
  const subscription = known.find((each) => id.success && each.id === id.data);
  if (subscription?.fromFileOf !== undefined) {
    await say(fileRulesMessage(subscription.fromFileOf, fileUrl(context, subscription.fromFileOf)));
    return null;
  }
  if (subscription !== undefined) return { subscription, workspaceId };
  await say(sentence(RULE_GONE));
  return null;
}
