import { type EmitterWebhookEvent, type EmitterWebhookEventName, emitterEventNames, Webhooks } from '@octokit/webhooks';
import { z } from 'zod';
import { RepositoryName } from '../domain/ids.ts';
import type { EventReader, Log, StoredEvent } from '../domain/ports.ts';
import { isFailing, type RepositoryNews, type Run, type RunEvent } from '../domain/run.ts';
import { onRepositoryNews } from './repository-news.ts';
import { RunFields, toRun } from './run-fields.ts';

interface EventReaderOptions {
  log: Log;
  webUrl: string;
  /** Octokit's receiver wants one; a stored event was checked when it came in. */
  secret: string;
}

/** GitHub allows 20 of up to 50 characters; null where the delivery does not name them. */
const Topics = z.array(z.string().max(100)).max(100).nullish().catch(null);

const RunPayload = z
  .object({
    repository: z.object({ full_name: RepositoryName, default_branch: z.string().max(250), topics: Topics }),
    workflow_run: RunFields,
  })
  .transform(({ repository, workflow_run: run }) => ({
    run,
    topics: repository.topics,
    repository: repository.full_name,
    defaultBranch: repository.default_branch,
  }));

const EVENT_NAMES: ReadonlySet<string> = new Set<EmitterWebhookEventName>(emitterEventNames);

/** Dispatches stored deliveries through Octokit's handlers, which turn them into what they mean to us. */
export function createEventReader({ log, webUrl, secret }: EventReaderOptions): EventReader {
  const runs = new WeakMap<object, ReadRun | string>();
  const news = new WeakMap<object, RepositoryNews>();
  const webhooks = new Webhooks({ secret, log: quietly(log) });
  webhooks.on(['workflow_run.requested', 'workflow_run.in_progress', 'workflow_run.completed'], ({ payload }) => {
    runs.set(payload, readRun(payload, webUrl));
  });
  onRepositoryNews(webhooks, (payload, told) => news.set(payload, told));
  return {
    async read(event) {
      const payload = parseObject(event.body);
      if (payload === null) return ignored('the body is not a JSON object');
      // Octokit makes the handler's name out of it without looking.
      if ('action' in payload && typeof payload.action !== 'string') return ignored('the action is not a name');
      const received = { id: event.deliveryId, name: event.name, payload };
      if (!isKnown(received)) return ignored(`no event of ours: ${event.name}`);
      await webhooks.receive(received);
      return news.get(payload) ?? toRunEvent(event, runs.get(payload));
    },
  };
}

interface ReadRun {
  run: Run;
  topics: readonly string[] | null | undefined;
}

/** The run, or why there is none. */
function readRun(payload: unknown, webUrl: string): ReadRun | string {
  const parsed = RunPayload.safeParse(payload);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => issue.path.join('.'));
    return `fields that do not fit: ${[...new Set(fields)].slice(0, 5).join(', ')}`;
  }
  const { run, topics, repository, defaultBranch } = parsed.data;
  return { run: toRun(run, { repository, defaultBranch, webUrl }), topics };
}

function toRunEvent({ name, installationId }: StoredEvent, read: ReadRun | string | undefined): RunEvent {
  if (read === undefined) return ignored(`nothing to do for ${name}`);
  if (typeof read === 'string') return ignored(read);
  if (installationId === null) return ignored('no installation: the webhook is not the one of our App');
  const { run, topics } = read;
  const told = { installationId, run, ...(topics && { topics }) };
  if (run.status !== 'completed') return { kind: 'run-changed', ...told };
  if (isFailing(run.conclusion)) return { kind: 'run-failed', ...told };
  return { kind: run.conclusion === 'success' ? 'run-passed' : 'run-changed', ...told };
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
