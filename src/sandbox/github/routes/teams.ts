import { type Request, Router } from 'express';
import { ApiError, notFound, paginate, wordIn } from '../answers.ts';
import { repositoryPayload } from '../payloads/repository.ts';
import { teamPayload } from '../payloads/team.ts';
import type { Team } from '../state.ts';
import type { Api } from './api.ts';

/** The teams of an organization, for an installation there that may see its members. */
export function teamRoutes({ scene, auth }: Api): Router {
  const { world, bases } = scene;
  const router = Router();
  const teamsIn = (request: Request): Team[] => {
    const token = auth.requireInstallation(request);
    const organization = wordIn(request, 'org').toLowerCase();
    if (token.permissions['members'] === undefined) throw new ApiError(403, 'Resource not accessible by integration');
    if (token.installation.account.login.toLowerCase() !== organization) throw notFound();
    return world.teams.filter((team) => team.organization.toLowerCase() === organization);
  };
  router.get('/orgs/:org/teams', (request, response) => {
    const page = paginate(request, response, { items: teamsIn(request), origin: bases.web });
    response.json(page.map((team) => teamPayload(team, bases)));
  });
  router.get('/orgs/:org/teams/:slug/repos', (request, response) => {
    const team = teamsIn(request).find(({ slug }) => slug === wordIn(request, 'slug').toLowerCase());
    if (team === undefined) throw notFound();
    const page = paginate(request, response, { items: team.repositories, origin: bases.web });
    response.json(
      page.map((repository) => ({
        ...repositoryPayload(repository, bases),
        role_name: 'read',
        permissions: { admin: false, maintain: false, push: false, triage: false, pull: true },
      })),
    );
  });
  return router;
}
