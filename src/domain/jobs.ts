import { z } from 'zod';
import {
  ChannelId,
  EventId,
  FailureId,
  HappeningId,
  HappeningListId,
  JobId,
  MessageTs,
  RepositoryName,
  RoundupId,
  RunId,
  SummaryId,
  TeamId,
  UserId,
  WorkspaceId,
} from './ids.ts';
import { GroupName } from './groups.ts';
import { AdminNotice } from './notice.ts';
import { MODEL_TIERS, ModelChoice } from './reasoning.ts';
import { RULE_FILE_NEWS } from './rules/news.ts';
import { SightChange } from './sight.ts';

const RunKey = z.object({
  workspaceId: WorkspaceId,
  repository: RepositoryName,
  runId: RunId,
  attempt: z.number().int().positive(),
});

/** A branch as a person types it; what git allows in no name is not one: git-check-ref-format(1). */
export const BranchName = z
  .string()
  .max(250)
  .regex(/^(?![-/.])[^\s\p{Cc}~^:?*[\]\\]+$/u, 'a branch');

/** A run, or the last failing one, in a repository that is named. */
export const NamedTarget = z.discriminatedUnion('kind', [
  /** The last failing run of a repository, or of one of its branches. */
  z.object({ kind: z.literal('latest'), repository: RepositoryName, branch: BranchName.optional() }),
  /** The last failing run of the commit that stands at the head of a pull request. */
  z.object({
    kind: z.literal('pull-request'),
    repository: RepositoryName,
    number: z.number().int().positive().max(1_000_000_000),
  }),
  z.object({
    kind: z.literal('run'),
    repository: RepositoryName,
    runId: RunId,
    attempt: z.number().int().positive().nullable(),
  }),
]);
export type NamedTarget = z.infer<typeof NamedTarget>;

/** What a person asked to have summarized. */
export const SummaryTarget = z.discriminatedUnion('kind', [
  /** The last failure in the repositories that the channel hears about. */
  z.object({ kind: z.literal('channel'), branch: BranchName.optional() }),
  /** The last failure of what somebody calls so: a repository, a branch or a workflow. */
  z.object({
    kind: z.literal('called'),
    name: z.string().min(1).max(200),
    repository: RepositoryName.optional(),
    branch: BranchName.optional(),
    /** The name may be no name ("the build"): where nothing is called so, the last failure is meant. */
    isVague: z.boolean().optional(),
  }),
  NamedTarget,
]);
export type SummaryTarget = z.infer<typeof SummaryTarget>;

/** How much a person may note for another look. */
export const NOTE_MAX = 500;

/** What a person wants of another look. The note is foreign text. */
export const AnalysisWants = z.object({
  /** Which of the models to ask first. */
  tier: z.enum(MODEL_TIERS).optional(),
  /** This model and no other, or none at all. */
  choice: z.union([ModelChoice, z.literal('offline')]).optional(),
  note: z.string().max(NOTE_MAX).optional(),
});
export type AnalysisWants = z.infer<typeof AnalysisWants>;

/** How many links of one message are shown, as Slack does with its own previews. */
export const MOST_UNFURLS = 5;
/** Longest address that is looked at; Slack takes none above 3,000 characters. */
export const LINK_MAX = 2_000;

/** How far an answer has come: its log is fetched, its history matched, a model asked. */
export const ANSWER_STAGES = ['fetching', 'matching', 'asking'] as const;
export type AnswerStage = (typeof ANSWER_STAGES)[number];

/** Every kind of queued work with the schema of its payload: small ids, never bodies. A payload that does not fit is parked. */
export const JOB_PAYLOADS = {
  /** Reads a stored delivery and plans what follows from it. */
  'process-event': z.object({ eventId: EventId }),
  /** Fetches, analyses and stores; `revision` is 0 for the automatic look and counts up on request. */
  'analyze-run': RunKey.extend({
    revision: z.number().int().nonnegative(),
    /** How often a log was not there yet. */
    logTries: z.number().int().nonnegative(),
    /** A limit of GitHub's put an earlier look off. */
    wasLimited: z.boolean().optional(),
    /** Who asked for another look, and where the answer goes if that channel does not subscribe. */
    askedBy: z.object({ channelId: ChannelId, userId: UserId, responseUrl: z.url() }).optional(),
    /** What this look is asked for: a larger model, or an eye on what a person noted. */
    wants: AnalysisWants.optional(),
    /** Who asked for this look. */
    person: UserId.optional(),
  }),
  /** Answers a person who asked for a summary. */
  'answer-request': z.object({
    workspaceId: WorkspaceId,
    channelId: ChannelId,
    userId: UserId,
    target: SummaryTarget,
    /** The address that Slack gave for the answer (valid for 30 minutes); a mention comes without one. */
    responseUrl: z.url().optional(),
    /**
     * The answer is posted for all to see, in this thread of the channel or beside none. `ts` is the message that shows how far it has
     * come, once that stands there: it becomes the answer.
     */
    post: z
      .object({
        threadTs: MessageTs.optional(),
        ts: MessageTs.optional(),
        /** Of whoever asked: a stream needs it. */
        teamId: TeamId.optional(),
        /** That message is a stream, which has to be stopped. */
        isStream: z.boolean().optional(),
      })
      .optional(),
    /** Answers stand one below the other: the address is that of a message which none of them may replace. */
    isAppended: z.boolean().optional(),
    /** The target is the first of so many that a message names. */
    oneOf: z.number().int().min(2).max(100).optional(),
    /** A new look is asked for, whatever is stored. */
    isFresh: z.boolean().optional(),
    wants: AnalysisWants.optional(),
    /** Which look that is, once it is decided: a second try of the job is no further look. */
    revision: z.number().int().positive().optional(),
  }),
  /** Shows below a person's message how the runs stand that it links to. */
  'unfurl-links': z.object({
    workspaceId: WorkspaceId,
    channelId: ChannelId,
    /** The person's message. */
    ts: MessageTs,
    links: z
      .array(z.object({ url: z.string().min(1).max(LINK_MAX), target: NamedTarget }))
      .min(1)
      .max(MOST_UNFURLS),
  }),
  /** Posts a summary to one channel, or edits the message of its failure there. */
  'deliver-summary': z.object({
    workspaceId: WorkspaceId,
    channelId: ChannelId,
    summaryId: SummaryId,
    /** A person wants it to have a message of its own, however many came before it. */
    isAsked: z.boolean().optional(),
    /** It was held back, and is so no longer. */
    isDue: z.boolean().optional(),
  }),
  /** Posts the message that lists several failures, or edits it to say what is true now. */
  'deliver-roundup': z.object({ workspaceId: WorkspaceId, channelId: ChannelId, roundupId: RoundupId }),
  /** Edits the message of a resolved failure in one channel, and says in its thread what fixed it. */
  'deliver-recovery': z.object({ workspaceId: WorkspaceId, channelId: ChannelId, failureId: FailureId }),
  /** Tells one channel how an attempt stands that did not fail, or edits what it was told. */
  'tell-run': RunKey.extend({
    channelId: ChannelId,
    /** It waited for the time at which the channel wants to hear. */
    isDue: z.boolean().optional(),
  }),
  /** Tells one channel of a deployment or whatever else happened beside runs, or edits what it was told. */
  'tell-happening': z.object({
    workspaceId: WorkspaceId,
    channelId: ChannelId,
    happeningId: HappeningId,
    /** It waited for the time at which the channel wants to hear. */
    isDue: z.boolean().optional(),
  }),
  /** Posts the message that lists several of them, or edits it to say what is true now. */
  'tell-happenings': z.object({ workspaceId: WorkspaceId, channelId: ChannelId, listId: HappeningListId }),
  /** Edits the message of a failure in one channel, after a person did something about it. */
  'refresh-failure': z.object({ workspaceId: WorkspaceId, channelId: ChannelId, failureId: FailureId }),
  /** Says on GitHub what is true about a failure, where an admin wants that. */
  'answer-on-github': z.object({ workspaceId: WorkspaceId, failureId: FailureId }),
  /** Lets a channel hear of what was held back, as far as it is due and no mute covers it. */
  'end-mute': z.object({ workspaceId: WorkspaceId, channelId: ChannelId }),
  /** Asks GitHub which repositories belong to a topic or a team now. */
  'refresh-group': z.object({ workspaceId: WorkspaceId, name: GroupName }),
  /** Reads the file of rules of a repository, for every channel that takes its rules from there. */
  'read-rules': z.object({ workspaceId: WorkspaceId, repository: RepositoryName }),
  /** Tells a channel that the file is wrong, or gone. */
  'tell-rules': z.object({
    workspaceId: WorkspaceId,
    channelId: ChannelId,
    repository: RepositoryName,
    news: z.enum(RULE_FILE_NEWS),
    /** Which text is wrong, or which reading found none. */
    key: z.string().max(100),
  }),
  /** Looks through GitHub's list of deliveries for those that failed. A `slot` of time has one, in as many parts as it takes. */
  'reconcile-deliveries': z.object({ slot: z.number().int(), part: z.number().int().nonnegative() }),
  /** Asks GitHub for the runs of a repository that ended, in case that no delivery told of one. */
  'poll-runs': z.object({ workspaceId: WorkspaceId, repository: RepositoryName }),
  /** Tells a channel what became of an installation, or of repositories that its rules name. */
  'tell-sight': z.object({
    workspaceId: WorkspaceId,
    channelId: ChannelId,
    change: SightChange,
    /** What said so, once: a delivery, or a person who connected the account again. */
    occasion: z.string().min(1).max(100),
  }),
  /** Finds the admins of a workspace, so that each of them is told. */
  'notify-admins': z.object({ workspaceId: WorkspaceId, notice: AdminNotice }),
  /** Tells one admin, in a direct message. */
  'notify-admin': z.object({ workspaceId: WorkspaceId, userId: UserId, notice: AdminNotice }),
} as const;

export type JobKind = keyof typeof JOB_PAYLOADS;
export type JobPayload<K extends JobKind> = z.infer<(typeof JOB_PAYLOADS)[K]>;

/** Work to be enqueued. Two jobs with one `dedupeKey` are one job, for as long as the first is remembered. */
export type NewJob = {
  [K in JobKind]: { kind: K; payload: JobPayload<K>; dedupeKey: string; delayMs?: number };
}[JobKind];

/**
 * Whether a job comes before the others that are due: what a person waits for, and what tells a channel of what is known. Otherwise a storm
 * would have to be read and analysed to its end before anybody hears of its beginning.
 */
export function isPrompt({ kind, payload }: NewJob): boolean {
  return kind === 'analyze-run' ? payload.askedBy !== undefined : !BACKGROUND.has(kind);
}

const BACKGROUND: ReadonlySet<JobKind> = new Set([
  'process-event',
  'refresh-group',
  'read-rules',
  'reconcile-deliveries',
  'poll-runs',
  'answer-on-github',
]);

/** The right to work on one job, until it expires by the database's clock. Writes with an old lease are refused. */
export interface Lease {
  jobId: JobId;
  token: string;
}

/** A job as its worker sees it; `kind` and `payload` are foreign until parsed (another version may have written them). */
export interface ClaimedJob {
  lease: Lease;
  kind: string;
  payload: unknown;
  /** 1 for the first try. Counted before the work starts. */
  attempt: number;
  /** What the try before ended with, its code first; null where there was none, or it was given back. */
  lastError: string | null;
}

export type ClaimOutcome =
  | { kind: 'claimed'; job: ClaimedJob }
  /** Done, not due, or leased by somebody else. */
  | { kind: 'unavailable' }
  /** Its tries are used up: it was parked just now. */
  | { kind: 'buried'; jobId: JobId; jobKind: string; reason: string };
