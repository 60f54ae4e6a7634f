import { createHmac, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { Failure } from '../../src/domain/failure.ts';
import type { Summary } from '../../src/domain/diagnosis.ts';
import { JobId, WorkspaceId } from '../../src/domain/ids.ts';
import type { NewJob } from '../../src/domain/jobs.ts';
import type { Ports, RepositoryStatus } from '../../src/domain/ports.ts';
import type { Run } from '../../src/domain/run.ts';
import { createLocalSlack, type LocalSlackOptions } from '../../src/sandbox/slack/local-slack.ts';
import { createSlack, type Slack } from '../../src/slack/bolt.ts';
import { fakeLog } from './fake-log.ts';
import { fakePorts } from './fake-ports.ts';
import { memoryActions } from './memory-actions.ts';
import { memoryOverview } from './memory-overview.ts';
import { memoryAccounts } from './memory-people.ts';
import { setUsage, someModels } from './memory-reasoning.ts';
import { memoryReasoningStores } from './memory-reasoning-stores.ts';
import { aQueue } from './pipeline-fakes.ts';
import {
  aClock,
  memoryFailures,
  memoryReceipts,
  memoryRuns,
  memorySubscriptions,
  memorySummaries,
  memoryThreads,
  memoryUsers,
  memoryWorkspaces,
  only,
  unlimited,
} from './memory-stores.ts';
import { memoryRuleFiles } from './rule-files.ts';
import { THE_SITE } from './github-servers.ts';

export const TEAM = WorkspaceId.parse('T0ACME');
export const ADA = 'U0ADA'; // admin
export const BEN = 'U0BEN'; // member
export const GIA = 'U0GIO'; // guest
export const CHANNEL = 'C0PAYMENTS';

export type SlackApp = Awaited<ReturnType<typeof startSlackApp>>;

/** Our Slack adapter behind a real server, talking to a local Slack over HTTP; stores in memory. Installed unless told not to be. */
export async function startSlackApp({
  install = true,
  teams,
}: { install?: boolean; teams?: LocalSlackOptions['teams'] } = {}) {
  const secrets = { signingSecret: randomUUID(), clientId: '1.2', clientSecret: randomUUID() };
  const local = await createLocalSlack({ ...secrets, appName: 'OpsAICortex', ...(teams && { teams }) });
  const clock = aClock(new Date());
  const log = fakeLog();
  const state = {
    runs: [] as Run[],
    statuses: [] as RepositoryStatus[],
    summaries: [] as Summary[],
    failures: [] as Failure[],
  };
  const jobs: NewJob[] = [];
  const ofTeam = (workspaceId: WorkspaceId) => (workspaceId === TEAM ? state.summaries : []);
  const { feedback, settings } = memoryReasoningStores({ clock, summaries: ofTeam });
  const { failureActions, merges, issues, reruns, mutes, audit } = memoryActions({
    failures: () => state.failures,
    jobs,
  });
  const stores = {
    failureActions,
    merges,
    issues,
    reruns,
    mutes,
    audit,
    workspaces: memoryWorkspaces(),
    subscriptions: memorySubscriptions(),
    ruleFiles: memoryRuleFiles(),
    users: memoryUsers(),
    accounts: memoryAccounts(),
    threads: memoryThreads(),
    receipts: memoryReceipts(clock),
    rateLimits: unlimited,
    runs: memoryRuns(state.runs, state.statuses),
    summaries: memorySummaries(state.summaries, state),
    failures: memoryFailures(state.failures),
    overview: memoryOverview(),
    models: someModels(),
    settings,
    feedback,
  };
  const modelCalls = setUsage();
  const visible = new Set(['acme/web']);
  const core: Ports = fakePorts({
    ...stores,
    clock,
    log,
    jobs: memoryJobs(jobs),
    queue: aQueue(),
    modelCalls: only<Ports['modelCalls']>(modelCalls),
    runSource: only<Ports['runSource']>({ canSee: async (_workspaceId, name) => visible.has(name) }),
  });
  const slack: Slack = createSlack(core, {
    ...secrets,
    stateSecret: randomUUID(),
    apiUrl: local.apiUrl,
    authorizeUrl: local.authorizeUrl,
    publicUrl: null,
    githubSites: () => THE_SITE,
    connectKey: randomUUID(),
  });
  const server = createServer(slack.handler).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  local.setAppUrl(url);
  if (install) await local.install(TEAM);
  return {
    local,
    slack,
    url,
    clock,
    log,
    state,
    jobs,
    visible,
    modelCalls,
    core,
    ...stores,
    ...secrets,
    /** Fails where the local Slack was sent something that Slack would refuse. */
    async close() {
      await slack.stop();
      server.closeAllConnections();
      await Promise.all([new Promise((resolve) => server.close(resolve)), local.close()]);
      const violations = local.violations();
      if (violations.length > 0) throw new Error(`Slack would refuse: ${JSON.stringify(violations)}`);
    },
  };
}

function memoryJobs(kept: NewJob[]): Ports['jobs'] {
  const enqueue = async (jobs: readonly NewJob[]) => {
    const fresh = jobs.filter(({ dedupeKey }) => kept.every((known) => known.dedupeKey !== dedupeKey));
    kept.push(...fresh);
    return fresh.map(() => JobId.parse(randomUUID()));
  };
  return only<Ports['jobs']>({ enqueue });
}

/** What a person sees for themselves only, newest last, as text. */
export function seenBy({ local }: Pick<SlackApp, 'local'>, user: string): string[] {
  return local.ephemerals(user).map((message) => local.render(message));
}

/** Waits until a person sees something with these words, and returns it. */
export function waitForWords({ local }: Pick<SlackApp, 'local'>, user: string, words: string): Promise<string> {
  return local.waitFor(() => seenBy({ local }, user).find((text) => text.includes(words)), { what: words });
}

interface SignedRequest {
  body: string;
  atMs: number;
  headers?: Record<string, string>;
}

type Door = Pick<SlackApp, 'url' | 'signingSecret'>;

/** Sends a request as Slack would, signed at the given time. */
export async function sendSigned(door: Door, request: SignedRequest): Promise<number> {
  return (await sendForAnswer(door, request)).status;
}

async function sendForAnswer(
  { url, signingSecret }: Door,
  { body, atMs, headers = {} }: SignedRequest,
): Promise<{ status: number; body: string }> {
  const stamp = String(Math.floor(atMs / 1_000));
  const hash = createHmac('sha256', signingSecret).update(`v0:${stamp}:${body}`).digest('hex');
  const response = await fetch(`${url}/slack/events`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': stamp,
      'x-slack-signature': `v0=${hash}`,
      ...headers,
    },
  });
  return { status: response.status, body: await response.text() };
}

/** A window that nobody filled in, sent off with a signature that is right: what only Slack itself, or a bug there, could send. */
export async function submitForged(
  door: Door,
  window: { callbackId: string; metadata: string; values: Record<string, string>; user?: string },
): Promise<{ status: number; body: string; sent: string }> {
  const { callbackId, metadata, values, user = ADA } = window;
  const state = Object.entries(values).map(([name, value]) => [
    name,
    { [name]: { type: 'plain_text_input', value, selected_option: { value } } },
  ]);
  const payload = {
    type: 'view_submission',
    team: { id: TEAM, domain: 'acme' },
    user: { id: user, team_id: TEAM },
    trigger_id: randomUUID(),
    is_enterprise_install: false,
    view: {
      id: 'V1',
      type: 'modal',
      callback_id: callbackId,
      private_metadata: metadata,
      state: { values: Object.fromEntries(state) },
    },
  };
  const sent = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  return { ...(await sendForAnswer(door, { body: sent, atMs: Date.now() })), sent };
}
