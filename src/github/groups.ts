import { z } from 'zod';
import { GROUP_MOST, type GroupMembers, type GroupSource, type TeamAnswer } from '../domain/groups.ts';
import { type RepositoryName, RepositoryPath } from '../domain/ids.ts';
import { repositoryOn } from '../domain/servers.ts';
import { suggest } from '../domain/suggest.ts';
import { GitHubForbiddenError, GitHubNotFoundError } from '../errors.ts';
import type { GitHubClient, InstallationAccess } from './client.ts';
import { callGitHub, readAnswer } from './errors.ts';

const PER_PAGE = 100;

const Repositories = z.array(
  z.object({ full_name: RepositoryPath, topics: z.array(z.string().max(100)).nullish().catch(null) }),
);
const InstallationPage = z.object({ repositories: Repositories });
const Teams = z.array(z.object({ slug: z.string().max(200) }));

/** Topics and teams, as far as the workspace's installations show them. */
export function createGroupSource(client: GitHubClient): GroupSource {
  return {
    async topic(workspaceId, topic, signal) {
      const members: GroupMembers[] = [];
      const topics = new Set<string>();
      for (const access of await client.openAll(workspaceId, signal)) {
        const { rows, isCut } = await readPages((page) => visiblePage(access, page, signal));
        for (const name of rows.flatMap((row) => row.topics ?? [])) topics.add(name);
        members.push({
          repositories: namesOf(
            access,
            rows.filter((row) => row.topics?.includes(topic)),
          ),
          isCut,
        });
      }
      return { ...joined(members), topics: [...topics] };
    },

    async team(workspaceId, { organization, team }, signal) {
      const organizations = (await client.openAll(workspaceId, signal)).filter(
        ({ isOrganization, account }) => isOrganization && (organization === null || account === organization),
      );
      if (organizations.length === 0) return { kind: 'no-organization' };
      const open = organizations.filter(({ permissions }) => permissions.has('members'));
      const looks = await Promise.all(open.map((access) => lookAtTeam(access, team, signal)));
      const found = looks.filter((look) => look.members !== null);
      const [first, second] = found;
      if (second !== undefined) return { kind: 'which-organization', organizations: found.map(accountOf) };
      if (first !== undefined && first.members !== null) {
        return { kind: 'team', organization: first.account, ...first.members };
      }
      const hidden = [
        ...organizations.filter((each) => !open.includes(each)),
        ...looks.filter((look) => look.isHidden),
      ];
      if (hidden.length > 0) return { kind: 'teams-hidden', organizations: hidden.map(accountOf) };
      return await unknownTeam(open, team, signal);
    },
  };
}

const accountOf = ({ account }: { account: string }): string => account;

/** `members` is null where the organization shows no such team. */
async function lookAtTeam(access: InstallationAccess, team: string, signal: AbortSignal) {
  const { account } = access;
  try {
    const { rows, isCut } = await readPages((page) => teamPage(access, { team, page }, signal));
    return { account, isHidden: false, members: { repositories: namesOf(access, rows), isCut } };
  } catch (error) {
    if (error instanceof GitHubForbiddenError) return { account, isHidden: true, members: null };
    if (error instanceof GitHubNotFoundError) return { account, isHidden: false, members: null };
    throw error;
  }
}

/** With the team that was probably meant: the first of the nearest, among those that each organization lists first. */
async function unknownTeam(
  open: readonly InstallationAccess[],
  team: string,
  signal: AbortSignal,
): Promise<TeamAnswer> {
  const organizations = open.map(accountOf);
  for (const { octokit, account } of open) {
    const which = { org: account, per_page: PER_PAGE, request: { signal } };
    const { data } = await callGitHub(signal, () => octokit.rest.teams.list(which));
    const known = readAnswer(Teams, data).map(({ slug }) => slug.toLowerCase());
    const meant = suggest(team, known);
    if (meant !== null) return { kind: 'unknown-team', organizations, meant: `${account}/${meant}` };
  }
  return { kind: 'unknown-team', organizations, meant: null };
}

type Page = z.infer<typeof Repositories>;

async function visiblePage({ octokit }: InstallationAccess, page: number, signal: AbortSignal): Promise<Page> {
  const which = { per_page: PER_PAGE, page, request: { signal } };
  const { data } = await callGitHub(signal, () => octokit.rest.apps.listReposAccessibleToInstallation(which));
  return readAnswer(InstallationPage, data).repositories;
}

async function teamPage(
  { octokit, account: org }: InstallationAccess,
  { team, page }: { team: string; page: number },
  signal: AbortSignal,
): Promise<Page> {
  const which = { org, team_slug: team, per_page: PER_PAGE, page, request: { signal } };
  const { data } = await callGitHub(signal, () => octokit.rest.teams.listReposInOrg(which));
  return readAnswer(Repositories, data);
}

async function readPages(ask: (page: number) => Promise<Page>): Promise<{ rows: Page; isCut: boolean }> {
  const rows: Page = [];
  for (let page = 1; rows.length < GROUP_MOST; page += 1) {
    const more = await ask(page);
    rows.push(...more);
    if (more.length < PER_PAGE) return { rows, isCut: false };
  }
  return { rows, isCut: true };
}

function namesOf({ server }: InstallationAccess, rows: Page): RepositoryName[] {
  return rows.map((row) => repositoryOn(server, row.full_name));
}

function joined(members: readonly GroupMembers[]): GroupMembers {
  const names = [...new Set(members.flatMap(({ repositories }) => repositories))];
  const isCut = names.length > GROUP_MOST || members.some((each) => each.isCut);
  return { repositories: names.slice(0, GROUP_MOST), isCut };
}
