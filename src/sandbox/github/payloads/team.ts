import type { Team } from '../state.ts';
import { type Bases, nodeId } from './bases.ts';

/** A team, as an organization lists it. */
export function teamPayload({ id, organization, name, slug }: Team, { web, api }: Bases) {
  const url = `${api}/organizations/${organization}/team/${id}`;
  return {
    id,
    node_id: nodeId('T', id),
    name,
    slug,
    description: null,
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    permission: 'pull',
    url,
    html_url: `${web}/orgs/${organization}/teams/${slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    parent: null,
  };
}
