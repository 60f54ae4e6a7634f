import type { SummaryId, WorkspaceId } from '../domain/ids.ts';
import type { Ports } from '../domain/ports.ts';
import type { AnalysisReport } from '../messages/full-analysis.ts';
import { findReused } from './reused.ts';
import { findSimilar } from './similar.ts';

/** Everything that is stored about what a summary explains; null where a part of it is not stored any more. */
export async function findAnalysis(
  { summaries, failures, runs }: Pick<Ports, 'summaries' | 'failures' | 'runs'>,
  workspaceId: WorkspaceId,
  summaryId: SummaryId,
): Promise<AnalysisReport | null> {
  const summary = await summaries.find(workspaceId, summaryId);
  if (summary === null) return null;
  const [failure, run] = await Promise.all([
    failures.find(workspaceId, summary.failureId),
    runs.find(workspaceId, summary.run),
  ]);
  if (failure === null || run === null) return null;
  const [similar, reused] = await Promise.all([
    findSimilar({ failures }, workspaceId, { failure, summary }),
    findReused({ summaries }, workspaceId, summary),
  ]);
  return { failure, summary, run, similar, ...reused };
}
