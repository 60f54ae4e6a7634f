import type { SummaryId } from '../domain/ids.ts';
import { ACTION } from './action-ids.ts';
import { button } from './blocks.ts';

/** Opens all that is known of a failure in a window; below every message that explains one, its end included. */
export function fullAnalysisButton(summaryId: SummaryId) {
  return button('Full analysis', { actionId: ACTION.fullAnalysis, value: summaryId });
}
