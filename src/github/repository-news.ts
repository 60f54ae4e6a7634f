import type { Webhooks } from '@octokit/webhooks';
import { z } from 'zod';
import { LOOK_AGAIN } from '../domain/github-answers.ts';
import { FailureId, GitHubAccountId, InstallationId, RepositoryName } from '../domain/ids.ts';
import { RULE_FILE_PATH } from '../domain/rule-files.ts';
import type { RepositoryNews } from '../domain/run.ts';

const Installed = z.object({ installation: z.object({ id: InstallationId }) });

const WithTopics = Installed.extend({
  repository: z.object({ full_name: RepositoryName, topics: z.array(z.string().max(100)).max(100) }),
});

/** docs.github.com, webhook "push": at most 2,048 commits are named, and none where the branch was moved back. */
const Push = Installed.extend({
  ref: z.string().max(500),
  deleted: z.boolean().catch(false),
  repository: z.object({ full_name: RepositoryName, default_branch: z.string().max(250) }),
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
const Click = Installed.extend({
  repository: z.object({ full_name: RepositoryName }),
  check_run: z.object({ external_id: FailureId }),
  requested_action: z.object({ identifier: z.literal(LOOK_AGAIN) }),
  sender: z.object({ id: GitHubAccountId, login: z.string().max(100), type: z.literal('User') }),
});

/** Hands over what deliveries say of repositories and of what we may see; those that cannot be read say nothing. */
export function onRepositoryNews(webhooks: Webhooks, tell: (payload: object, news: RepositoryNews) => void): void {
  webhooks.on('repository.edited', ({ payload }) => {
    const told = WithTopics.safeParse(payload).data;
    if (told === undefined) return;
    const { full_name: repository, topics } = told.repository;
    tell(payload, { kind: 'topics-told', installationId: told.installation.id, repository, topics });
  });
  webhooks.on('check_run.requested_action', ({ payload }) => {
    const told = Click.safeParse(payload).data;
    if (told === undefined) return;
    const { installation, repository, check_run: check, sender } = told;
    const by = { id: sender.id, login: sender.login };
    const about = { repository: repository.full_name, failureId: check.external_id, by };
    tell(payload, { kind: 'look-wanted', installationId: installation.id, ...about });
  });
  webhooks.on('push', ({ payload }) => {
    const told = Push.safeParse(payload).data;
    if (told === undefined || !mayTouchRules(told)) return;
    const repository = told.repository.full_name;
    tell(payload, { kind: 'rules-pushed', installationId: told.installation.id, repository });
  });
  webhooks.on(
    [
      'installation.created',
      'installation.unsuspend',
      'installation.new_permissions_accepted',
      'installation_repositories.added',
      'installation_repositories.removed',
    ],
    ({ payload }) => {
      const told = Installed.safeParse(payload).data;
      if (told !== undefined) tell(payload, { kind: 'sight-changed', installationId: told.installation.id });
    },
  );
}
