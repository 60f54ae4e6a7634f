import { z } from 'zod';
import { ANSWER_FORMS } from './github-answers.ts';
import { ChannelId, InstallationId, RepositoryName, UserId } from './ids.ts';
import { MODEL_PROVIDERS } from './reasoning.ts';

const Amount = z.number().int().nonnegative();

/** A month's money, in millionths of a US dollar; the month is a calendar month in UTC. */
const Budget = z.object({
  month: z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/u, 'a month as YYYY-MM'),
  spentMicroUsd: Amount,
  budgetMicroUsd: Amount,
});

/** What the admins of a workspace are told, once a month, once a day, or each time. */
export const AdminNotice = z.discriminatedUnion('kind', [
  /** The warning share of the budget is spent, the rest is not. */
  Budget.extend({ kind: z.literal('budget-warning') }),
  /** Analyses go on without a model until the month ends. */
  Budget.extend({ kind: z.literal('budget-exhausted') }),
  /** A provider takes our key or our account's money no more. */
  z.object({
    kind: z.literal('model-refused'),
    provider: z.enum(MODEL_PROVIDERS),
    /** Who answers instead; `offline` is the analysis by rules. */
    insteadOfIt: z.enum([...MODEL_PROVIDERS, 'offline']),
    day: z.iso.date(),
  }),
  /** Nothing can be posted to a channel until somebody changes something; its subscriptions are paused. */
  z.object({
    kind: z.literal('channel-paused'),
    channelId: ChannelId,
    /** Slack's word. */
    reason: z.string().max(200),
    at: z.iso.datetime(),
  }),
  /** An admin has linked a GitHub installation to the workspace. */
  z.object({
    kind: z.literal('github-connected'),
    installationId: InstallationId,
    account: z.string().max(200),
    by: UserId,
    at: z.iso.datetime(),
  }),
  /** An admin wants answers on GitHub there, and the App may not write them. */
  z.object({
    kind: z.literal('answers-not-permitted'),
    repository: RepositoryName,
    form: z.enum(ANSWER_FORMS),
    day: z.iso.date(),
  }),
  /** An admin wants answers on GitHub there, where another workspace has them stand already. */
  z.object({ kind: z.literal('answers-taken'), repository: RepositoryName, month: Budget.shape.month }),
]);
export type AdminNotice = z.infer<typeof AdminNotice>;

/** The name of a notice: two that carry it are one. */
export function noticeName(notice: AdminNotice): string {
  switch (notice.kind) {
    case 'model-refused':
      return `${notice.kind}:${notice.provider}:${notice.day}`;
    case 'answers-not-permitted':
      return `${notice.kind}:${notice.form}:${notice.repository}:${notice.day}`;
    case 'answers-taken':
      return `${notice.kind}:${notice.repository}:${notice.month}`;
    case 'channel-paused':
      return `${notice.kind}:${notice.channelId}:${notice.at}`;
    case 'github-connected':
      return `${notice.kind}:${notice.installationId}:${notice.at}`;
    case 'budget-warning':
    case 'budget-exhausted':
      return `${notice.kind}:${notice.month}`;
    default:
      return notice satisfies never;
  }
}
