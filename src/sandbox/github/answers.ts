import { randomBytes } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import { z } from 'zod';

/** Ends a request with GitHub's error body. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const notFound = (): ApiError => new ApiError(404, 'Not Found');

/** Express's last handler: an ApiError in GitHub's shape, anything else as a 500 with its message. */
export function answerError(error: unknown, _request: Request, response: Response, _next: NextFunction): void {
  const status = error instanceof ApiError ? error.status : 500;
  const message = error instanceof Error ? error.message : String(error);
  response.status(status).json({ message, documentation_url: 'https://docs.github.com/rest', status: String(status) });
}

/** Headers that every answer of the API has. The limit is GitHub's for an installation: 5,000 requests an hour. */
export function apiHeaders(request: Request, response: Response, next: NextFunction): void {
  // Node's fetch adds `no-cache` to conditional requests; GitHub answers 304 all the same.
  delete request.headers['cache-control'];
  response.setHeader('server', 'github.com');
  response.setHeader('x-github-request-id', randomBytes(12).toString('hex').toUpperCase());
  response.setHeader('x-github-api-version-selected', '2022-11-28');
  response.setHeader('x-github-media-type', 'github.v3; format=json');
  response.setHeader('x-ratelimit-limit', '5000');
  response.setHeader('x-ratelimit-remaining', '4987');
  response.setHeader('x-ratelimit-used', '13');
  response.setHeader('x-ratelimit-reset', String(Math.ceil(Date.now() / 3_600_000) * 3600));
  response.setHeader('x-ratelimit-resource', 'core');
  next();
}

const Page = z.object({
  per_page: z.coerce.number().int().min(1).catch(30),
  page: z.coerce.number().int().min(1).catch(1),
});

/** One page of `items` (30, at most 100) with GitHub's `Link` header; `origin` is the server's own address. */
export function paginate<T>(
  request: Request,
  response: Response,
  { items, origin }: { items: readonly T[]; origin: string },
): T[] {
  const { per_page, page } = Page.parse(request.query);
  const size = Math.min(per_page, 100);
  const last = Math.max(1, Math.ceil(items.length / size));
  const link = (to: number, rel: string): string => {
    const url = new URL(request.originalUrl, origin);
    url.searchParams.set('page', String(to));
    return `<${url.href}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
    ...(page > 1 ? [link(1, 'first')] : []),
  ];
  if (links.length > 0) response.setHeader('link', links.join(', '));
  return items.slice((page - 1) * size, page * size);
}

const Id = z.coerce.number().int().positive();

/** A number in the path; anything else does not exist. */
export function idIn(request: Request, name: string): number {
  const parsed = Id.safeParse(request.params[name]);
  if (!parsed.success) throw notFound();
  return parsed.data;
}

/** A word in the path. */
export function wordIn(request: Request, name: string): string {
  const value = request.params[name];
  if (typeof value !== 'string') throw notFound();
  return value;
}

/** One value of the query; absent when missing, empty or repeated. */
export function queryOf(request: Request, name: string): string | undefined {
  const value = request.query[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
