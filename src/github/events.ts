import { type EmitterWebhookEvent, type EmitterWebhookEventName, emitterEventNames, Webhooks } from '@octokit/webhooks';
import { z } from 'zod';
import type { EventReader, Log, StoredEvent } from '../domain/ports.ts';
import { isFailing, type Run, type RunEvent } from '../domain/run.ts';
import type { Happening, HappeningEvent } from '../domain/happening.ts';
import { CheckRunPayload, StatusPayload, toCheck, toStatusCheck } from './check-fields.ts';
import {
  DeploymentPayload,
  PullRequestPayload,
  ReleasePayload,
  RepositoryFields,
  toDeployment,
  toPullRequest,
  toRelease,
} from './happening-fields.ts';
import { RunFields, toRun } from './run-fields.ts';

interface EventReaderOptions {
  log: Log;
  webUrl: string;
  /** Octokit's receiver wants one; a stored event was checked when it came in. */
  secret: string;
  /** Our own App. */
  appId: number;
}

const RunPayload = z
  .object({ repository: RepositoryFields, workflow_run: RunFields })
  .transform(({ repository, workflow_run: run }) => ({
    run,
    repository: repository.full_name,
    defaultBranch: repository.default_branch,
  }));

const EVENT_NAMES: ReadonlySet<string> = new Set<EmitterWebhookEventName>(emitterEventNames);

/** Dispatches stored deliveries through Octokit's handlers, which turn them into what they mean to us. */
export function createEventReader({ log, ...options }: EventReaderOptions): EventReader {
  const read = new WeakMap<object, Meaning>();
  const webhooks = new Webhooks({ secret: options.secret, log: quietly(log) });
  listen(webhooks, options, (payload, meaning) => read.set(payload, meaning));
  return {
    async read(event) {
      const payload = parseObject(event.body);
      if (payload === null) return ignored('the body is not a JSON object');
      // Octokit makes the handler's name out of it without looking.
      if ('action' in payload && typeof payload.action !== 'string') return ignored('the action is not a name');
      const received = { id: event.deliveryId, name: event.name, payload };
      if (!isKnown(received)) return ignored(`no event of ours: ${event.name}`);
      await webhooks.receive(received);
      return toEvent(event, read.get(payload));
    },
  };
}

function listen(
  webhooks: Webhooks,
  { webUrl, appId }: Pick<EventReaderOptions, 'webUrl' | 'appId'>,
  keep: (payload: object, meaning: Meaning) => void,
): void {
  webhooks.on(['workflow_run.requested', 'workflow_run.in_progress', 'workflow_run.completed'], ({ payload }) =>
    keep(payload, readRun(payload, webUrl)),
  );
  webhooks.on(['deployment.created', 'deployment_status.created'], ({ payload }) =>
    keep(
      payload,
      readHappening(DeploymentPayload, payload, (fields) => toDeployment(fields, webUrl)),
    ),
  );
  webhooks.on(['check_run.created', 'check_run.completed'], ({ payload }) =>
    keep(
      payload,
      readHappening(CheckRunPayload, payload, (fields) => toCheck(fields, { webUrl, appId })),
    ),
  );
  webhooks.on('status', ({ payload }) =>
    keep(
      payload,
      readHappening(StatusPayload, payload, (fields) => toStatusCheck(fields, { webUrl })),
    ),
  );
  webhooks.on('pull_request', ({ payload }) =>
    keep(
      payload,
      readHappening(PullRequestPayload, payload, (fields) => toPullRequest(fields, webUrl)),
    ),
  );
  webhooks.on('release', ({ payload }) =>
    keep(
      payload,
      readHappening(ReleasePayload, payload, (fields) => toRelease(fields, webUrl)),
    ),
  );
}

/** What a delivery tells of, or why it tells of nothing. */
type Meaning = { run: Run } | { happening: Happening } | string;

function readRun(payload: unknown, webUrl: string): Meaning {
  const parsed = RunPayload.safeParse(payload);
  if (!parsed.success) return misfit(parsed.error);
  const { run, repository, defaultBranch } = parsed.data;
  return { run: toRun(run, { repository, defaultBranch, webUrl }) };
}

function readHappening<Schema extends z.ZodType>(
  schema: Schema,
  payload: unknown,
  toHappening: (fields: z.infer<Schema>) => Happening | string,
): Meaning {
  const parsed = schema.safeParse(payload);
  if (!parsed.success) return misfit(parsed.error);
  const happening = toHappening(parsed.data);
  return typeof happening === 'string' ? happening : { happening };
}

function misfit({ issues }: z.ZodError): string {
  const fields = issues.map(({ path }) => path.join('.'));
  return `fields that do not fit: ${[...new Set(fields)].slice(0, 5).join(', ')}`;
}

function toEvent({ name, installationId }: StoredEvent, meaning: Meaning | undefined): RunEvent | HappeningEvent {
  if (meaning === undefined) return ignored(`nothing to do for ${name}`);
  if (typeof meaning === 'string') return ignored(meaning);
  if (installationId === null) return ignored('no installation: the webhook is not the one of our App');
  if ('happening' in meaning) return { kind: 'happened', installationId, happening: meaning.happening };
  const { run } = meaning;
  if (run.status !== 'completed') return { kind: 'run-changed', installationId, run };
  if (isFailing(run.conclusion)) return { kind: 'run-failed', installationId, run };
  return { kind: run.conclusion === 'success' ? 'run-passed' : 'run-changed', installationId, run };
}

function ignored(reason: string): RunEvent {
  return { kind: 'ignored', reason };
}

function parseObject(body: Buffer): object | null {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    return typeof parsed === 'object' && !Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** Only the name is known by this; handlers parse what they use. */
function isKnown(event: { id: string; name: string; payload: object }): event is EmitterWebhookEvent {
  return EVENT_NAMES.has(event.name);
}

function quietly(log: Log) {
  const tell = (detail: unknown): void => log.warn({ detail: String(detail) }, 'The webhook dispatcher warns');
  return { debug: () => {}, info: () => {}, warn: tell, error: tell };
}
