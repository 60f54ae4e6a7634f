import type { WorkspaceId } from '../domain/ids.ts';
import type { Ports } from '../domain/ports.ts';
import type { Spending } from '../messages/usage.ts';

/** What this workspace spent in this month, and what it may spend. */
export async function readSpending(
  { clock, modelCalls, models, settings }: Pick<Ports, 'clock' | 'modelCalls' | 'models' | 'settings'>,
  workspaceId: WorkspaceId,
): Promise<Spending> {
  const [report, { monthlyBudgetUsd }] = await Promise.all([
    modelCalls.usage(workspaceId, clock.now()),
    settings.reasoning(workspaceId),
  ]);
  return { report, budgetUsd: monthlyBudgetUsd ?? models.limits.monthlyBudgetUsd };
}
