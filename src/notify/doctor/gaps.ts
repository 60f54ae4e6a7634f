import type { HealthFinding } from '../../domain/health.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { DeliverySource } from '../../domain/reconciling.ts';
import { deliveriesHiddenFinding, gapFinding, lagFindings } from '../../messages/doctor/gap-words.ts';
import { GitHubForbiddenError, GitHubNotFoundError } from '../../errors.ts';
import type { Check } from './check.ts';

const DAYS = 7;
const DAY_MS = 24 * 60 * 60_000;
const MOST_GROUPS = 8;

export interface GapPlace {
  /** Whose installations it is about; all of them where none is named. */
  workspaceId: WorkspaceId | null;
}

/** Of what GitHub told and we did not hear. */
export const GAP_CHECKS: ReadonlyArray<Check<GapPlace>> = [
  {
    name: 'Missed deliveries',
    needsDatabase: true,
    async run({ gaps, installations, clock }, { workspaceId }) {
      const now = clock.now();
      const [lag, groups] = await Promise.all([
        gaps.lag(),
        gaps.report({
          since: new Date(now.getTime() - DAYS * DAY_MS),
          installations: workspaceId === null ? null : await installations.ofWorkspace(workspaceId),
        }),
      ]);
      return [...lagFindings(lag), ...groups.slice(0, MOST_GROUPS).map((group) => gapFinding(group, now))];
    },
  },
  {
    name: 'Deliveries at GitHub',
    needsDatabase: false,
    async run({ deliverySources }, _place, signal) {
      const found = await Promise.all(deliverySources.all().map((source) => lookAt(source, signal)));
      return found.flat();
    },
  },
];

async function lookAt(source: DeliverySource, signal: AbortSignal): Promise<HealthFinding[]> {
  try {
    await source.list(null, signal);
    return [];
  } catch (error) {
    if (error instanceof GitHubForbiddenError || error instanceof GitHubNotFoundError)
      return [deliveriesHiddenFinding(source.name)];
    throw error;
  }
}
