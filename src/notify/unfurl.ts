import type { JobPayload } from '../domain/jobs.ts';
import type { Ports } from '../domain/ports.ts';
import { isFailing, type Run } from '../domain/run.ts';
import { isActive } from '../domain/subscription.ts';
import { ChannelUnavailableError, MessageGoneError } from '../errors.ts';
import { linkPreview, type LinkedRun } from '../messages/unfurl.ts';
import { isAbout } from './match.ts';
import { sendPreviews } from './post-once.ts';
import { channelObstacle } from './subscribe.ts';

type Deps = Pick<
  Ports,
  'subscriptions' | 'directory' | 'summaries' | 'failures' | 'messenger' | 'metrics' | 'clock' | 'log'
>;
type Request = JobPayload<'unfurl-links'>;

/** A link of a message, and the run that it leads to. */
export interface FoundLink {
  url: string;
  run: Run;
}

/**
 * The links that may be shown in a channel: those to repositories that it hears about by a rule. Whoever reads there may know of those
 * already, and of no others.
 */
export async function showableLinks(deps: Deps, request: Request): Promise<Request['links']> {
  const { workspaceId, channelId, links } = request;
  const subscribed = await deps.subscriptions.inChannel(workspaceId, channelId);
  const rules = subscribed.filter(isActive).map(({ rule }) => rule);
  const showable = links.filter(({ target }) => rules.some((rule) => isAbout(target.repository, rule)));
  if (showable.length === 0) return [];
  return (await channelObstacle(deps, request, channelId)) === null ? showable : [];
}

/** Shows below a person's message how the runs stand, from what is stored. A message that takes no previews gets none. */
export async function showLinks(deps: Deps, request: Request, found: readonly FoundLink[]): Promise<void> {
  const { workspaceId, channelId, ts } = request;
  const previews = await Promise.all(
    found.map(async ({ url, run }) => {
      const explained = await findExplained(deps, workspaceId, run);
      return { url, message: linkPreview({ run, explained, at: deps.clock.now() }) };
    }),
  );
  try {
    await sendPreviews(previews, (form) => deps.messenger.unfurl(workspaceId, { channelId, ts }, form));
    deps.metrics.messages.add(previews.length, { kind: 'unfurl' });
  } catch (error) {
    if (!(error instanceof ChannelUnavailableError) && !(error instanceof MessageGoneError)) throw error;
    deps.log.info({ workspaceId, channelId, error }, 'Slack takes no preview for this message');
  }
}

async function findExplained(
  { summaries, failures }: Deps,
  workspaceId: Request['workspaceId'],
  run: Run,
): Promise<LinkedRun['explained']> {
  const summary = isFailing(run.conclusion) ? await summaries.findLatest(workspaceId, run) : null;
  const failure = summary && (await failures.find(workspaceId, summary.failureId));
  return summary === null || failure === null ? null : { summary, failure };
}
