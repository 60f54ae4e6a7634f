import type { JobPayload } from '../../domain/jobs.ts';
import { type FoundLink, showableLinks, showLinks } from '../../notify/unfurl.ts';
import { findTarget } from '../find-target.ts';
import type { JobContext, JobHandler } from '../job.ts';

type Payload = JobPayload<'unfurl-links'>;

/** Nobody looks at a message of so long ago for what its links lead to. */
const WORTH_IT_MS = 30 * 60_000;

/** Shows how the runs stand that a message links to. Nothing is analysed for a link. */
export const unfurlLinks: JobHandler<'unfurl-links'> = async (context, payload) => {
  const age = context.clock.now().getTime() - Number(payload.ts) * 1_000;
  if (age > WORTH_IT_MS || !(await context.workspaces.isActive(payload.workspaceId))) return [];
  const links = await showableLinks(context, payload);
  const found = await Promise.all(links.map((link) => findRun(context, payload, link)));
  const runs = found.filter((each) => each !== null);
  if (runs.length > 0) await showLinks(context, payload, runs);
  return [];
};

/** Null for what is not there, what the workspace may not see, and a pull request without a failing run. */
async function findRun(
  context: JobContext,
  { workspaceId, channelId }: Payload,
  { url, target }: Payload['links'][number],
): Promise<FoundLink | null> {
  const found = await findTarget(context, { workspaceId, channelId, target });
  return found.kind === 'found' ? { url, run: found.run } : null;
}
