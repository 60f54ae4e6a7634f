import type { GitHubSite } from '../../domain/github-apps.ts';
import { z } from 'zod';
import { authorize } from '../../auth/authorize.ts';
import { MessageTs } from '../../domain/ids.ts';
import { LINK_MAX, MOST_UNFURLS, type JobPayload } from '../../domain/jobs.ts';
import { unescape } from '../../messages/text.ts';
import { requestUnfurl } from '../../pipeline/request.ts';
import { askerOf, channelOf, type ListenerContext, type RequestContext } from '../listener.ts';
import { readTarget } from '../target.ts';

type Links = JobPayload<'unfurl-links'>['links'];

/** More links than this are in nobody's message. */
const MOST_LINKS = 100;

const LinkShared = z.object({
  channel: z.string(),
  user: z.string(),
  message_ts: MessageTs,
  is_bot_user_member: z.literal(true),
  // What is still being written has no message, and nobody has decided yet who will read it.
  source: z.literal('conversations_history').optional(),
  links: z.array(z.object({ url: z.string() })).transform((links) => links.slice(0, MOST_LINKS)),
});

/**
 * Somebody posted a link to GitHub in a channel that we are in: what a run, a job or a pull request of it came to is shown below. Links
 * that bots post are left alone, and nobody is told why a link stays bare.
 */
export async function linkShared(context: ListenerContext, event: unknown, request: RequestContext): Promise<void> {
  const shared = LinkShared.safeParse(event);
  if (!shared.success) return;
  const { channel, user, message_ts: ts } = shared.data;
  const links = readLinks(shared.data.links, context.options.githubSites());
  if (links.length === 0) return;
  const asker = askerOf(request, user);
  if ((await authorize(context.ports, asker, 'status.read')).kind !== 'allowed') return;
  await requestUnfurl(context.ports, { workspaceId: asker.workspaceId, channelId: channelOf(channel), ts, links });
}

/** The first few that lead somewhere, each once, as they stand in the message. */
function readLinks(shared: ReadonlyArray<{ url: string }>, sites: readonly GitHubSite[]): Links {
  const found = new Map<string, Links[number]>();
  for (const { url } of shared) {
    if (url.length > LINK_MAX || found.size >= MOST_UNFURLS) continue;
    const outcome = readTarget(unescape(url), sites);
    if (outcome.kind === 'target' && outcome.target.kind !== 'latest') found.set(url, { url, target: outcome.target });
  }
  return [...found.values()];
}
