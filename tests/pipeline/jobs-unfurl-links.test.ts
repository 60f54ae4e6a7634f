import { describe, expect, test } from '@jest/globals';
import { ChannelId, MessageTs, WorkspaceId } from '../../src/domain/ids.ts';
import type { JobPayload } from '../../src/domain/jobs.ts';
import type { LinkPreview } from '../../src/domain/message.ts';
import type { Rule } from '../../src/domain/rules/rule.ts';
import { GitHubUnavailableError } from '../../src/errors.ts';
import { unfurlLinks } from '../../src/pipeline/jobs/unfurl-links.ts';
import { linkPreview } from '../../src/messages/unfurl.ts';
import { refuseMessage } from '../../src/sandbox/slack/validation/validate.ts';
import { faultsIn, HOSTILE, readable } from '../support/hostile.ts';
import { aGitHub, aJobContext, someSubscriptions, someSummaries } from '../support/pipeline-fakes.ts';
import { aDiagnosis, aReport, aRun, MOMENT } from '../support/report-builders.ts';
import { aRule } from '../support/rules.ts';

const workspaceId = WorkspaceId.parse('T0ACME');
const channelId = ChannelId.parse('C0ONE');
const run = aRun();
const { repository, runId } = run;
const OPEN = { kind: 'visible', isMember: true, isArchived: false, isShared: false };

function payload(changes: Partial<JobPayload<'unfurl-links'>> = {}): JobPayload<'unfurl-links'> {
  const target = { kind: 'run', repository, runId, attempt: null } as const;
  const ts = MessageTs.parse(`${MOMENT.getTime() / 1_000}.000100`);
  return { workspaceId, channelId, ts, links: [{ url: run.url, target }], ...changes };
}

interface World extends Record<string, unknown> {
  paused?: string | null;
  rule?: Rule;
  sight?: typeof OPEN;
}

function setUp({ paused = null, rule = aRule(repository), sight = OPEN, ...more }: World = {}) {
  const shown: LinkPreview[] = [];
  const context = aJobContext({
    ...aGitHub({ runs: [run] }),
    ...someSummaries(aReport({ run })),
    subscriptions: someSubscriptions(repository, { C0ONE: paused }, rule),
    directory: { channel: async () => sight },
    messenger: {
      unfurl: async (_id: unknown, _place: unknown, previews: LinkPreview[]) => void shown.push(...previews),
    },
    ...more,
  });
  return { context, shown };
}

describe('a link to a run', () => {
  test('is shown under its address, as it stands in the message', async () => {
    const { context, shown } = setUp();

    await unfurlLinks(context, payload());

    expect(shown.map(({ url }) => url)).toEqual([run.url]);
    expect(shown.map(({ message }) => readable(message)).join()).toContain(aDiagnosis().headline);
  });

  test.each<[string, World]>([
    ['the rule is of another repository', { rule: aRule('acme/other') }],
    ['the rule is paused', { paused: 'not_in_channel' }],
    ['the channel is shared', { sight: { ...OPEN, isShared: true } }],
    ['the channel is archived', { sight: { ...OPEN, isArchived: true } }],
    ['we are not in the channel', { sight: { ...OPEN, isMember: false } }],
    ['the run is not there, or not for this workspace', { ...aGitHub({ runs: [] }) }],
    ['the app was removed', { workspaces: { isActive: async () => false } }],
    ['it was posted half an hour ago', { clock: { now: () => new Date(MOMENT.getTime() + 31 * 60_000) } }],
  ])('stays bare where %s', async (_why, world) => {
    const { context, shown } = setUp(world);

    await unfurlLinks(context, payload());

    expect(shown).toEqual([]);
  });

  test("is shown where all of the owner's repositories are heard of", async () => {
    const { context, shown } = setUp({ rule: aRule(`${repository.split('/')[0]}/*`) });

    await unfurlLinks(context, payload());

    expect(shown).toHaveLength(1);
  });

  test('waits while GitHub is away', async () => {
    const away = { find: () => Promise.reject(new GitHubUnavailableError('GitHub did not answer')) };
    const { context } = setUp({ runSource: away });

    await expect(unfurlLinks(context, payload())).rejects.toBeInstanceOf(GitHubUnavailableError);
  });

  test.each(HOSTILE)('is what Slack takes, with %j in every name', (words) => {
    const hostile = aRun({ workflow: words, branch: words, title: words, actor: words });
    const { summary, failure } = aReport({ run: hostile, diagnosis: aDiagnosis({ headline: words, cause: words }) });
    for (const explained of [{ summary, failure }, null]) {
      const preview = linkPreview({ run: hostile, explained, at: MOMENT });
      expect(refuseMessage(preview)).toBeNull();
      expect(faultsIn(preview)).toEqual([]);
    }
  });
});
