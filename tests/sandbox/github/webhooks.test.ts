import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { verify } from '@octokit/webhooks-methods';
import { Webhooks } from '@octokit/webhooks';
import type { components } from '@octokit/openapi-webhooks-types';
import { z } from 'zod';
import type { LocalGitHub } from '../../../src/sandbox/github/local-github.ts';
import { APP_ID, INSTALLATION_ID, WEBHOOK_SECRET, aLocalGitHub, aReceiver, aRun, appClient } from './setting.ts';

const Fields = z.record(z.string(), z.unknown());
const examples = z
  .array(z.object({ name: z.string(), examples: z.array(Fields) }))
  .parse(createRequire(import.meta.url)('@octokit/webhooks-examples/api.github.com/index.json'));

let github: LocalGitHub;
let receiver: Awaited<ReturnType<typeof aReceiver>>;
beforeEach(async () => {
  github = await aLocalGitHub();
  github.addRepository('acme/checkout-api');
  receiver = await aReceiver();
  github.webhookUrl = receiver.url;
});
afterEach(async () => {
  receiver.close();
  await github.close();
});

const aPullRequestRun = () => aRun({ branch: 'retry', pullRequest: { number: 318, title: 'Retry failed charges' } });

test('a run is told from the push to the check suite, in order', async () => {
  const { deliveries } = await github.play(aRun());

  expect(deliveries.map(({ event, action }) => [event, action])).toEqual([
    ['push', null],
    ['workflow_run', 'requested'],
    ['workflow_job', 'queued'],
    ['workflow_run', 'in_progress'],
    ['workflow_job', 'in_progress'],
    ['workflow_job', 'completed'],
    ['workflow_run', 'completed'],
    ['check_suite', 'completed'],
  ]);
  expect(deliveries.every(({ statusCode }) => statusCode === 202)).toBe(true);
});

test('deliveries carry the headers of an App hook', async () => {
  await github.ping();

  expect(receiver.received[0]?.headers).toMatchObject({
    'x-github-delivery': expect.stringMatching(/^[\da-f-]{36}$/u),
    'x-github-event': 'ping',
    'x-github-hook-id': expect.stringMatching(/^\d+$/u),
    'x-github-hook-installation-target-id': String(APP_ID),
    'x-github-hook-installation-target-type': 'integration',
    'user-agent': expect.stringMatching(/^GitHub-Hookshot\//u),
    'content-type': 'application/json',
  });
});

test('signatures satisfy the verifier of Octokit', async () => {
  await github.play(aRun());
  const webhooks = new Webhooks({ secret: WEBHOOK_SECRET });

  for (const { headers, body } of receiver.received) {
    expect(await webhooks.verify(body, String(headers['x-hub-signature-256']))).toBe(true);
    expect(await verify('another secret', body, String(headers['x-hub-signature-256']))).toBe(false);
  }
  expect(receiver.received).toHaveLength(8);
});

test('a redelivery repeats the bytes and the GUID, and can be asked for through the API', async () => {
  const { deliveries } = await github.play(aRun());
  const [first] = deliveries;
  const app = appClient(github);

  await app.apps.redeliverWebhookDelivery({ delivery_id: first?.id ?? 0 });
  await github.settled();

  expect(receiver.received.at(-1)?.body).toBe(receiver.received[0]?.body);
  const list = await app.paginate(app.apps.listWebhookDeliveries, { per_page: 4 });
  expect(list).toHaveLength(9);
  expect(list[0]).toMatchObject({ guid: first?.guid, redelivery: true, status_code: 202 });
  const { data } = await app.apps.getWebhookDelivery({ delivery_id: first?.id ?? 0 });
  expect(data.request.payload).toMatchObject({ ref: 'refs/heads/main' });
});

test('a receiver that is away is kept as a failed delivery', async () => {
  github.webhookUrl = 'http://127.0.0.1:9/';

  expect(await github.ping()).toMatchObject({ statusCode: 502, status: 'failed to connect to host' });
});

/** One delivery or more of everything that happens beside runs. */
function* theHappenings() {
  const where = { repository: 'acme/checkout-api', sha: 'c0ffee'.padEnd(40, '0') };
  yield* github.deployment({ ...where, environment: 'production', states: ['failure'] });
  const pull = { repository: where.repository, number: 41, title: 'Round up', branch: 'round', sha: where.sha };
  yield* github.pull({ ...pull, action: 'opened' });
  const check = { ...where, app: 'codecov', name: 'codecov/patch', branch: 'round', pullRequest: 41 } as const;
  yield* github.check({ ...check, conclusion: 'failure', title: '71%' });
  yield* github.status({ ...where, context: 'ci/legacy', state: 'failure', branches: ['round'] });
  yield* github.release({ repository: where.repository, tag: 'v1.0.0', actions: ['published'] });
  yield* github.pull({ ...pull, action: 'synchronize' });
  yield* github.pull({ ...pull, action: 'closed', isMerged: true });
}

describe('payloads have every field of the examples that GitHub publishes', () => {
  const played = async (event: string, action: string | null): Promise<Record<string, unknown>> => {
    await github.play(event === 'push' ? aRun() : aPullRequestRun());
    await github.ping();
    await github.announceInstallation(INSTALLATION_ID, 'dana');
    await github.sendAll([...theHappenings()]);
    const found = github.deliveries().find((one) => one.event === event && one.action === action);
    return Fields.parse(JSON.parse(found?.request.body ?? '{}'));
  };

  test.each([
    ['workflow_run', 'requested'],
    ['workflow_run', 'completed'],
    ['workflow_job', 'queued'],
    ['workflow_job', 'in_progress'],
    ['workflow_job', 'completed'],
    ['check_suite', 'completed'],
    ['pull_request', 'opened'],
    ['deployment', 'created'],
    ['deployment_status', 'created'],
    ['check_run', 'created'],
    ['check_run', 'completed'],
    ['status', null],
    ['pull_request', 'closed'],
    ['release', 'published'],
    ['push', null],
    ['ping', null],
    ['installation', 'created'],
  ])('%s %s', async (event, action) => {
    const payload = await played(event, action);
    const published = examples.find(({ name }) => name === event)?.examples ?? [];
    const same = published.filter((example) => action === null || example['action'] === action);

    expect(same.length).toBeGreaterThan(0);
    const expected = event === 'ping' ? PING_OF_A_REPOSITORY : [];
    for (const example of same)
      expect(missingFields(example, payload).filter((path) => !expected.includes(path))).toEqual([]);
  });

  test('a completed run has the fields that the schema of today adds', async () => {
    const payload = await played('workflow_run', 'completed');
    const today: (keyof components['schemas']['webhook-workflow-run-completed']['workflow_run'])[] = [
      'actor',
      'display_title',
      'path',
      'referenced_workflows',
      'triggering_actor',
    ];

    expect(Object.keys(Fields.parse(payload['workflow_run']))).toEqual(expect.arrayContaining(today));
    expect(payload['installation']).toMatchObject({ id: INSTALLATION_ID });
  });
});

/**
 * Fields that an example has for a reason that does not hold here: its own permissions and hook settings, a deployment
 * (only for jobs with an environment), a discussion of a release (only where one was started), and the repository of a ping (an App's hook belongs to none).
 */
const NOT_OURS =
  /^(?:(?:.+\.)?permissions\.|hook\.(?:last_response|config)\.|(?:check_run\.(?:check_suite\.)?)?deployment$|release\.discussion_url$)/u;
const PING_OF_A_REPOSITORY = ['repository', 'organization', 'sender'];

/** Paths that the example has and the payload lacks. Lists are compared by their first entry, and only where both have one. */
function missingFields(example: unknown, payload: unknown, path = ''): string[] {
  if (Array.isArray(example)) {
    const both = Array.isArray(payload) && example.length > 0 && payload.length > 0;
    return both ? missingFields(example[0], payload[0], `${path}[]`) : [];
  }
  if (typeof example !== 'object' || example === null || payload === null) return [];
  return Object.entries(example).flatMap(([name, value]) => {
    const here = path === '' ? name : `${path}.${name}`;
    if (NOT_OURS.test(here)) return [];
    if (typeof payload !== 'object' || !(name in payload)) return [here];
    return missingFields(value, Fields.parse(payload)[name], here);
  });
}
