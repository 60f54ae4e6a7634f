import { createHash } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import { notFound, queryOf } from '../answers.ts';
import type { Repository } from '../state.ts';
import { type Api, repositoryIn } from './api.ts';

/** GitHub's way to ask for the file itself instead of a description: docs.github.com, REST "repository contents". */
const RAW = /^application\/vnd\.github\.(?:v3\.)?raw(?:\+json)?$/u;

/** Files of a branch; where no branch is named, of the default one. */
export function contentsRoutes(api: Api): Router {
  const router = Router();
  router.get('/repos/:owner/:name/contents/*path', (request, response) => {
    const repository = repositoryIn(api, request, 'contents:read');
    const branch = branchOf(api, repository, queryOf(request, 'ref'));
    const path = pathIn(request);
    const text = repository.contents.get(branch)?.get(path);
    if (text === undefined) throw notFound();
    if (!RAW.test(request.headers.accept ?? '')) {
      response.json(describe(api, repository, { branch, path, text }));
      return;
    }
    sendRaw(response, text);
  });
  return router;
}

/** A commit has the files of the branch that it was pushed to. */
function branchOf({ scene }: Api, repository: Repository, ref: string | undefined): string {
  const run = scene.world.runsOf(repository).find(({ commit }) => commit.sha === ref);
  return run?.branch ?? ref ?? repository.defaultBranch;
}

function pathIn(request: Request): string {
  const parts: unknown = request.params['path'];
  return Array.isArray(parts) ? parts.join('/') : '';
}

function sendRaw(response: Response, text: string): void {
  response.setHeader('content-type', 'application/vnd.github.raw+json; charset=utf-8');
  response.send(Buffer.from(text));
}

function describe(
  { scene }: Api,
  repository: Repository,
  { branch, path, text }: { branch: string; path: string; text: string },
) {
  const { web, api } = scene.bases;
  const url = `${api}/repos/${repository.fullName}/contents/${path}?ref=${branch}`;
  return {
    type: 'file',
    encoding: 'base64',
    size: Buffer.byteLength(text),
    name: path.split('/').at(-1),
    path,
    content: Buffer.from(text).toString('base64'),
    sha: createHash('sha1').update(text).digest('hex'),
    url,
    git_url: null,
    html_url: `${web}/${repository.fullName}/blob/${branch}/${path}`,
    download_url: null,
    _links: { self: url, git: null, html: `${web}/${repository.fullName}/blob/${branch}/${path}` },
  };
}
