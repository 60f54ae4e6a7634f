import { type Response, Router } from 'express';
import { idIn, notFound, wordIn } from '../answers.ts';
import { accountPayload } from '../payloads/account.ts';
import type { Account } from '../state.ts';
import type { Api } from './api.ts';

/** What GitHub shows of an account to everybody, with any token: docs.github.com, REST "users". */
export function userRoutes({ scene, auth }: Api): Router {
  const router = Router();
  const answer = (response: Response, account: Account | undefined): void => {
    if (account === undefined) throw notFound();
    const { login, email = null } = account;
    response.json({ ...accountPayload(account, scene.bases), name: login, email, bio: null, hireable: null });
  };
  router.get('/users/:login', (request, response) => {
    auth.requireInstallation(request);
    const login = wordIn(request, 'login').toLowerCase();
    answer(
      response,
      scene.world.accounts().find((account) => account.login.toLowerCase() === login),
    );
  });
  router.get('/user/:id', (request, response) => {
    auth.requireInstallation(request);
    const id = idIn(request, 'id');
    answer(
      response,
      scene.world.accounts().find((account) => account.id === id),
    );
  });
  return router;
}
