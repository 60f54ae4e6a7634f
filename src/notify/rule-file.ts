import type { ChannelId, RepositoryName, WorkspaceId } from '../domain/ids.ts';
import type { JobPayload, NewJob } from '../domain/jobs.ts';
import type { Asker } from '../domain/member.ts';
import type { Ports } from '../domain/ports.ts';
import type { RuleFile } from '../domain/rule-files.ts';
import { GitHubUnavailableError } from '../errors.ts';
import type { FollowOutcome } from '../messages/rule-file.ts';
import { planRuleFile } from './plan-rule-file.ts';
import { channelObstacle } from './subscribe.ts';

type Deps = Pick<Ports, 'ruleFiles' | 'ruleFileSource' | 'directory' | 'clock'>;

const LOOK_WITHIN_MS = 15_000;

/**
 * Lets a channel take its rules about a repository from a file there, under the conditions of every subscription: whoever may push there
 * decides from then on what this channel hears about that repository, and about no other.
 */
export async function followFile(
  deps: Deps & Pick<Ports, 'runSource' | 'log'>,
  { asker, channelId, repository }: { asker: Asker; channelId: ChannelId; repository: RepositoryName },
): Promise<FollowOutcome> {
  const { workspaceId } = asker;
  const obstacle = await channelObstacle(deps, asker, channelId);
  if (obstacle !== null) return obstacle;
  if (!(await deps.runSource.canSee(workspaceId, repository))) return { kind: 'not-visible', repository };
  const kind = await deps.ruleFiles.agree(asker, { channelId, repository });
  const signal = AbortSignal.timeout(LOOK_WITHIN_MS);
  try {
    // Whoever asks is told what is wrong with the file, so the channel need not be.
    await takeRules({ ...deps, signal }, { workspaceId, repository }, { only: channelId, occasion: null });
  } catch (error) {
    if (!(error instanceof GitHubUnavailableError)) throw error;
    deps.log.warn({ workspaceId, repository, error }, 'File of rules cannot be read now, it is read later');
  }
  const file = await findFile(deps, workspaceId, { channelId, repository });
  return file === null ? { kind: 'not-visible', repository } : { kind: 'following', isNew: kind === 'created', file };
}

/** The file that a channel takes its rules about a repository from; null where it does not. */
export async function findFile(
  { ruleFiles }: Pick<Deps, 'ruleFiles'>,
  workspaceId: WorkspaceId,
  { channelId, repository }: { channelId: ChannelId; repository: RepositoryName },
): Promise<RuleFile | null> {
  const files = await ruleFiles.inChannel(workspaceId, channelId);
  return files.find((file) => file.repository === repository) ?? null;
}

interface Taking {
  /** For this channel alone. */
  only?: ChannelId;
  /** What makes this reading another one than the last; null where no channel is to be told. */
  occasion: string | null;
}

/** Reads the file, and gives each channel that takes its rules from there what it says now. */
export async function takeRules(
  {
    ruleFiles,
    ruleFileSource,
    directory,
    clock,
    queue,
    signal,
  }: Deps & { queue?: Ports['queue']; signal: AbortSignal },
  { workspaceId, repository }: JobPayload<'read-rules'>,
  { only, occasion }: Taking,
): Promise<void> {
  const files = (await ruleFiles.ofRepository(workspaceId, repository)).filter(
    ({ channelId }) => only === undefined || channelId === only,
  );
  if (files.length === 0) return;
  const readAt = clock.now();
  const read = await ruleFileSource.read(workspaceId, repository, signal);
  for (const file of files) {
    const { channelId } = file;
    const sight = await directory.channel(workspaceId, channelId);
    const { news, ...content } = planRuleFile(file, read, sight.kind === 'visible' ? (sight.name ?? null) : null);
    const told =
      news === null || occasion === null ? [] : [tellJob({ workspaceId, channelId, repository }, news, occasion)];
    const jobIds = await ruleFiles.save(
      workspaceId,
      { channelId, repository },
      { ...content, readAt, followUps: told },
    );
    if (jobIds !== null && jobIds.length > 0) await queue?.wake(jobIds);
  }
}

type News = Exclude<ReturnType<typeof planRuleFile>['news'], null>;

function tellJob(
  place: Omit<JobPayload<'tell-rules'>, 'news' | 'key'>,
  { kind, version }: News,
  occasion: string,
): NewJob {
  const key = kind === 'wrong' ? version : occasion;
  const { workspaceId, channelId, repository } = place;
  return {
    kind: 'tell-rules',
    payload: { ...place, news: kind, key },
    dedupeKey: `tell-rules:${workspaceId}:${channelId}:${repository}:${kind}:${key}`,
  };
}
