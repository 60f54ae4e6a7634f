import type { Webhooks } from '@octokit/webhooks';
import { z } from 'zod';
import { LOOK_AGAIN } from '../domain/github-answers.ts';
import { FailureId, type InstallationId, type RepositoryName, RepositoryPath } from '../domain/ids.ts';
import { RULE_FILE_PATH } from '../domain/rule-files.ts';
import type { RepositoryNews } from '../domain/run.ts';
import { accountOn, type GitHubPlace, repositoryOn } from '../domain/servers.ts';

/** What a delivery says, in the words of its own server. */
export type RepositoryFacts =
  | { kind: 'topics-told'; repository: RepositoryName; topics: readonly string[] }
  | { kind: 'rules-pushed'; repository: RepositoryName }
  | { kind: 'look-wanted'; repository: RepositoryName; failureId: FailureId; by: { id: number; login: string } }
  | { kind: 'sight-changed' };

const WithTopics = z.object({
  repository: z.object({ full_name: RepositoryPath, topics: z.array(z.string().max(100)).max(100) }),
});

/** docs.github.com, webhook "push": at most 2,048 commits are named, and none where the branch was moved back. */
const Push = z.object({
  ref: z.string().max(500),
  deleted: z.boolean().catch(false),
  repository: z.object({ full_name: RepositoryPath, default_branch: z.string().max(250) }),
  commits: z
    .array(
      z
        .object({ added: z.array(z.string()), modified: z.array(z.string()), removed: z.array(z.string()) })
        .transform(({ added, modified, removed }) => [...added, ...modified, ...removed]),
    )
    .catch([]),
});
const MOST_COMMITS = 2_048;

/** Whether the push may have changed the file of rules that counts. */
function mayTouchRules({ ref, deleted, repository, commits }: z.infer<typeof Push>): boolean {
  if (deleted || ref !== `refs/heads/${repository.default_branch}`) return false;
  const isUnclear = commits.length === 0 || commits.length >= MOST_COMMITS;
  return isUnclear || commits.some((paths) => paths.includes(RULE_FILE_PATH));
}

/** docs.github.com, webhook "check_run": only people who may write to the repository see the button, and it is told to the check's own App alone. */
const Click = z.object({
  repository: z.object({ full_name: RepositoryPath }),
  check_run: z.object({ external_id: FailureId }),
  requested_action: z.object({ identifier: z.literal(LOOK_AGAIN) }),
  sender: z.object({ id: z.number().int().positive(), login: z.string().max(100), type: z.literal('User') }),
});

/** Hands over what deliveries say of repositories and of what we may see; those that cannot be read say nothing. */
export function onRepositoryNews(webhooks: Webhooks, tell: (payload: object, facts: RepositoryFacts) => void): void {
  webhooks.on('repository.edited', ({ payload }) => {
    const told = WithTopics.safeParse(payload).data;
    if (told === undefined) return;
    const { full_name: repository, topics } = told.repository;
    tell(payload, { kind: 'topics-told', repository, topics });
  });
  webhooks.on('check_run.requested_action', ({ payload }) => {
    const told = Click.safeParse(payload).data;
    if (told === undefined) return;
    const { repository, check_run: check, sender } = told;
    const by = { id: sender.id, login: sender.login };
    const about = { repository: repository.full_name, failureId: check.external_id, by };
    tell(payload, { kind: 'look-wanted', ...about });
  });
  webhooks.on('push', ({ payload }) => {
    const told = Push.safeParse(payload).data;
    if (told === undefined || !mayTouchRules(told)) return;
    const repository = told.repository.full_name;
    tell(payload, { kind: 'rules-pushed', repository });
  });
  webhooks.on(
    [
      'installation.created',
      'installation.unsuspend',
      'installation.new_permissions_accepted',
      'installation_repositories.added',
      'installation_repositories.removed',
    ],
    ({ payload }) => tell(payload, { kind: 'sight-changed' }),
  );
}

/** The same, as it concerns whoever may see that installation. */
export function toRepositoryNews(
  facts: RepositoryFacts,
  { installationId, server }: { installationId: InstallationId; server: GitHubPlace },
): RepositoryNews {
  if (facts.kind === 'sight-changed') return { ...facts, installationId };
  const repository = repositoryOn(server, facts.repository);
  if (facts.kind !== 'look-wanted') return { ...facts, installationId, repository };
  const { id, login } = facts.by;
  return { ...facts, installationId, repository, by: { id: accountOn(server, id), login } };
}
