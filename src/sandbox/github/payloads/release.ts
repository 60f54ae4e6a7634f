import { type Release, iso } from '../state.ts';
import { accountPayload } from './account.ts';
import { type Bases, nodeId } from './bases.ts';

/** A release as its own webhook shows it. */
export function releasePayload(release: Release, updatedAt: Date, { web, api }: Bases) {
  const { id, repository, tag, name, target, isPrerelease, author, createdAt } = release;
  const url = `${api}/repos/${repository.fullName}/releases/${id}`;
  const page = `${web}/${repository.fullName}`;
  return {
    url,
    assets_url: `${url}/assets`,
    upload_url: `${url}/assets{?name,label}`,
    html_url: `${page}/releases/tag/${tag}`,
    id,
    node_id: nodeId('RE', id),
    tag_name: tag,
    target_commitish: target,
    name,
    draft: false,
    immutable: false,
    author: accountPayload(author, { web, api }),
    prerelease: isPrerelease,
    created_at: iso(createdAt),
    updated_at: iso(updatedAt),
    published_at: iso(createdAt),
    assets: [],
    tarball_url: `${api}/repos/${repository.fullName}/tarball/${tag}`,
    zipball_url: `${api}/repos/${repository.fullName}/zipball/${tag}`,
    body: null,
  };
}
