import type { Authorship, Summary } from '../domain/diagnosis.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import type { Ports } from '../domain/ports.ts';

/** When the answer was given that a summary took over; nothing where it took none, or that one is not stored any more. */
export async function findReused(
  { summaries }: Pick<Ports, 'summaries'>,
  workspaceId: WorkspaceId,
  { diagnosis: { authorship } }: Summary,
): Promise<{ reusedAt?: Date }> {
  // Summaries that earlier versions stored lack it.
  const stored: Partial<Authorship> = authorship;
  const { reusedFrom = null } = stored;
  if (reusedFrom === null) return {};
  const earlier = await summaries.find(workspaceId, reusedFrom);
  return earlier === null ? {} : { reusedAt: earlier.createdAt };
}
