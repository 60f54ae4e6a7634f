import { z } from 'zod';
import { HappeningId, type InstallationId, RepositoryName, RunId } from './ids.ts';
import { ACTOR_TYPES } from './run.ts';

/** What happens in a repository beside its workflow runs, as a rule names it behind `on:`. */
export const HAPPENING_KINDS = ['deployment'] as const;
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
  /** A number of GitHub's that names the story which is told by one message; another story has a message of its own. */
  episode: z.number(),
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

export const Happening = z.discriminatedUnion('kind', [Deployment]);
export type Happening = z.infer<typeof Happening>;

/** What happened as it is kept; `sequel` is what has made it up since. */
export interface KeptHappening {
  id: HappeningId;
  happening: Happening;
  sequel: Deployment | null;
}

/** What a delivery about it means to us. */
export interface HappeningEvent {
  kind: 'happened';
  installationId: InstallationId;
  happening: Happening;
}

/** What makes two deliveries be about one thing, within a repository and kind. */
export function subjectOf(happening: Happening): readonly string[] {
  return [happening.environment, happening.sha];
}

/** By what others look for it: the environment of a deployment. */
export function placeOf(happening: Happening): string {
  return happening.environment;
}

/**
 * What is kept once `next` is heard of; null where that is no later than what is known, since deliveries come repeated and out of order.
 * Another try at a deployment that did not work yet goes on with its story, unless that has ended meanwhile.
 */
export function advance(known: Pick<KeptHappening, 'happening' | 'sequel'> | null, next: Happening): Happening | null {
  if (known === null) return next;
  const { happening, sequel } = known;
  if (compareOrder(next, happening) <= 0) return null;
  const isSameStory = happening.order[0] === next.order[0] || (!wentWell(happening) && sequel === null);
  return isSameStory ? { ...next, episode: happening.episode } : next;
}

/** Positive where the first one is later. */
export function compareOrder(
  { order: one }: Pick<Happening, 'order'>,
  { order: other }: Pick<Happening, 'order'>,
): number {
  const parts = Array.from(
    { length: Math.max(one.length, other.length) },
    (_, at) => (one[at] ?? 0) - (other[at] ?? 0),
  );
  return parts.find((difference) => difference !== 0) ?? 0;
}

/** Whether something is wrong that somebody should know of. */
export function isTrouble({ state }: Happening): boolean {
  return state === 'failure' || state === 'error';
}

/** What is inactive now has worked once. */
function wentWell({ state }: Happening): boolean {
  return state === 'success' || state === 'inactive';
}
