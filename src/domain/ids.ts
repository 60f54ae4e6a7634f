import { z } from 'zod';

/** A Slack workspace (`T…`), or the enterprise (`E…`) of an org-wide install. Every row that belongs to a customer has one. */
export const WorkspaceId = z
  .string()
  .regex(/^[TE][A-Z0-9]{1,30}$/u, 'a Slack team or enterprise id')
  .brand<'WorkspaceId'>();
export type WorkspaceId = z.infer<typeof WorkspaceId>;

/** A Slack team, also where the workspace is a whole enterprise. */
export const TeamId = z
  .string()
  .regex(/^T[A-Z0-9]{1,30}$/u, 'a Slack team id')
  .brand<'TeamId'>();
export type TeamId = z.infer<typeof TeamId>;

/** A Slack conversation: public (`C`), private (`C` or `G`) or direct (`D`). */
export const ChannelId = z
  .string()
  .regex(/^[CGD][A-Z0-9]{1,30}$/u, 'a Slack channel id')
  .brand<'ChannelId'>();
export type ChannelId = z.infer<typeof ChannelId>;

/** A Slack user (`U…`, or `W…` on Enterprise Grid). */
export const UserId = z
  .string()
  .regex(/^[UW][A-Z0-9]{1,30}$/u, 'a Slack user id')
  .brand<'UserId'>();
export type UserId = z.infer<typeof UserId>;

/** A user group of Slack (`S…`), which is called by its handle. */
export const UserGroupId = z
  .string()
  .regex(/^S[A-Z0-9]{1,30}$/u, 'a Slack user group id')
  .brand<'UserGroupId'>();
export type UserGroupId = z.infer<typeof UserGroupId>;

/** Slack's name for a message within its channel. */
export const MessageTs = z
  .string()
  .regex(/^\d{1,16}\.\d{1,8}$/u, 'a Slack message timestamp')
  .brand<'MessageTs'>();
export type MessageTs = z.infer<typeof MessageTs>;

/**
 * `owner/name`, in lower case: GitHub compares both without case. A repository of another server than the one at home has its host in
 * front, as `servers.ts` says; a project of another CI system is `ci:source/project`.
 */
export const RepositoryName = z
  .string()
  .max(211)
  .regex(
    /^(?:ci:|(?=[^/]*[.:])[a-z\d](?:[a-z\d.-]{0,62}[a-z\d])?(?::\d{1,5})?\/)?[\w-]{1,39}\/[\w.-]{1,100}$/iu,
    'a repository as owner/name',
  )
  .transform((name) => name.toLowerCase())
  .brand<'RepositoryName'>();
export type RepositoryName = z.infer<typeof RepositoryName>;

/** `owner/name` as a server itself says it: what it says can name no other server. */
export const RepositoryPath = z
  .string()
  .regex(/^[\w-]{1,39}\/[\w.-]{1,100}$/u, 'a repository as owner/name')
  .pipe(RepositoryName);

/** GitHub's numbers stay below 2^53, so a JavaScript number holds them. */
const GitHubNumber = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);

/** An installation of our GitHub App on an account. */
export const InstallationId = GitHubNumber.brand<'InstallationId'>();
export type InstallationId = z.infer<typeof InstallationId>;

/** An account on GitHub. Its login can be given up and taken by somebody else; this cannot. */
export const GitHubAccountId = GitHubNumber.brand<'GitHubAccountId'>();
export type GitHubAccountId = z.infer<typeof GitHubAccountId>;

/** A workflow run, the same for all its attempts. */
export const RunId = GitHubNumber.brand<'RunId'>();
export type RunId = z.infer<typeof RunId>;

/** GitHub's "job": one workflow job of one attempt. */
export const WorkflowJobId = GitHubNumber.brand<'WorkflowJobId'>();
export type WorkflowJobId = z.infer<typeof WorkflowJobId>;

/** A stored delivery. */
export const EventId = z.uuid().brand<'EventId'>();
export type EventId = z.infer<typeof EventId>;

/** A piece of queued work of ours. */
export const JobId = z.uuid().brand<'JobId'>();
export type JobId = z.infer<typeof JobId>;

/** A stored diagnosis. */
export const SummaryId = z.uuid().brand<'SummaryId'>();
export type SummaryId = z.infer<typeof SummaryId>;

/** One fingerprint on one branch of one repository, from its first failure until it is resolved. */
export const FailureId = z.uuid().brand<'FailureId'>();
export type FailureId = z.infer<typeof FailureId>;

export const SubscriptionId = z.uuid().brand<'SubscriptionId'>();
export type SubscriptionId = z.infer<typeof SubscriptionId>;

/** The message of one failure in one channel. */
export const ThreadId = z.uuid().brand<'ThreadId'>();
export type ThreadId = z.infer<typeof ThreadId>;

/** A message that lists several failures. */
export const RoundupId = z.uuid().brand<'RoundupId'>();
export type RoundupId = z.infer<typeof RoundupId>;

/** A deployment, or what else happens beside workflow runs, as it is kept. */
export const HappeningId = z.uuid().brand<'HappeningId'>();
export type HappeningId = z.infer<typeof HappeningId>;

/** A message that lists several of them. */
export const HappeningListId = z.uuid().brand<'HappeningListId'>();
export type HappeningListId = z.infer<typeof HappeningListId>;

/** One question to one model. */
export const ModelCallId = z.uuid().brand<'ModelCallId'>();
export type ModelCallId = z.infer<typeof ModelCallId>;
