import type { Webhooks } from '@octokit/webhooks';
import { z } from 'zod';
import { InstallationId, RepositoryName } from '../domain/ids.ts';
import type { RepositoryNews } from '../domain/run.ts';

const Installed = z.object({ installation: z.object({ id: InstallationId }) });

const WithTopics = Installed.extend({
  repository: z.object({ full_name: RepositoryName, topics: z.array(z.string().max(100)).max(100) }),
});

/** Hands over what deliveries say of repositories and of what we may see; those that cannot be read say nothing. */
export function onRepositoryNews(webhooks: Webhooks, tell: (payload: object, news: RepositoryNews) => void): void {
  webhooks.on('repository.edited', ({ payload }) => {
    const told = WithTopics.safeParse(payload).data;
    if (told === undefined) return;
    const { full_name: repository, topics } = told.repository;
    tell(payload, { kind: 'topics-told', installationId: told.installation.id, repository, topics });
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
