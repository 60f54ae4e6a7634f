import type { Scene } from '../announce.ts';
import { type AppCheck, type Comment, iso, type Repository } from '../state.ts';
import { accountPayload } from './account.ts';
import { nodeId } from './bases.ts';

function appPayload({ app }: Pick<Scene, 'app'>) {
  return { id: app.id, slug: app.slug, name: app.name, node_id: nodeId('A', app.id) };
}

/** A check run that an App made through the API. */
export function checkPayload(scene: Scene, repository: Repository, check: AppCheck) {
  const { id, name, sha, externalId, conclusion, title, summary, annotations } = check;
  const repo = `${scene.bases.api}/repos/${repository.fullName}`;
  return {
    id,
    node_id: nodeId('CR', id),
    name,
    head_sha: sha,
    external_id: externalId,
    status: 'completed',
    conclusion,
    url: `${repo}/check-runs/${id}`,
    html_url: `${scene.bases.web}/${repository.fullName}/runs/${id}`,
    output: { title, summary, text: null, annotations_count: annotations.length },
    app: appPayload(scene),
    pull_requests: [],
  };
}

/** A comment on an issue or a pull request. */
export function commentPayload(scene: Scene, repository: Repository, comment: Comment) {
  const { id, number, body, author, appId, createdAt } = comment;
  return {
    id,
    node_id: nodeId('IC', id),
    url: `${scene.bases.api}/repos/${repository.fullName}/issues/comments/${id}`,
    html_url: `${scene.bases.web}/${repository.fullName}/pull/${number}#issuecomment-${id}`,
    body,
    user: accountPayload(author, scene.bases),
    created_at: iso(createdAt),
    updated_at: iso(createdAt),
    performed_via_github_app: appId === null ? null : appPayload(scene),
  };
}
