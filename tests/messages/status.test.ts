import { describe, expect, test } from '@jest/globals';
import { ChannelId, MessageTs, RepositoryName, UserId, WorkspaceId } from '../../src/domain/ids.ts';
import {
  flakyMessage,
  LISTED,
  nothingToShowHere,
  repositoryStatusMessage,
  statusMessage,
  type StatusContent,
} from '../../src/messages/status.ts';
import { ABILITY_WORDS, whoamiMessage } from '../../src/messages/whoami.ts';
import { faultsIn, HOSTILE, readable } from '../support/hostile.ts';
import { aFailure, aRun, minutesLater, MOMENT } from '../support/report-builders.ts';

const web = RepositoryName.parse('acme/web');
const threadTs = MessageTs.parse('1764000000.000100');

function someContent(changes: Partial<StatusContent> = {}): StatusContent {
  const failure = aFailure({ occurrences: 3, branch: 'topic' });
  return {
    channelId: ChannelId.parse('C0PAYMENTS'),
    statuses: [{ repository: web, latest: aRun({ conclusion: 'success' }), openFailures: 2 }],
    left: 0,
    open: {
      failures: [
        { failure, headline: 'rounds half to even fails', threadTs },
        { failure: aFailure(), headline: 'the build breaks', threadTs: null },
      ],
      total: 2,
    },
    workspaceUrl: 'https://acme.slack.com/',
    now: minutesLater(10),
    ...changes,
  };
}

/** As much as one answer lists, each name as long and as strange as it can be. */
function fullOf(outside: string): StatusContent {
  const repository = RepositoryName.parse(`${'a'.repeat(39)}/${'b'.repeat(100)}`);
  const latest = aRun({ workflow: outside, branch: outside, url: outside, title: outside });
  const failure = aFailure({ repository, branch: outside, workflow: outside, occurrences: 1_000 });
  return someContent({
    statuses: Array.from({ length: LISTED.repositories }, () => ({ repository, latest, openFailures: 1_000 })),
    left: 500,
    open: {
      failures: Array.from({ length: LISTED.failures }, () => ({ failure, headline: outside, threadTs })),
      total: 5_000,
    },
  });
}

describe('the status of a channel', () => {
  test('shows each repository, and each open failure with its thread', () => {
    const message = statusMessage(someContent());
    expect(readable(message)).toMatchSnapshot();
    expect(JSON.stringify(message)).toContain('https://acme.slack.com/archives/C0PAYMENTS/p1764000000000100');
  });

  test('says so where nothing is broken, and what to do where nothing is subscribed', () => {
    const quiet = someContent({ open: { failures: [], total: 0 } });
    expect(readable(statusMessage(quiet))).toContain('No failure is open.');
    expect(readable(repositoryStatusMessage(web, quiet))).toContain('🟢 acme/web');
    expect(readable(nothingToShowHere())).toContain('/cortex status owner/repo');
  });

  test('has no links where the address of the workspace is not known', () => {
    expect(JSON.stringify(statusMessage(someContent({ workspaceUrl: null })))).not.toContain('archives');
  });

  test('of one repository is told branch by branch', () => {
    expect(readable(repositoryStatusMessage(web, someContent()))).toMatchSnapshot();
  });

  test.each(HOSTILE)('keeps its limits, and lists all, whatever the outside text is: %#', (outside) => {
    const full = fullOf(outside);
    for (const message of [statusMessage(full), repositoryStatusMessage(web, full)]) {
      expect(faultsIn(message)).toEqual([]);
      expect(readable(message)).toContain('4,988 more open failures');
    }
    expect(readable(statusMessage(full))).toContain('and 500 more.');
    expect(readable(statusMessage(full)).split('1,000 times')).toHaveLength(LISTED.failures + 1);
  });
});

describe('what is flaky', () => {
  const where = { days: 14, where: 'in acme/web' };

  test('is told with how often and when last', () => {
    const flaky = [{ failure: aFailure(), headline: 'retries the upload', times: 4, lastAt: MOMENT }];
    expect(readable(flakyMessage(flaky, where))).toMatchSnapshot();
    expect(readable(flakyMessage([], where))).toContain('Nothing flaky in acme/web');
  });

  test.each(HOSTILE)('keeps its limits whatever the outside text is: %#', (outside) => {
    const repository = RepositoryName.parse(`${'a'.repeat(39)}/${'b'.repeat(100)}`);
    const failure = aFailure({ repository, workflow: outside, branch: outside });
    const one = { failure, headline: outside, times: 1_000, lastAt: MOMENT };
    const message = flakyMessage(
      Array.from({ length: 16 }, () => one),
      where,
    );
    expect(faultsIn(message)).toEqual([]);
    expect(readable(message)).toContain('are not listed');
    expect(readable(message)).toContain('1,000 times');
  });
});

describe('who somebody is', () => {
  const self = {
    userId: UserId.parse('U0BEN'),
    checkedAt: MOMENT,
    workspace: { id: WorkspaceId.parse('T0ACME'), name: 'Acme' },
    may: ['ask for explanations'],
    mayNot: ['change models and budgets'],
    accounts: [],
  };

  test('is told with what it follows from, and what follows from it', () => {
    expect(readable(whoamiMessage({ ...self, role: 'member' }))).toMatchSnapshot();
  });

  test.each(['admin', 'member', 'viewer', 'none'] as const)('fits for the role %s', (role) => {
    const all = Object.values(ABILITY_WORDS);
    for (const name of [null, ...HOSTILE]) {
      const told = { ...self, role, may: all, mayNot: all, checkedAt: null, workspace: { ...self.workspace, name } };
      expect(faultsIn(whoamiMessage(told))).toEqual([]);
    }
    expect(faultsIn(whoamiMessage({ ...self, role, may: all, mayNot: [] }))).toEqual([]);
  });
});
