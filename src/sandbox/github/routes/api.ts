import type { Request } from 'express';
import { ApiError, notFound, wordIn } from '../answers.ts';
import type { AppAuth } from '../app-auth.ts';
import type { Scene } from '../announce.ts';
import type { LogHost } from '../log-host.ts';
import type { RerunScript } from '../play.ts';
import type { Repository, Run } from '../state.ts';
import type { WebhookSender } from '../webhook-sender.ts';

/** What the routes work with. */
export interface Api {
  scene: Scene;
  auth: AppAuth;
  sender: WebhookSender;
  logHost: LogHost;
  /** Plays what a re-run through the API starts. */
  rerun(run: Run, request: { failedOnly: boolean }): Promise<unknown>;
  /** Remembers work that goes on after the answer, so that it can be waited for. */
  track: (work: Promise<unknown>) => void;
}

/** What a re-run through the API shall do; null leaves the new attempt doing what the last one did. */
export type RerunAnswer = (run: Run, request: { failedOnly: boolean }) => RerunScript | null;

/** A permission of the App. */
export type Need =
  | 'issues:read'
  | 'issues:write'
  | 'metadata:read'
  | 'actions:read'
  | 'checks:read'
  | 'actions:write'
  | 'contents:read'
  | 'checks:write'
  | 'pull_requests:read'
  | 'pull_requests:write';

/**
 * The repository of the path, if the request's token may see it. What it may not see does not exist (404), as on GitHub;
 * without the permission that is needed, the answer is 403.
 */
export function repositoryIn(
  { scene, auth }: Pick<Api, 'scene' | 'auth'>,
  request: Request,
  needs: Need = 'actions:read',
): Repository {
  const token = auth.requireInstallation(request);
  const repository = scene.world.repository(`${wordIn(request, 'owner')}/${wordIn(request, 'name')}`);
  const visible =
    repository?.installationId === token.installation.id && (token.repositoryIds?.includes(repository.id) ?? true);
  if (!repository || !visible) throw notFound();
  const [permission = '', level] = needs.split(':');
  const granted = token.permissions[permission];
  if (granted === undefined || (level === 'write' && granted !== 'write'))
    throw new ApiError(403, 'Resource not accessible by integration');
  return repository;
}
