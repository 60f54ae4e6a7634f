import express, { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { ApiError, idIn, notFound, paginate, queryOf, wordIn } from '../answers.ts';
import { appPayload, installationPayload } from '../payloads/installation.ts';
import { repositoryPayload } from '../payloads/repository.ts';
import { type Installation, iso } from '../state.ts';
import type { DeliveryRecord } from '../webhook-sender.ts';
import type { Api } from './api.ts';

/** What the App itself may ask, with its JWT: who it is, its installations and tokens, its hook's deliveries. */
export function appRoutes({ scene, auth, sender, track }: Api): Router {
  const { world, bases, app } = scene;
  const router = Router();
  const asApp =
    (answer: (request: Request, response: Response) => void) =>
    (request: Request, response: Response): void => {
      auth.requireApp(request);
      answer(request, response);
    };
  const installationIn = (request: Request): Installation => {
    const found = world.installations.get(idIn(request, 'id'));
    if (!found) throw notFound();
    return found;
  };
  router.get(
    '/app',
    asApp((_, response) => void response.json(appPayload(app, [...world.installations.values()], bases))),
  );
  router.get(
    '/app/installations',
    asApp((request, response) => {
      const items = [...world.installations.values()];
      const page = paginate(request, response, { items, origin: bases.web });
      response.json(page.map((installation) => installationPayload(app, installation, bases)));
    }),
  );
  router.get(
    '/app/installations/:id',
    asApp((request, response) => void response.json(installationPayload(app, installationIn(request), bases))),
  );
  for (const path of ['/repos/:owner/:name/installation', '/orgs/:owner/installation', '/users/:owner/installation'])
    router.get(
      path,
      asApp((request, response) => {
        const owner = wordIn(request, 'owner');
        const repository = path.startsWith('/repos') ? world.repository(`${owner}/${wordIn(request, 'name')}`) : null;
        const installation = [...world.installations.values()].find(({ id, account }) =>
          repository ? id === repository.installationId : account.login.toLowerCase() === owner.toLowerCase(),
        );
        if (!installation || repository === undefined) throw notFound();
        response.json(installationPayload(app, installation, bases));
      }),
    );
  router.post(
    '/app/installations/:id/access_tokens',
    express.json(),
    asApp((request, response) => issueToken({ scene, auth }, installationIn(request), request, response)),
  );
  deliveryRoutes({ router, asApp, sender, track, origin: bases.web });
  return router;
}

const TokenRequest = z
  .object({
    repositories: z.array(z.string()).optional(),
    repository_ids: z.array(z.number()).optional(),
    permissions: z.record(z.string(), z.enum(['read', 'write'])).optional(),
  })
  .optional();

type TokenDeps = Pick<Api, 'scene' | 'auth'>;

function issueToken(
  { scene, auth }: TokenDeps,
  installation: Installation,
  request: Request,
  response: Response,
): void {
  if (installation.suspendedAt) throw new ApiError(403, 'This installation has been suspended');
  const wanted = TokenRequest.parse(request.body) ?? {};
  const all = scene.world.repositories(installation.id);
  const chosen = all.filter(
    ({ id, name }) => wanted.repository_ids?.includes(id) ?? wanted.repositories?.includes(name) ?? true,
  );
  const restricted = wanted.repository_ids !== undefined || wanted.repositories !== undefined;
  if (restricted && chosen.length === 0)
    throw new ApiError(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  const permissions = wanted.permissions ?? installation.permissions;
  const tooMuch = Object.entries(permissions).some(
    ([name, level]) => level !== 'read' && installation.permissions[name] !== level,
  );
  if (tooMuch) throw new ApiError(422, 'The permissions requested are not granted to this installation.');
  const { token, expiresAt } = auth.issue(installation, {
    permissions,
    repositoryIds: restricted ? chosen.map(({ id }) => id) : null,
  });
  const repositories = chosen.map((repository) => repositoryPayload(repository, scene.bases));
  response.status(201).json({
    token,
    expires_at: iso(expiresAt),
    permissions,
    repository_selection: 'selected',
    ...(restricted ? { repositories } : {}),
  });
}

interface DeliveryRoutes extends Pick<Api, 'sender' | 'track'> {
  router: Router;
  asApp: (answer: (request: Request, response: Response) => void) => express.RequestHandler;
  origin: string;
}

function deliveryRoutes({ router, asApp, sender, track, origin }: DeliveryRoutes): void {
  const recordIn = (request: Request): DeliveryRecord => {
    const id = idIn(request, 'id');
    const found = sender.deliveries().find((record) => record.id === id);
    if (!found) throw notFound();
    return found;
  };
  router.get(
    '/app/hook/deliveries',
    asApp((request, response) => {
      const size = Math.min(Number(queryOf(request, 'per_page') ?? 30), 100);
      const before = Number(queryOf(request, 'cursor')?.replace(/^v1_/u, '') ?? Number.MAX_SAFE_INTEGER);
      const wanted = queryOf(request, 'status');
      const older = sender
        .deliveries()
        .toReversed()
        .filter(({ id, statusCode }) => id < before && (!wanted || (wanted === 'success') === statusCode < 400));
      const page = older.slice(0, size);
      const last = page.at(-1);
      if (last && older.length > size) {
        const next = new URL(request.originalUrl, origin);
        next.searchParams.set('cursor', `v1_${last.id}`);
        response.setHeader('link', `<${next.href}>; rel="next"`);
      }
      response.json(page.map(deliveryPayload));
    }),
  );
  router.get(
    '/app/hook/deliveries/:id',
    asApp((request, response) => {
      const record = recordIn(request);
      response.json({
        ...deliveryPayload(record),
        url: record.request.url,
        request: { headers: record.request.headers, payload: JSON.parse(record.request.body) },
        response: { headers: record.response.headers, payload: record.response.body },
      });
    }),
  );
  router.post(
    '/app/hook/deliveries/:id/attempts',
    asApp((request, response) => {
      track(sender.redeliver(recordIn(request).guid));
      response.status(202).json({});
    }),
  );
}

const deliveryPayload = (record: DeliveryRecord) => ({
  id: record.id,
  guid: record.guid,
  delivered_at: record.deliveredAt.toISOString(),
  redelivery: record.redelivery,
  duration: record.duration,
  status: record.status,
  status_code: record.statusCode,
  event: record.event,
  action: record.action,
  installation_id: record.installationId,
  repository_id: record.repositoryId,
  throttled_at: null,
});
