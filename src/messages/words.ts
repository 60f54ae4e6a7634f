import { sourceOf } from '../domain/ci.ts';
import type { Authorship, Confidence, Summary, VerdictKind } from '../domain/diagnosis.ts';
import type { ChannelId, RepositoryName } from '../domain/ids.ts';
import type { Conclusion, Run, RunRef } from '../domain/run.ts';
import { dollars, share } from './money.ts';
import { duration, elapsed, oneLine } from './text.ts';

/** What each verdict is called; never more than three words. */
export const VERDICT_WORDS: Record<VerdictKind, string> = {
  new: 'New failure',
  recurring: 'Recurring failure',
  'failing-on-base': 'Also fails on the default branch',
  flaky: 'Flaky',
  infrastructure: 'Infrastructure',
  configuration: 'Configuration',
  timeout: 'Timed out',
  cancelled: 'Cancelled',
  superseded: 'Superseded by a newer commit',
};

export const CONFIDENCE_WORDS: Record<Confidence, string> = {
  high: 'high confidence',
  medium: 'medium confidence',
  low: 'low confidence',
};

const CONCLUSION_WORDS: Record<Conclusion, string> = {
  success: 'passed',
  failure: 'failed',
  timed_out: 'timed out',
  cancelled: 'was cancelled',
  skipped: 'was skipped',
  neutral: 'ended neither green nor red',
  action_required: 'waits for an approval',
  startup_failure: 'could not start',
  stale: 'was given up by GitHub',
};

/** How a run ended, as a verb. */
export function conclusionWords(conclusion: Conclusion | null): string {
  return conclusion === null ? 'ended' : CONCLUSION_WORDS[conclusion];
}

/**
 * Who wrote the explanation, in one line: the model, how long it took and what it cost, and why it was not the first choice.
 * That GitHub's limits delayed it follows. `reusedAt` is when the answer was given that this summary took over, where that is known.
 */
export function authorWords(summary: Pick<Summary, 'diagnosis' | 'createdAt'>, reusedAt: Date | null = null): string {
  const late = summary.diagnosis.wasLimited ? ' Late because GitHub limited our requests.' : '';
  return `${writerWords(summary, reusedAt)}${late}`;
}

function writerWords(
  { diagnosis, createdAt }: Pick<Summary, 'diagnosis' | 'createdAt'>,
  reusedAt: Date | null,
): string {
  // Summaries that earlier versions stored lack what came later.
  const authorship: StoredAuthorship = diagnosis.authorship;
  const { model, fallbackReason, reusedFrom = null } = authorship;
  if (model === null && fallbackReason === null) return 'Offline analysis, no model involved.';
  if (model === null) return `Offline analysis: no model answered (${oneLine(fallbackReason ?? '', REASON_MAX)}).`;
  const age = reusedAt === null ? '' : `, ${duration(createdAt.getTime() - reusedAt.getTime())} before`;
  const lead =
    reusedFrom === null
      ? explainedWords({ ...authorship, model })
      : `Taken over from an earlier analysis of the same failure by ${oneLine(model, MODEL_MAX)}${age}.`;
  const fallback = fallbackReason === null ? '' : ` Not the first choice: ${oneLine(fallbackReason, REASON_MAX)}.`;
  return `${lead}${fallback} Models make mistakes: check the lines.`;
}

const MODEL_MAX = 80;
const REASON_MAX = 160;

/** The fields that came later are absent in what earlier versions stored. */
type StoredAuthorship = Omit<Authorship, Later> & Partial<Pick<Authorship, Later>>;
type Later = 'cachedTokens' | 'costMicroUsd' | 'firstTokenMs' | 'reusedFrom' | 'escalated';

function explainedWords(authorship: StoredAuthorship & { model: string }): string {
  const { model, latencyMs, costMicroUsd = 0, inputTokens, cachedTokens = 0, escalated = false } = authorship;
  const who = `${escalated ? 'the larger model ' : ''}${oneLine(model, MODEL_MAX)}`;
  const cost = costMicroUsd > 0 ? ` for ${dollars(costMicroUsd)}` : '';
  const cached =
    cachedTokens > 0 && inputTokens > 0 ? `, ${share(cachedTokens / inputTokens)} of the input cached` : '';
  return `Explained by ${who} in ${elapsed(latencyMs)}${cost}${cached}.`;
}

/** GitHub's page of the repository, taken from the address of a run; null where that looks different. */
export function repositoryUrl(runUrl: string): string | null {
  return /^(https?:\/\/.+?)\/actions\/runs\/\d+/u.exec(runUrl)?.[1] ?? null;
}

/** GitHub's page of exactly this attempt: the run's own page moves on to the newest one. */
export function attemptUrl(run: Pick<Run, 'url'> & Pick<RunRef, 'attempt'>): string {
  return run.attempt > 1 && /\/actions\/runs\/\d+$/u.test(run.url) ? `${run.url}/attempts/${run.attempt}` : run.url;
}

/** A message's permanent address, as Slack builds it. */
export function messageUrl(workspaceUrl: string | null, channelId: ChannelId, ts: string): string | null {
  if (workspaceUrl === null || !URL.canParse(workspaceUrl)) return null;
  return new URL(`/archives/${channelId}/p${ts.replace('.', '')}`, workspaceUrl).href;
}

/** Slack's own code for why we cannot post, in words; unknown ones as they are. */
export function pauseWords(reason: string): string {
  const words: Record<string, string> = {
    is_archived: 'the channel is archived; unarchive it and subscribe again',
    not_in_channel: 'I was removed from the channel; invite me and subscribe again',
    channel_not_found: 'the channel is gone, or private without me; invite me and subscribe again',
    app_uninstalled: 'the app was removed from this workspace',
    token_revoked: 'the app was disconnected from this workspace; an admin can install it again',
    github_suspended: 'the GitHub App is suspended on that account; an owner of it can lift that',
    github_uninstalled:
      'the GitHub App was removed from that account; an admin can connect it again with /cortex connect',
    repository_removed: 'the GitHub App does not see the repository any more; an owner can add it to the App',
    shared_and_private:
      'a repository that it hears of became private, and people of other organisations are in the channel; end the sharing, or use another channel, and subscribe again',
    repository_deleted: 'the repository was deleted on GitHub',
  };
  return words[reason] ?? `Slack said "${reason}"; subscribe again when that is solved`;
}

/** Why nothing can be said of a repository, and what to do about it. */
export function notVisibleWords(repository: RepositoryName): string {
  const source = sourceOf(repository);
  return source === null
    ? `I cannot see ${repository}. Either it does not exist, or the GitHub App is not installed there for this workspace. Check the spelling, or ask whoever manages GitHub to add the repository to the app.`
    : `I know no CI system called ${source} in this workspace. Check the spelling, or ask whoever runs me to add it: cortex sources add.`;
}
