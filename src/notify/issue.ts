import type { Failure } from '../domain/failure.ts';
import type { ChannelId, FailureId, WorkspaceId } from '../domain/ids.ts';
import type { Asker } from '../domain/member.ts';
import type { CreateIssueOutcome, FileIssueAnswer, Issue, NewIssue, Ports } from '../domain/ports.ts';
import { type IssueSource, issueMark, newIssue } from '../messages/issue.ts';
import { messageUrl } from '../messages/words.ts';
import { findShown } from './shown.ts';
import { findWorkspaceUrl } from './workspace-url.ts';

type Deps = Pick<
  Ports,
  'issues' | 'tracker' | 'summaries' | 'runs' | 'threads' | 'directory' | 'queue' | 'clock' | 'log'
>;

/** GitHub answers within seconds, or not at all. */
const WITHIN_MS = 15_000;

interface IssueRequest {
  asker: Asker;
  failureId: FailureId;
  /** Where the person was, for the link back. */
  channelId: ChannelId;
  title: string;
  words: string;
  labels: readonly string[];
}

/**
 * Creates the one issue of a failure. The right to is taken before GitHub is asked, so two people create one; where an earlier try
 * ended without a word, GitHub is asked first whether it worked. Throws GitHubUnavailableError.
 */
export async function createIssue(deps: Deps, request: IssueRequest): Promise<CreateIssueOutcome> {
  const { issues, queue, clock, log } = deps;
  const { asker, failureId } = request;
  const reservation = await issues.reserve(asker, failureId, clock.now());
  if (reservation.kind !== 'reserved') return reservation;
  const { failure, mayExist } = reservation;
  const wanted = newIssue(await findSource(deps, request, failure), request);
  const answer = await file(deps, { request, failure, wanted, mayExist });
  log.info({ ...asker, failureId, repository: failure.repository, answer: answer.kind }, 'Person asked for an issue');
  if (answer.kind !== 'created') {
    await issues.release(asker, failureId, { isUnsure: false });
    return answer;
  }
  const issue: Issue = { number: answer.number, url: answer.url, by: asker.userId, at: clock.now() };
  void queue.wake(await issues.confirm(asker, failureId, issue));
  return { kind: 'created', issue };
}

interface Filing {
  request: IssueRequest;
  failure: Failure;
  wanted: NewIssue;
  mayExist: boolean;
}

async function file(
  { tracker, issues }: Deps,
  { request: { asker, failureId }, failure, wanted, mayExist }: Filing,
): Promise<FileIssueAnswer> {
  const { workspaceId } = asker;
  const signal = AbortSignal.timeout(WITHIN_MS);
  try {
    const mark = { repository: failure.repository, mark: issueMark(failure) };
    const known = mayExist ? await tracker.find(workspaceId, mark, signal) : null;
    return known === null ? await tracker.create(workspaceId, wanted, signal) : { kind: 'created', ...known };
  } catch (error) {
    // GitHub may have created it all the same: whoever tries next looks first.
    await issues.release(asker, failureId, { isUnsure: true });
    throw error;
  }
}

async function findSource(deps: Deps, { asker, channelId }: IssueRequest, failure: Failure): Promise<IssueSource> {
  const { workspaceId } = asker;
  const shown = await findShown(deps, workspaceId, failure);
  return { failure, shown, threadUrl: await findThreadUrl(deps, { workspaceId, channelId, failure }) };
}

async function findThreadUrl(
  deps: Deps,
  { workspaceId, channelId, failure }: { workspaceId: WorkspaceId; channelId: ChannelId; failure: Failure },
): Promise<string | null> {
  const ts = (await deps.threads.find(workspaceId, channelId, failure.id))?.ts ?? null;
  return ts === null ? null : messageUrl(await findWorkspaceUrl(deps, workspaceId), channelId, ts);
}
