import { z } from 'zod';
import { RULE_LIMITS } from '../../domain/rules/rule.ts';
import { ChannelId, FailureId, SubscriptionId, SummaryId, WorkspaceId } from '../../domain/ids.ts';

// What travels with a window and comes back with it, as Slack's private_metadata (3,000 characters). It is ours only as long as it
// fits the signed request that it comes with: whoever reads it compares the workspace.

/** `responseUrl` is where the person is answered: a window has no such address of its own. */
const Window = z.object({ workspaceId: WorkspaceId, responseUrl: z.url().max(2_000) });

/** `version` tells whether the settings changed since the window was opened. */
export const SettingsWindow = Window.extend({ version: z.string().max(100) });
export type SettingsWindow = z.infer<typeof SettingsWindow>;

export const FeedbackWindow = Window.extend({ summaryId: SummaryId });
export type FeedbackWindow = z.infer<typeof FeedbackWindow>;

/** `channelId` is where a private answer stands that the window was opened from; a message for all has its own. */
export const ReanalyzeWindow = Window.extend({ summaryId: SummaryId, channelId: ChannelId.optional() });
export type ReanalyzeWindow = z.infer<typeof ReanalyzeWindow>;

/** Without an id it is of a new rule. */
export const RuleWindow = Window.extend({ channelId: ChannelId, subscriptionId: SubscriptionId.optional() });
export type RuleWindow = z.infer<typeof RuleWindow>;

/** The rule that was filled in, as a line. */
export const RuleCheckWindow = RuleWindow.extend({ line: z.string().max(RULE_LIMITS.line) });
export type RuleCheckWindow = z.infer<typeof RuleCheckWindow>;

export const FailureWindow = Window.extend({ failureId: FailureId });
export type FailureWindow = z.infer<typeof FailureWindow>;

export const IssueWindow = FailureWindow.extend({ channelId: ChannelId });
export type IssueWindow = z.infer<typeof IssueWindow>;

export function writeIssueWindow(window: IssueWindow): string {
  return JSON.stringify(window);
}

export function writeSettingsWindow(window: SettingsWindow): string {
  return JSON.stringify(window);
}

export function writeFeedbackWindow(window: FeedbackWindow): string {
  return JSON.stringify(window);
}

export function writeReanalyzeWindow(window: ReanalyzeWindow): string {
  return JSON.stringify(window);
}

export function writeRuleWindow(window: RuleWindow): string {
  return JSON.stringify(window);
}

export function writeRuleCheckWindow(window: RuleCheckWindow): string {
  return JSON.stringify(window);
}

export function writeFailureWindow(window: FailureWindow): string {
  return JSON.stringify(window);
}

/** What came back, if it is of this kind and of the workspace that sends it; null otherwise. */
export function readWindow<Read extends { workspaceId: WorkspaceId }>(
  schema: z.ZodType<Read>,
  { metadata, workspaceId }: { metadata: string; workspaceId: WorkspaceId },
): Read | null {
  const window = schema.safeParse(parseJson(metadata));
  return window.success && window.data.workspaceId === workspaceId ? window.data : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
