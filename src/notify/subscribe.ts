import type { ChannelId, SubscriptionId } from '../domain/ids.ts';
import type { Asker } from '../domain/member.ts';
import type { Ports } from '../domain/ports.ts';
import type { Mention } from '../domain/rules/mention.ts';
import { type NeverReason, neverMatches } from '../domain/rules/never.ts';
import { printRule } from '../domain/rules/print.ts';
import type { Rule } from '../domain/rules/rule.ts';
import { suggest } from '../domain/suggest.ts';
import { readTimeZone } from '../domain/time-zone.ts';
import type { Subscription } from '../domain/subscription.ts';
import type {
  ChangeOutcome,
  ChannelObstacle,
  HandleObstacle,
  RulePreview,
  SubscribeObstacle,
  SubscribeOutcome,
} from '../messages/subscription.ts';
import type { GroupNote } from '../messages/target.ts';
import { previewRule } from './preview.ts';
import { type Reached, reachTarget } from './reach.ts';

type Deps = Pick<Ports, 'runSource' | 'groupSource' | 'groups' | 'directory' | 'subscriptions' | 'runs' | 'clock'>;

/** Who asks, where, and about what. */
export interface RuleRequest {
  asker: Asker;
  channelId: ChannelId;
  rule: Rule;
}

export interface SubscribeRequest extends RuleRequest {
  /** Whether the person has seen what the rule would have brought. Until then a rule that had brought something is not kept. */
  isSeen: boolean;
}

/**
 * Lets a channel hear about runs. Both must be within reach: the repository for this workspace's GitHub
 * installations, the channel for the app. A channel shared with another organization is refused, since log lines are not
 * meant for it.
 */
export async function subscribe(deps: Deps, request: SubscribeRequest): Promise<SubscribeOutcome> {
  const { asker, channelId } = request;
  const found = await consider(deps, request);
  if (found.kind !== 'considered') return found;
  const { subject } = found;
  const { rule } = subject;
  if (!request.isSeen && isWorthALook(subject)) {
    // One that is paused is had, too: it only has to wake up.
    const known = await deps.subscriptions.inChannel(asker.workspaceId, channelId);
    if (!hasRule(known, rule)) return { kind: 'unsaved', ...subject };
  }
  const { kind } = await deps.subscriptions.create(asker, channelId, rule);
  return kind === 'existing' ? { kind: 'already-subscribed', rule } : { kind: 'subscribed', ...subject };
}

/** Gives a subscription another rule, under the same conditions. */
export async function changeRule(
  deps: Deps,
  { id, ...request }: SubscribeRequest & { id: SubscriptionId },
): Promise<ChangeOutcome> {
  const { asker, channelId } = request;
  const found = await consider(deps, request);
  if (found.kind !== 'considered') return found;
  const { subject } = found;
  const { rule } = subject;
  const known = await deps.subscriptions.inChannel(asker.workspaceId, channelId);
  const before = known.find((each) => each.id === id);
  if (before === undefined) return { kind: 'gone', rule };
  const isChange = !hasRule(known, rule);
  if (isChange && !request.isSeen && isWorthALook(subject)) return { kind: 'unsaved', ...subject };
  const kind = await deps.subscriptions.change(asker, { channelId, id }, rule);
  return kind === 'changed' ? { kind, before: printRule(before.rule), ...subject } : { kind, rule };
}

/** Rules of files are not among those that a person wrote. */
function hasRule(known: readonly Subscription[], rule: Rule): boolean {
  const line = printRule(rule);
  return known.some((each) => each.fromFileOf === undefined && printRule(each.rule) === line);
}

/** A rule that had brought nothing, and can bring something, needs no second click. */
function isWorthALook({ never, preview }: Considered): boolean {
  return never !== null || (preview !== null && preview.matched > 0);
}

interface Considered {
  rule: Rule;
  never: NeverReason | null;
  group: GroupNote | null;
  preview: RulePreview | null;
}

/** The rule as it would be kept, and what it would have brought; or what stands in its way. */
async function consider(
  deps: Deps,
  request: SubscribeRequest,
): Promise<{ kind: 'considered'; subject: Considered } | SubscribeObstacle> {
  const found = await reach(deps, request);
  if (found.kind !== 'reached') return found;
  const { rule, group } = found;
  const preview = request.isSeen ? null : await previewRule(deps, request.asker.workspaceId, rule);
  return { kind: 'considered', subject: { rule, never: neverMatches(rule), group, preview } };
}

/** A time without a zone is that of whoever writes the rule, and stays so. */
async function withClock(
  { directory }: Pick<Deps, 'directory'>,
  { asker, rule }: Pick<RuleRequest, 'asker' | 'rule'>,
): Promise<Rule> {
  const { schedule } = rule;
  if (schedule === null || schedule.timeZone !== null) return rule;
  const timeZone = readTimeZone((await directory.timeZone(asker)) ?? '') ?? 'UTC';
  return { ...rule, schedule: { ...schedule, timeZone } };
}

/** The user groups that a rule calls, by the ids under which Slack can be told of them. */
async function withHandles(
  { directory }: Pick<Deps, 'directory'>,
  { asker, rule }: Pick<RuleRequest, 'asker' | 'rule'>,
): Promise<{ kind: 'rule'; rule: Rule } | HandleObstacle> {
  const wanted = rule.mentions.some(({ kind }) => kind === 'group');
  const sight = wanted ? await directory.userGroups(asker.workspaceId) : null;
  if (sight === null) return { kind: 'rule', rule };
  if (sight.kind === 'hidden') return { kind: 'handles-hidden' };
  const mentions: Mention[] = [];
  for (const mention of rule.mentions) {
    const group = mention.kind === 'group' ? sight.groups.find(({ handle }) => handle === mention.handle) : null;
    if (mention.kind === 'group' && group === undefined) {
      const handles = sight.groups.map(({ handle }) => handle);
      return { kind: 'unknown-handle', handle: mention.handle, meant: suggest(mention.handle, handles) };
    }
    mentions.push(mention.kind === 'group' && group ? { ...mention, id: group.id } : mention);
  }
  return { kind: 'rule', rule: { ...rule, mentions } };
}

/** The rule as it is kept, or what stands in its way. */
async function reach(deps: Deps, { asker, channelId, rule }: RuleRequest): Promise<Reached> {
  const obstacle = await channelObstacle(deps, asker, channelId);
  if (obstacle !== null) return obstacle;
  const reached = await reachTarget(deps, asker.workspaceId, rule);
  if (reached.kind !== 'reached') return reached;
  const found = await withHandles(deps, { asker, rule: reached.rule });
  if (found.kind !== 'rule') return found;
  return { ...reached, rule: await withClock(deps, { asker, rule: found.rule }) };
}

/** Why log lines may not be posted in this channel; null where they may. */
export async function channelObstacle(
  { directory }: Pick<Ports, 'directory'>,
  { workspaceId }: Pick<Asker, 'workspaceId'>,
  channelId: ChannelId,
): Promise<{ kind: ChannelObstacle } | null> {
  if (channelId.startsWith('D')) return { kind: 'not-a-channel' };
  const sight = await directory.channel(workspaceId, channelId);
  if (sight.kind === 'hidden') return { kind: 'not-invited' };
  if (sight.isArchived) return { kind: 'archived' };
  if (sight.isShared) return { kind: 'shared' };
  return sight.isMember ? null : { kind: 'not-invited' };
}
