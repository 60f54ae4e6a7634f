import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import type { DeliverySource, DeliveryTry } from '../domain/reconciling.ts';
import { installationOn } from '../domain/servers.ts';
import { GitHubNotFoundError } from '../errors.ts';
import { callGitHub, isRejected, readAnswer } from './errors.ts';
import { Line, Moment } from './run-fields.ts';
import type { GitHubServer } from './servers.ts';

const DAY_MS = 24 * 60 * 60_000;
/** docs.github.com, "Redelivering webhooks": three days, and seven on GitHub Enterprise Server. */
const KEPT_MS = { cloud: 3 * DAY_MS, server: 7 * DAY_MS } as const;
const PER_PAGE = 100;

/** Octokit gives numbers above 2^53 as they are. */
const Id = z.union([z.bigint(), z.number().int()]).transform(String);

const Try = z
  .object({
    id: Id,
    guid: z.string().regex(/^[\w-]{1,100}$/u),
    delivered_at: Moment,
    status: Line.catch(''),
    status_code: z.number().int().catch(0),
    event: Line,
    action: Line.nullish(),
    installation_id: z.number().int().nullish().catch(null),
  })
  .transform(({ delivered_at: at, status, status_code: code, action, installation_id: installation, ...fields }) => ({
    ...fields,
    at,
    action: action ?? null,
    installation: installation ?? null,
    isSuccess: code >= 200 && code < 300,
    answer: `${code} ${status}`.trim(),
  }));

/** What cannot be read is left out: one odd entry must not hide the others. */
const Tries = z.array(z.unknown()).transform((tries) => tries.flatMap((entry) => Try.safeParse(entry).data ?? []));

/** What GitHub remembers of the deliveries of the App's webhook. */
export function createDeliverySource(app: Octokit, server: GitHubServer): DeliverySource {
  const { host } = new URL(server.apiUrl);
  const isCloud = host === 'api.github.com' || host.endsWith('.ghe.com');

  async function fetchPage(cursor: string | null, signal: AbortSignal) {
    const page = { per_page: PER_PAGE, ...(cursor !== null && { cursor }), request: { signal } };
    const { data, headers } = await callGitHub(signal, () => app.rest.apps.listWebhookDeliveries(page));
    const tries = readAnswer(Tries, data).map(({ installation, ...each }): DeliveryTry => ({
      ...each,
      installationId: installation === null ? null : installationOn(server, installation),
    }));
    return { tries, next: nextCursor(headers.link) };
  }

  return {
    name: host,
    keptMs: isCloud ? KEPT_MS.cloud : KEPT_MS.server,
    async list(cursor, signal) {
      if (cursor === null) return { ...(await fetchPage(null, signal)), isFirst: true };
      try {
        return { ...(await fetchPage(cursor, signal)), isFirst: false };
      } catch (error) {
        if (!isRejectedCursor(error)) throw error;
        return { ...(await fetchPage(null, signal)), isFirst: true };
      }
    },
    async redeliver(id, signal) {
      try {
        // The client's own method takes numbers only, and this one may be larger than they can be.
        const where = `POST /app/hook/deliveries/${encodeURIComponent(id)}/attempts`;
        await callGitHub(signal, () => app.request(where, { request: { signal } }));
        return { kind: 'asked' };
      } catch (error) {
        if (error instanceof GitHubNotFoundError || isRejected(error)) return { kind: 'gone' };
        throw error;
      }
    },
  };
}

/** A cursor that is too old, or was made by another version of GitHub's. */
function isRejectedCursor(error: unknown): boolean {
  const status = z.object({ status: z.number() }).safeParse(error).data?.status;
  return status === 400 || status === 422;
}

/** `Link` names the whole address of the next page; ours is made from the cursor in it. */
function nextCursor(link: string | undefined): string | null {
  const address = /<([^<>]+)>;\s*rel="next"/u.exec(link ?? '')?.[1];
  return address === undefined ? null : (URL.parse(address)?.searchParams.get('cursor') ?? null);
}
