import { z } from 'zod';
import { HappeningId, type InstallationId, RepositoryName, RunId } from './ids.ts';
import type { HoldOccasion } from './roundup.ts';
import { ACTOR_TYPES } from './run.ts';

/** What happens in a repository beside its workflow runs, as a rule names it behind `on:`. */
export const HAPPENING_KINDS = ['deployment', 'check', 'pull_request', 'release'] as const;
export type HappeningKind = (typeof HAPPENING_KINDS)[number];

/** GitHub's states of a deployment, in the order in which one passes through them; `inactive` is what another one replaced. */
export const DEPLOYMENT_STATES = [
  'queued',
  'pending',
  'waiting',
  'in_progress',
  'success',
  'failure',
  'error',
  'inactive',
] as const;
export type DeploymentState = (typeof DEPLOYMENT_STATES)[number];

/** What all of them have. Names and titles are foreign text, bounded and redacted. */
const Facts = {
  repository: RepositoryName,
  defaultBranch: z.string(),
  actor: z.string(),
  actorType: z.enum(ACTOR_TYPES).nullable(),
  /** Made by us: none is taken from a payload. */
  url: z.string(),
  /** When it came to this state, by GitHub's clock. */
  at: z.coerce.date(),
  /** Which of two states is the later one: GitHub's own ids and times, the weightiest first. */
  order: z.array(z.number()),
};

/** What is deployed to an environment: one commit, however often that is tried. */
export const Deployment = z.object({
  ...Facts,
  kind: z.literal('deployment'),
  environment: z.string(),
  sha: z.string(),
  /** The branch, tag or commit that somebody named. */
  ref: z.string(),
  state: z.enum(DEPLOYMENT_STATES),
  description: z.string(),
  /** The workflow run that deploys, where one does. */
  runId: RunId.nullable(),
});
export type Deployment = z.infer<typeof Deployment>;

/** What another app than GitHub Actions says of the newest commit of a branch that it has looked at. */
export const Check = z.object({
  ...Facts,
  kind: z.literal('check'),
  /** The app's name; null for a commit status, of which nobody knows who set it. */
  app: z.string().nullable(),
  name: z.string(),
  branch: z.string(),
  sha: z.string(),
  isFailing: z.boolean(),
  title: z.string(),
  /** How often it failed in a row, and since when: of one that passes, the last time. */
  failures: z.number(),
  since: z.coerce.date().nullable(),
  /** The commit with which it passed again; null as long as it fails, and where it never did. */
  fixedBy: z.object({ sha: z.string(), at: z.coerce.date() }).nullable(),
});
export type Check = z.infer<typeof Check>;

export const PullRequest = z.object({
  ...Facts,
  kind: z.literal('pull_request'),
  number: z.number(),
  title: z.string(),
  /** Its head, of a fork with the owner in front. */
  branch: z.string(),
  base: z.string(),
  sha: z.string(),
  labels: z.array(z.string()),
  state: z.enum(['open', 'merged', 'closed']),
  isDraft: z.boolean(),
});
export type PullRequest = z.infer<typeof PullRequest>;

export const Release = z.object({
  ...Facts,
  kind: z.literal('release'),
  id: z.number(),
  tag: z.string(),
  name: z.string(),
  /** The branch or commit from which its tag is made. */
  target: z.string(),
  isPrerelease: z.boolean(),
  state: z.enum(['published', 'unpublished', 'deleted']),
  /** That it was published was heard of, and not only that it was changed. */
  isNews: z.boolean(),
});
export type Release = z.infer<typeof Release>;

export const Happening = z.discriminatedUnion('kind', [Deployment, Check, PullRequest, Release]);
export type Happening = z.infer<typeof Happening>;

/** What is known of the checks of one commit: workflows and checks of other apps by their names, each as it ended last. */
export interface CommitChecks {
  failing: readonly string[];
  passing: number;
  underWay: number;
}

/** One story about it as it is kept, which one message tells. */
export interface KeptHappening {
  id: HappeningId;
  happening: Happening;
  /** The deployment that has made up for it since. */
  sequel: Deployment | null;
  /** Of the head of an open pull request. */
  checks: CommitChecks | null;
}

/** What a channel heard of in one message, since it was held back until then. */
export interface HappeningList {
  occasion: HoldOccasion;
  /** In the order in which they came to where they stood then. */
  entries: readonly KeptHappening[];
}

/** What a delivery about it means to us. */
export interface HappeningEvent {
  kind: 'happened';
  installationId: InstallationId;
  happening: Happening;
}

/** What makes two deliveries be about one thing, within a repository and kind. */
export function subjectOf(happening: Happening): readonly string[] {
  switch (happening.kind) {
    case 'deployment':
      return [happening.environment, happening.sha];
    case 'check':
      return [happening.app ?? '', happening.name, happening.branch];
    case 'pull_request':
      return [`${happening.number}`];
    case 'release':
      return [`${happening.id}`];
    default:
      return happening satisfies never;
  }
}

/** By what others look for it: the environment of a deployment, the commit of a check or a pull request. */
export function placeOf(happening: Happening): string {
  switch (happening.kind) {
    case 'deployment':
      return happening.environment;
    case 'check':
    case 'pull_request':
      return happening.sha;
    case 'release':
      return happening.tag;
    default:
      return happening satisfies never;
  }
}

/** What becomes of the story that was told last. */
export type Advance =
  /** It is no later than what is known: deliveries come repeated and out of order. */
  | { kind: 'known' | 'late' }
  /** The story goes on; it is not worth telling where those who know of it would read the same. */
  | { kind: 'goes-on'; happening: Happening; isTold: boolean }
  | { kind: 'begins'; happening: Happening };

/** What becomes of the last story about a thing once `next` is heard of. */
export function advance(known: Pick<KeptHappening, 'happening' | 'sequel'> | null, next: Happening): Advance {
  if (known === null) return { kind: 'begins', happening: next };
  const { happening, sequel } = known;
  if (happening.kind === 'release' && next.kind === 'release') return advanceRelease(happening, next);
  const later = compareOrder(next, happening);
  // A pull request is changed more than once within a second, and nothing else says in which order.
  const isAnother = next.kind === 'pull_request' && textOf(next) !== textOf(happening);
  if (later < 0 || (later === 0 && !isAnother)) return { kind: later === 0 ? 'known' : 'late' };
  if (happening.kind === 'check' && next.kind === 'check') return advanceCheck(happening, next);
  if (happening.kind !== 'deployment') return { kind: 'goes-on', happening: next, isTold: true };
  // Another try at a deployment that did not work yet goes on with its story, unless somebody else has ended that.
  const isSameStory = happening.order[0] === next.order[0] || (!wentWell(happening) && sequel === null);
  return isSameStory ? { kind: 'goes-on', happening: next, isTold: true } : { kind: 'begins', happening: next };
}

/** Whoever wrote it down, and in whatever order. */
function textOf(happening: Happening): string {
  return JSON.stringify(Happening.parse(happening));
}

/** That it was published may be heard of last of all, and is news even then. */
function advanceRelease(known: Release, next: Release): Advance {
  const later = compareOrder(next, known);
  const isNews = known.isNews || next.isNews;
  if (later > 0) return { kind: 'goes-on', happening: { ...next, isNews }, isTold: true };
  if (isNews !== known.isNews) return { kind: 'goes-on', happening: { ...known, isNews }, isTold: true };
  return { kind: later === 0 ? 'known' : 'late' };
}

/** Its story begins with a failure, and ends when it passes. */
function advanceCheck(known: Check, next: Check): Advance {
  if (next.isFailing && !known.isFailing) return { kind: 'begins', happening: next };
  const { since, fixedBy, at } = known;
  if (next.isFailing) {
    const failures = known.failures + 1;
    return { kind: 'goes-on', happening: { ...next, since: since ?? at, failures }, isTold: true };
  }
  const story = { failures: known.failures, since };
  if (!known.isFailing) return { kind: 'goes-on', happening: { ...next, ...story, fixedBy }, isTold: false };
  const fixed = { sha: next.sha, at: next.at };
  return { kind: 'goes-on', happening: { ...next, ...story, fixedBy: fixed }, isTold: true };
}

/** Positive where the first one is later. */
export function compareOrder(
  { order: one }: Pick<Happening, 'order'>,
  { order: other }: Pick<Happening, 'order'>,
): number {
  const length = Math.max(one.length, other.length);
  const parts = Array.from({ length }, (_, at) => (one[at] ?? 0) - (other[at] ?? 0));
  return parts.find((difference) => difference !== 0) ?? 0;
}

/** Whether it is something that somebody who asks for no more than its kind wants to hear: what goes wrong, and a new release. */
export function isNews({ happening, sequel, checks }: Omit<KeptHappening, 'id'>): boolean {
  switch (happening.kind) {
    case 'deployment':
      // What was made up for before anybody heard of it is no news.
      return isBroken(happening) && sequel === null;
    case 'check':
      return happening.isFailing;
    case 'pull_request':
      return happening.state === 'open' && !happening.isDraft && (checks?.failing.length ?? 0) > 0;
    case 'release':
      return happening.state === 'published' && happening.isNews;
    default:
      return happening satisfies never;
  }
}

export function isBroken({ state }: Deployment): boolean {
  return state === 'failure' || state === 'error';
}

/** What is inactive now has worked once. */
export function wentWell({ state }: Deployment): boolean {
  return state === 'success' || state === 'inactive';
}
