import type { Webhooks } from '@octokit/webhooks';
import type { z } from 'zod';
import type { Happening } from '../domain/happening.ts';
import { CheckRunPayload, StatusPayload, toCheck, toStatusCheck } from './check-fields.ts';
import {
  DeploymentPayload,
  misfit,
  PullRequestPayload,
  ReleasePayload,
  toDeployment,
  toPullRequest,
  toRelease,
} from './happening-fields.ts';

/** What a delivery tells of, or why it tells of nothing. */
export type HappeningNews = Happening | string;

interface Options {
  webUrl: string;
  /** Our own App. */
  appId: number;
}

/** Hands over what deliveries tell of beside runs. */
export function onHappenings(
  webhooks: Webhooks,
  { webUrl, appId }: Options,
  tell: (payload: object, news: HappeningNews) => void,
): void {
  webhooks.on(['deployment.created', 'deployment_status.created'], ({ payload }) =>
    tell(
      payload,
      read(DeploymentPayload, payload, (fields) => toDeployment(fields, webUrl)),
    ),
  );
  webhooks.on(['check_run.created', 'check_run.completed'], ({ payload }) =>
    tell(
      payload,
      read(CheckRunPayload, payload, (fields) => toCheck(fields, { webUrl, appId })),
    ),
  );
  webhooks.on('status', ({ payload }) =>
    tell(
      payload,
      read(StatusPayload, payload, (fields) => toStatusCheck(fields, { webUrl })),
    ),
  );
  webhooks.on('pull_request', ({ payload }) =>
    tell(
      payload,
      read(PullRequestPayload, payload, (fields) => toPullRequest(fields, webUrl)),
    ),
  );
  webhooks.on('release', ({ payload }) =>
    tell(
      payload,
      read(ReleasePayload, payload, (fields) => toRelease(fields, webUrl)),
    ),
  );
}

function read<Schema extends z.ZodType>(
  schema: Schema,
  payload: unknown,
  toNews: (fields: z.infer<Schema>) => HappeningNews,
): HappeningNews {
  const parsed = schema.safeParse(payload);
  return parsed.success ? toNews(parsed.data) : misfit(parsed.error);
}
