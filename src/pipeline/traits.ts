import type { WorkspaceId } from '../domain/ids.ts';
import { isReported } from '../domain/ci.ts';
import { asksForTraits } from '../domain/rules/rule.ts';
import type { Run } from '../domain/run.ts';
import { isActive, type Subscription } from '../domain/subscription.ts';
import { matchRule } from '../notify/match.ts';
import type { JobContext } from './job.ts';

/**
 * The run with its labels and files, where a rule that may fit asks for them. They are asked for once per run, and kept. Where GitHub is
 * away until the last try, the run is told by the rules that do not need to know.
 */
export async function withTraits(
  { runs, runTraits, isLastAttempt, log, signal }: JobContext,
  workspaceId: WorkspaceId,
  { run, subscriptions }: { run: Run; subscriptions: readonly Subscription[] },
): Promise<Run> {
  const isOpen = ({ rule }: Subscription): boolean =>
    asksForTraits(rule) && matchRule({ run, finding: null }, rule) !== 'no';
  if (isReported(run.repository)) return { traits: { labels: [], paths: [] }, ...run };
  if (run.traits !== undefined || !subscriptions.some((each) => isActive(each) && isOpen(each))) return run;
  try {
    const traits = await runTraits.traits(workspaceId, run, signal);
    await runs.saveTraits(workspaceId, run, traits);
    return { ...run, traits };
  } catch (error) {
    if (!isLastAttempt) throw error;
    log.warn({ workspaceId, repository: run.repository, runId: run.runId, error }, 'Labels and files are not known');
    return run;
  }
}
