import { ChannelId, MessageTs, RepositoryName, UserId, WorkspaceId } from '../../src/domain/ids.ts';
import { pausedFinding, rulesFinding, runFinding } from '../../src/messages/doctor/channel-words.ts';
import { clockFinding, modelAwayFinding, schemaFinding } from '../../src/messages/doctor/platform-words.ts';
import { notConnectedFinding, scopeFindings, slackTokenFinding } from '../../src/messages/doctor/workspace-words.ts';
import { doctorMessage } from '../../src/messages/doctor.ts';
import { flakyMessage, nothingToShowHere, repositoryStatusMessage, statusMessage } from '../../src/messages/status.ts';
import { runMessage } from '../../src/messages/run.ts';
import { whoamiMessage } from '../../src/messages/whoami.ts';
import { aFailure, aRun, minutesLater, MOMENT } from '../../tests/support/report-builders.ts';
import { SOME_ACCOUNTS } from './people.ts';
import { aRule } from '../../tests/support/rules.ts';
import { type GalleryState, posted, told } from './state.ts';

const web = RepositoryName.parse('acme/web');

const RUN_STATES_SHOWN = [
  ...(['success', 'cancelled', 'skipped', 'failure'] as const).map((conclusion) => aRun({ conclusion })),
  aRun({ status: 'waiting', conclusion: 'action_required' }),
  aRun({ status: 'in_progress', conclusion: null }),
];

/** How things stand, and who somebody is. */
export function overviewStates(): GalleryState[] {
  const failures = ['main', 'release/2.1'].map((branch, index) => ({
    failure: aFailure({ branch, occurrences: 1 + index * 4 }),
    headline: 'price › rounds half to even: expected 2.34, received 2.35',
    threadTs: index === 0 ? MessageTs.parse('1764000000.000100') : null,
  }));
  const content = {
    channelId: ChannelId.parse('C0PAYMENTS'),
    statuses: [
      { repository: web, latest: aRun(), openFailures: 2 },
      { repository: RepositoryName.parse('acme/api'), latest: aRun({ conclusion: 'success' }), openFailures: 0 },
      { repository: RepositoryName.parse('acme/docs'), latest: null, openFailures: 0 },
    ],
    left: 3,
    open: { failures, total: 9 },
    workspaceUrl: 'https://acme.slack.com/',
    now: minutesLater(90),
  };
  const quiet = { ...content, left: 0, open: { failures: [], total: 0 } };
  const self = {
    userId: UserId.parse('U0ADA'),
    checkedAt: MOMENT,
    workspace: { id: WorkspaceId.parse('T0ACME'), name: 'Acme' },
    may: ['ask for explanations', 'subscribe channels'],
    mayNot: ['change models and budgets'],
    accounts: [],
  };
  const flaky = Array.from({ length: 3 }, (_, index) => ({
    failure: aFailure(),
    headline: `cart › adds up item ${index}: timed out after 5,000 ms`,
    times: 9 - index,
    lastAt: MOMENT,
  }));
  return [
    told('status', statusMessage(content)),
    told('status-all-well', statusMessage(quiet)),
    told(
      'status-of-a-repository',
      repositoryStatusMessage(web, { ...content, statuses: content.statuses.slice(0, 1) }),
    ),
    told(
      'status-of-a-quiet-repository',
      repositoryStatusMessage(web, { ...quiet, statuses: quiet.statuses.slice(1, 2) }),
    ),
    told('status-nothing', nothingToShowHere()),
    ...RUN_STATES_SHOWN.map((run) => posted(`run-${run.status}-${run.conclusion ?? 'none'}`, runMessage(run))),
    told('flaky', flakyMessage(flaky, { days: 14, where: 'in acme/web' })),
    told('flaky-none', flakyMessage([], { days: 14, where: 'in acme/web' })),
    ...(['admin', 'member', 'viewer', 'none'] as const).map((role) =>
      told(`whoami-${role}`, whoamiMessage({ ...self, role })),
    ),
    told('whoami-on-github', whoamiMessage({ ...self, role: 'member', accounts: SOME_ACCOUNTS })),
  ];
}

/** How all is doing, as an admin reads it. */
export function doctorStates(): GalleryState[] {
  const run = aRun();
  const rule = aRule('acme/web branch:release/*');
  const fine = [schemaFinding(false), clockFinding(120), slackTokenFinding('https://acme.slack.com/')];
  const verdict = { rule, match: 'no', because: ['branch'] } as const;
  return [
    told('doctor-well', doctorMessage([...fine, rulesFinding(2), runFinding(run, [verdict])])),
    told(
      'doctor-unwell',
      doctorMessage([
        ...fine,
        notConnectedFinding(),
        pausedFinding(rule, 'not_in_channel'),
        ...scopeFindings(['links:write']),
        modelAwayFinding('claude'),
        runFinding(run, [verdict]),
      ]),
    ),
  ];
}
