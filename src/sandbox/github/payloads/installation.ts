import { type Account, type Installation, type Repository, iso } from '../state.ts';
import { accountPayload } from './account.ts';
import { type Bases, nodeId } from './bases.ts';

/** Who this App is. */
export interface AppIdentity {
  id: number;
  slug: string;
  name: string;
  owner: Account;
  createdAt: Date;
}

/** An installation, as in REST and in its own webhook. */
export function installationPayload(app: AppIdentity, installation: Installation, { web, api }: Bases) {
  const { id, account, permissions, events, suspendedAt, createdAt } = installation;
  return {
    id,
    client_id: `Iv23li${String(app.id).padStart(14, '0')}`,
    account: accountPayload(account, { web, api }),
    repository_selection: 'selected',
    access_tokens_url: `${api}/app/installations/${id}/access_tokens`,
    repositories_url: `${api}/installation/repositories`,
    html_url: `${web}/organizations/${account.login}/settings/installations/${id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions,
    events,
    created_at: iso(createdAt),
    updated_at: iso(createdAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: suspendedAt ? iso(suspendedAt) : null,
  };
}

/** The short form inside every delivery to an App. */
export const installationReference = ({ id }: Installation) => ({ id, node_id: nodeId('MDIz', id) });

/** One of the repositories that an installation names. */
export const repositoryReference = ({ id, name, fullName, private: isPrivate }: Repository) => ({
  id,
  node_id: nodeId('R', id),
  name,
  full_name: fullName,
  private: isPrivate,
});

/** `GET /app`. */
export function appPayload(app: AppIdentity, installations: readonly Installation[], bases: Bases) {
  const [first] = installations;
  return {
    id: app.id,
    client_id: `Iv23li${String(app.id).padStart(14, '0')}`,
    slug: app.slug,
    node_id: nodeId('A', app.id),
    owner: accountPayload(app.owner, bases),
    name: app.name,
    description: '',
    external_url: bases.web,
    html_url: `${bases.web}/apps/${app.slug}`,
    created_at: iso(app.createdAt),
    updated_at: iso(app.createdAt),
    permissions: first?.permissions ?? {},
    events: first?.events ?? [],
    installations_count: installations.length,
  };
}

/** The hook that a `ping` tells about. */
export function hookPayload({ id, url, app, events }: HookOf, { api }: Bases) {
  return {
    type: 'App',
    id,
    name: 'web',
    active: true,
    events,
    config: { content_type: 'json', insecure_ssl: '0', secret: '********', url },
    updated_at: iso(app.createdAt),
    created_at: iso(app.createdAt),
    url: `${api}/app/hook`,
    test_url: `${api}/app/hook/test`,
    ping_url: `${api}/app/hook/pings`,
    deliveries_url: `${api}/app/hook/deliveries`,
    last_response: { code: null, status: 'unused', message: null },
    app_id: app.id,
  };
}

interface HookOf {
  id: number;
  url: string;
  app: AppIdentity;
  events: readonly string[];
}
