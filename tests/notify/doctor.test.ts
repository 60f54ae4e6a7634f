import { describe, expect, test } from '@jest/globals';
import type { HealthFinding } from '../../src/domain/health.ts';
import { NO_ANSWERS } from '../../src/domain/github-answers.ts';
import type { GapGroup } from '../../src/domain/reconciling.ts';
import { ChannelId, InstallationId, WorkspaceId } from '../../src/domain/ids.ts';
import type { Ports } from '../../src/domain/ports.ts';
import {
  GitHubForbiddenError,
  GitHubNotFoundError,
  GitHubUnavailableError,
  WorkspaceRevokedError,
} from '../../src/errors.ts';
import { GITHUB_NEEDS } from '../../src/github/app.ts';
import { doctorMessage, summaryWords } from '../../src/messages/doctor.ts';
import { runFinding } from '../../src/messages/doctor/channel-words.ts';
import { examine } from '../../src/notify/doctor/examine.ts';
import { misfits } from '../../src/notify/explain-match.ts';
import { matchRule } from '../../src/notify/match.ts';
import { refuseMessage } from '../../src/sandbox/slack/validation/validate.ts';
import { fakeLog } from '../support/fake-log.ts';
import { faultsIn, HOSTILE, readable } from '../support/hostile.ts';
import { aModel, someModels } from '../support/models.ts';
import { someSubscriptions } from '../support/pipeline-fakes.ts';
import { aUsageReport } from '../support/memory-reasoning.ts';
import { aRun, MOMENT } from '../support/report-builders.ts';
import { aRule } from '../support/rules.ts';

const workspaceId = WorkspaceId.parse('T0ACME');
const channelId = ChannelId.parse('C0ONE');
const installationId = InstallationId.parse(51_423);
const run = aRun();
const GRANT = { permissions: GITHUB_NEEDS.permissions, events: GITHUB_NEEDS.events };
const BACKLOG = { queued: 2, leased: 1, dead: 0, oldestDueMs: 500 };
const LAG = { deliveries: 30, runs: 900, open: 0, lost: 0 };
const GAPS: GapGroup = {
  kind: 'delivery',
  state: 'open',
  answer: '502 failed to connect to host',
  amount: 200,
  events: ['workflow_run', 'push'],
  from: new Date(MOMENT.getTime() - 5 * 60 * 60_000),
  to: new Date(MOMENT.getTime() - 3 * 60 * 60_000),
  asks: 0,
  repository: null,
};
const SCOPES = ['commands', 'chat:write', 'links:write'];

/** Everything is well; `changes` replaces single methods of single ports. */
function world(changes: Record<string, object> = {}) {
  const log = fakeLog();
  const ports: Record<string, object> = {
    vitals: {
      isEmbedded: false,
      isBehind: async () => false,
      now: async () => MOMENT,
      backlog: async () => BACKLOG,
      lastDeliveries: async () => [{ installationId, at: new Date(MOMENT.getTime() - 120_000) }],
    },
    queue: { description: 'a queue', isHealthy: async () => true },
    directory: {
      workspace: async () => ({ url: 'https://acme.slack.example/', scopes: SCOPES }),
      channel: async () => ({ kind: 'visible', isMember: true, isArchived: false, isShared: false }),
    },
    githubApp: {
      needs: GITHUB_NEEDS,
      app: async () => ({ slug: 'opsaicortex', ...GRANT }),
      installation: async () => ({ account: 'acme', isSuspended: false, url: 'https://github.example/i/1', ...GRANT }),
    },
    githubServers: { sites: () => [{ number: 0, host: null, webUrl: 'https://github.example', hasApp: true }] },
    installations: { ofWorkspace: async () => [installationId] },
    models: someModels({ small: [aModel({})] }),
    modelCalls: { usage: async () => aUsageReport({ spentMicroUsd: 1_000_000 }) },
    settings: { reasoning: async () => ({ monthlyBudgetUsd: 10 }), githubAnswers: async () => NO_ANSWERS },
    subscriptions: someSubscriptions(run.repository, { C0ONE: null }),
    runSource: { canSee: async () => true },
    runs: { recent: async () => [{ run, finding: null }] },
    mutes: { current: async () => [] },
    gaps: { lag: async () => LAG, report: async () => [] },
    deliverySources: { all: () => [{ name: 'api', list: async () => ({ tries: [], next: null, isFirst: true }) }] },
  };
  for (const [name, methods] of Object.entries(changes)) ports[name] = { ...ports[name], ...methods };
  const deps: Ports = Object.assign(Object.create(null), { clock: { now: () => MOMENT }, log }, ports);
  return { deps, log };
}

const everything = { isAll: true, workspaceId, channelId, neededScopes: SCOPES };
const look = (changes: Record<string, object> = {}, patient: Partial<typeof everything> = {}) =>
  examine(world(changes).deps, { ...everything, ...patient }, { withinMs: 1_000 });
const amiss = (findings: readonly HealthFinding[]) =>
  findings.filter(({ level }) => level !== 'ok').map(({ level, says, remedy }) => `${level}: ${says} | ${remedy}`);

describe('the doctor', () => {
  test('finds nothing amiss where nothing is', async () => {
    const findings = await look();

    expect(amiss(findings)).toEqual([]);
    expect(findings.length).toBeGreaterThan(12);
    expect(summaryWords(findings)).toBe('All is well');
  });

  test('counts what was missed and came later among what is well', async () => {
    const found: GapGroup = { ...GAPS, kind: 'run', state: 'recovered', amount: 1, repository: run.repository };
    const findings = await look({ gaps: { report: async () => [{ ...GAPS, state: 'recovered' }, found] } });

    expect(amiss(findings)).toEqual([]);
    expect(findings.map(({ says }) => says)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('200 deliveries of workflow_run, push failed'),
        expect.stringContaining(`1 run in ${run.repository} found by asking`),
      ]),
    );
  });

  test.each<[string, Record<string, object>, string]>([
    ['the embedded database', { vitals: { isEmbedded: true } }, 'warning: The configuration is complete; database and'],
    ['a schema that is behind', { vitals: { isBehind: async () => true } }, 'Run "cortex migrate"'],
    ['clocks apart', { vitals: { now: async () => new Date(MOMENT.getTime() + 40_000) } }, 'warning: This machine'],
    [
      'clocks far apart',
      { vitals: { now: async () => new Date(MOMENT.getTime() - 400_000) } },
      'problem: This machine',
    ],
    ['a queue that is away', { queue: { isHealthy: async () => false } }, 'warning: The queue does not answer'],
    [
      'deliveries that nobody looks for',
      { gaps: { lag: async () => ({ ...LAG, deliveries: 1_800 }) } },
      'problem: Deliveries that failed were last looked for 30 minutes ago',
    ],
    [
      'runs that nobody looks for',
      { gaps: { lag: async () => ({ ...LAG, runs: 8_000 }) } },
      'problem: Runs without a delivery were last looked for 2 hours ago',
    ],
    ['deliveries never looked for', { gaps: { lag: async () => ({ ...LAG, deliveries: null }) } }, 'Nobody has looked'],
    [
      'deliveries that GitHub does not show',
      { deliverySources: { all: () => [{ name: 'api', list: () => Promise.reject(new GitHubNotFoundError('no')) }] } },
      'problem: GitHub (api) does not show us what it delivered',
    ],
    [
      'deliveries that failed',
      { gaps: { report: async () => [GAPS] } },
      '200 deliveries of workflow_run, push failed between 5 hours and 3 hours ago (502 failed to connect to host): GitHub is asked for them next',
    ],
    [
      'deliveries that failed again',
      { gaps: { report: async () => [{ ...GAPS, asks: 300 }] } },
      'GitHub was asked 300 times, and they did not come yet',
    ],
    [
      'deliveries that are lost',
      { gaps: { report: async () => [{ ...GAPS, state: 'lost' }] } },
      'they cannot be got back | Runs among them are found by asking',
    ],
    [
      'a time of which nothing is left',
      { gaps: { report: async () => [{ ...GAPS, kind: 'period', state: 'lost', answer: 'nobody looked' }] } },
      'Deliveries between 5 hours and 3 hours ago are forgotten: nobody looked',
    ],
    ['parked jobs', { vitals: { backlog: async () => ({ ...BACKLOG, dead: 3 }) } }, 'warning: 3 jobs parked'],
    [
      'work that nobody does',
      { vitals: { backlog: async () => ({ ...BACKLOG, oldestDueMs: 600_000 }) } },
      'problem: Work waits: the oldest job has been due for 10 minutes',
    ],
    [
      'a key that GitHub does not take',
      { githubApp: { app: () => Promise.reject(new GitHubForbiddenError('no')) } },
      'problem: GitHub does not take our key',
    ],
    [
      'an App that asks for too little',
      {
        githubApp: { app: async () => ({ slug: 'x', permissions: { actions: 'read', metadata: 'read' }, events: [] }) },
      },
      'the permission issues (write), which creating issues needs',
    ],
    ['no event', { githubApp: { app: async () => ({ slug: 'x', ...GRANT, events: [] }) } }, 'the event workflow_run'],
    [
      'an installation that is gone',
      { githubApp: { installation: async () => null } },
      'Installation 51423 is not there',
    ],
    [
      'an installation that is suspended',
      { githubApp: { installation: async () => ({ account: 'acme', isSuspended: true, url: null, ...GRANT }) } },
      'problem: The installation on acme is suspended',
    ],
    [
      'an installation that has not accepted a permission',
      {
        githubApp: {
          installation: async () => ({
            account: 'acme',
            isSuspended: false,
            url: 'https://x.example/',
            events: GRANT.events,
            permissions: { ...GRANT.permissions, actions: 'read' },
          }),
        },
      },
      'acme has not granted the permission actions (write)',
    ],
    ['silence', { vitals: { lastDeliveries: async () => [] } }, 'No webhook delivery from acme'],
    [
      'answers that are wanted and not permitted',
      { settings: { githubAnswers: async () => ({ check: ['acme/web'], comment: ['acmex/*'] }) } },
      'acme has not granted "Checks: write", so check runs of ours stand on no commit there',
    ],
    [
      'comments that are wanted and not permitted',
      { settings: { githubAnswers: async () => ({ check: [], comment: ['acme/*'] }) } },
      'acme has not granted "Pull requests: write"',
    ],
    ['nothing linked', { installations: { ofWorkspace: async () => [] } }, 'problem: No GitHub installation'],
    [
      'a token that Slack refuses',
      { directory: { workspace: () => Promise.reject(new WorkspaceRevokedError('token_revoked', {})) } },
      'problem: Slack does not take our token any more (token_revoked)',
    ],
    [
      'a missing scope',
      { directory: { workspace: async () => ({ url: null, scopes: ['commands', 'chat:write'] }) } },
      'warning: Slack has not granted the scope links:write: links to runs get no preview',
    ],
    ['a provider without a key', { models: { missing: () => 'ANTHROPIC_API_KEY' } }, 'Set ANTHROPIC_API_KEY'],
    ['a provider that is away', { models: { circuits: () => ({ claude: 1 }) } }, 'claude failed several times'],
    ['a budget that is spent', { settings: { reasoning: async () => ({ monthlyBudgetUsd: 1 }) } }, 'The budget of $1'],
    [
      'a channel without us',
      { directory: { channel: async () => ({ kind: 'hidden' }) } },
      'problem: I am not in this channel | Type /invite',
    ],
    ['a channel without rules', { subscriptions: someSubscriptions(run.repository, {}) }, 'hears about nothing'],
    [
      'a paused rule',
      { subscriptions: someSubscriptions(run.repository, { C0ONE: 'not_in_channel' }) },
      'is paused | I was removed from the channel',
    ],
    ['a repository out of sight', { runSource: { canSee: async () => false } }, `I cannot see ${run.repository}`],
    [
      'a mute',
      { mutes: { current: async () => [{ scope: '*', by: 'U0ADA', until: new Date(MOMENT.getTime() + 60_000) }] } },
      'This channel is muted until 2026-11-20 09:31 UTC',
    ],
  ])('says what %s means, and what to do', async (_what, changes, expected) => {
    expect(amiss(await look(changes)).join('\n')).toContain(expected);
  });

  test('keeps to the channel for who is no admin', async () => {
    const changes = { vitals: { isBehind: async () => true }, runSource: { canSee: async () => false } };

    const findings = await look(changes, { isAll: false });

    expect(amiss(findings)).toEqual([expect.stringContaining('I cannot see')]);
    expect(findings.map(({ says }) => says).join()).not.toMatch(/Slack takes|GitHub|database|Budget/u);
  });

  test('goes on where a check fails, and where one never answers', async () => {
    const { deps, log } = world({
      vitals: { isBehind: () => new Promise(() => {}), backlog: () => Promise.reject(new Error('secret words')) },
      githubApp: { app: () => Promise.reject(new GitHubUnavailableError('GitHub answered 500')) },
    });

    const findings = await examine(deps, everything, { withinMs: 50 });

    expect(amiss(findings)).toEqual([
      'problem: Database: no answer in time | Ask again in a minute. Should it stay so, that part is away or overloaded.',
      expect.stringMatching(/^problem: Jobs: the check failed \(error id \w+\)/u),
      expect.stringContaining('GitHub App: the check failed (github.unavailable)'),
    ]);
    expect(JSON.stringify(findings)).not.toContain('secret words');
    expect(log.at('warn').length).toBe(2);
  });

  test('leaves out what reads the database where that is away', async () => {
    const { deps } = world({ vitals: { isBehind: () => Promise.reject(new Error('asked all the same')) } });

    const findings = await examine(deps, everything, { withinMs: 1_000, hasDatabase: false });

    expect(findings.map(({ says }) => says)).toEqual([
      expect.stringContaining('The queue answers'),
      expect.stringContaining('GitHub takes our key'),
      expect.stringContaining('Models that are asked'),
    ]);
  });
});

describe('why a run was told or not', () => {
  const subject = { run: aRun({ branch: 'main', workflow: 'CI', event: 'push' }), finding: null };
  const { repository } = subject.run;

  test.each([
    [repository, []],
    ['other/thing', ['target']],
    [`${repository} branch:release/*`, ['branch']],
    [`${repository} -branch:main workflow:Deploy`, ['workflow', 'branch']],
    [`${repository} on:recovered event:schedule`, ['on', 'event']],
    [`${repository} job:lint`, []],
  ])('%s', (line, expected) => {
    const rule = aRule(line);

    expect(misfits(subject, rule)).toEqual(expected);
    expect(matchRule(subject, rule) === 'no').toBe(expected.length > 0);
  });

  test('is said of the rule that comes nearest', () => {
    const rules = [aRule(`${repository} branch:release/* event:schedule`), aRule(`${repository} branch:release/*`)];
    const verdicts = rules.map((rule) => ({ rule, match: matchRule(subject, rule), because: misfits(subject, rule) }));

    expect(runFinding(subject.run, verdicts).says).toContain(
      `does not fit "${repository} branch:release/*", because its branch is main`,
    );
    expect(runFinding(subject.run, [{ rule: aRule(repository), match: 'yes', because: [] }]).says).toContain('fits');
    expect(runFinding(subject.run, []).says).toContain('no active rule is about it');
  });
});

describe('what the doctor says in Slack', () => {
  test('has what to do below each problem, and fits into a message however much it is', () => {
    const problems = HOSTILE.map((says) => ({ level: 'problem', says, remedy: says }) as const);
    const many = Array.from({ length: 30 }, () => problems).flat();
    const said = doctorMessage([{ level: 'ok', says: 'Fine', remedy: null }, ...many]);

    expect(refuseMessage(said)).toBeNull();
    expect(faultsIn(said)).toEqual([]);
    expect(readable(said)).toContain('more lines left out');
  });

  test('is a line of praise where all is well', () => {
    expect(readable(doctorMessage([{ level: 'ok', says: 'The clocks agree', remedy: null }]))).toContain('All is well');
  });
});
