import { type EmitterWebhookEvent, type EmitterWebhookEventName, emitterEventNames, Webhooks } from '@octokit/webhooks';
import { z } from 'zod';
import type { EventReader, Log, StoredEvent } from '../domain/ports.ts';
import { isFailing, type Run, type RunEvent } from '../domain/run.ts';
import { repositoryOn, serverOf } from '../domain/servers.ts';
import type { HappeningEvent } from '../domain/happening.ts';
import { type HappeningNews, onHappenings } from './happening-events.ts';
import { misfit, RepositoryFields } from './happening-fields.ts';
import { onRepositoryNews, type RepositoryFacts, toRepositoryNews } from './repository-news.ts';
import { RunFields, toRun } from './run-fields.ts';
import type { GitHubServer, GitHubServers } from './servers.ts';

/** GitHub allows 20 of up to 50 characters; null where the delivery does not name them. */
const Topics = z.array(z.string().max(100)).max(100).nullish().catch(null);

const RunPayload = z
  .object({
    repository: RepositoryFields.extend({ topics: Topics }),
    workflow_run: RunFields,
  })
  .transform(({ repository, workflow_run: run }) => ({
    run,
    topics: repository.topics,
    repository: repository.full_name,
    defaultBranch: repository.default_branch,
  }));

const EVENT_NAMES: ReadonlySet<string> = new Set<EmitterWebhookEventName>(emitterEventNames);

/** Octokit's receiver wants one; a stored event was checked when it came in. */
const UNUSED_SECRET = 'unused';

interface EventReaderDeps {
  log: Log;
  servers: Pick<GitHubServers, 'all' | 'load'>;
}

/** Reads what each server delivered as that server means it: the installation says which one it was. */
export function createEventReader({ log, servers }: EventReaderDeps): EventReader {
  const readers = new WeakMap<GitHubServer, EventReader>();
  return {
    async read(event) {
      if (event.installationId === null) return ignored(NOT_OURS);
      const sender = serverOf(event.installationId);
      const find = () => servers.all().find(({ number }) => number === sender);
      // Another process may have taken it in, from a server that was set up a moment ago.
      if (find() === undefined) await servers.load();
      const server = find();
      if (server === undefined) return ignored('a server that is not ours any more');
      const reader = readers.get(server) ?? createServerReader(log, server);
      readers.set(server, reader);
      return await reader.read(event);
    },
  };
}

/** Dispatches stored deliveries of one server through Octokit's handlers, which turn them into what they mean to us. */
function createServerReader(log: Log, server: GitHubServer): EventReader {
  const runs = new WeakMap<object, ReadRun | string>();
  const news = new WeakMap<object, RepositoryFacts>();
  const happenings = new WeakMap<object, HappeningNews>();
  const webhooks = new Webhooks({ secret: UNUSED_SECRET, log: quietly(log) });
  webhooks.on(['workflow_run.requested', 'workflow_run.in_progress', 'workflow_run.completed'], ({ payload }) => {
    runs.set(payload, readRun(payload, server));
  });
  const options = { webUrl: server.webUrl, appId: server.app.appId };
  onHappenings(webhooks, options, (payload, told) => happenings.set(payload, told));
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
      const happening = happenings.get(payload);
      if (happening !== undefined) return toHappeningEvent(event, happening, server);
      const told = news.get(payload);
      return told === undefined ? toRunEvent(event, runs.get(payload)) : toNews(event, told, server);
    },
  };
}

interface ReadRun {
  run: Run;
  topics: readonly string[] | null | undefined;
}

/** The run, or why there is none. */
function readRun(payload: unknown, server: GitHubServer): ReadRun | string {
  const parsed = RunPayload.safeParse(payload);
  if (!parsed.success) return misfit(parsed.error);
  const { run, topics, repository, defaultBranch } = parsed.data;
  return { run: toRun(run, { repository: repositoryOn(server, repository), defaultBranch, server }), topics };
}

function toRunEvent({ name, installationId }: StoredEvent, read: ReadRun | string | undefined): RunEvent {
  if (read === undefined) return ignored(`nothing to do for ${name}`);
  if (typeof read === 'string') return ignored(read);
  if (installationId === null) return ignored(NOT_OURS);
  const { run, topics } = read;
  const told = { installationId, run, ...(topics && { topics }) };
  if (run.status !== 'completed') return { kind: 'run-changed', ...told };
  if (isFailing(run.conclusion)) return { kind: 'run-failed', ...told };
  return { kind: run.conclusion === 'success' ? 'run-passed' : 'run-changed', ...told };
}

function toHappeningEvent(
  { installationId }: StoredEvent,
  happening: HappeningNews,
  server: GitHubServer,
): RunEvent | HappeningEvent {
  if (typeof happening === 'string') return ignored(happening);
  if (installationId === null) return ignored(NOT_OURS);
  const repository = repositoryOn(server, happening.repository);
  return { kind: 'happened', installationId, happening: { ...happening, repository } };
}

function toNews({ installationId }: StoredEvent, facts: RepositoryFacts, server: GitHubServer): RunEvent {
  if (installationId === null) return ignored(NOT_OURS);
  return toRepositoryNews(facts, { installationId, server });
}

const NOT_OURS = 'no installation: the webhook is not the one of our App';

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
