import { z } from 'zod';
import { MODEL_PROVIDERS } from './reasoning.ts';

const Amount = z.number().int().nonnegative();

/** A month's money, in millionths of a US dollar; the month is a calendar month in UTC. */
const Budget = z.object({
  month: z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/u, 'a month as YYYY-MM'),
  spentMicroUsd: Amount,
  budgetMicroUsd: Amount,
});

/** What the admins of a workspace are told, once a month or once a day. */
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
]);
export type AdminNotice = z.infer<typeof AdminNotice>;

/** The name of a notice: two that carry it are one. */
export function noticeName(notice: AdminNotice): string {
  return notice.kind === 'model-refused'
    ? `${notice.kind}:${notice.provider}:${notice.day}`
    : `${notice.kind}:${notice.month}`;
}
