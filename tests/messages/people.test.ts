import { describe, expect, test } from '@jest/globals';
import { GitHubAccountId, UserGroupId, UserId } from '../../src/domain/ids.ts';
import { type Called, MOST_CALLED } from '../../src/domain/people.ts';
import { failureMessage } from '../../src/messages/diagnosis.ts';
import { claimReply, freedReply, unlinkedReply } from '../../src/messages/identity.ts';
import { whoamiMessage } from '../../src/messages/whoami.ts';
import { WorkspaceId } from '../../src/domain/ids.ts';
import { faultsIn, HOSTILE, readable } from '../support/hostile.ts';
import { aReport, aRun, MOMENT } from '../support/report-builders.ts';

const ada = UserId.parse('U0ADA');
const ben = UserId.parse('U0BEN');
const group = UserGroupId.parse('S0ONCALL');
const id = GitHubAccountId.parse(1_000_001);

/** Everybody whom blocks mention, by Slack's own elements. */
function mentioned(shown: { blocks: readonly object[] }): string[] {
  return [...JSON.stringify(shown.blocks).matchAll(/"type":"(?:user|usergroup|broadcast)"[^}]*?"(\w+)"\}/gu)].map(
    ([, who = '']) => who,
  );
}

describe('the message of a failure', () => {
  test('mentions nobody whom we do not know', () => {
    expect(mentioned(failureMessage(aReport()))).toEqual([]);
    expect(readable(failureMessage(aReport()))).toContain('by ada on main');
  });

  test('mentions the author instead of naming them, and whom its rules call above everything', () => {
    const called: Called = {
      who: [
        { kind: 'person', userId: ben },
        { kind: 'group', id: group },
        { kind: 'name', name: 'acme/web' },
      ],
      left: 3,
    };
    const message = failureMessage({ ...aReport(), people: { author: ada, called } });

    expect(mentioned(message)).toEqual([ben, group, ada]);
    expect(readable(message)).not.toContain('by ada on main');
    expect(readable({ ...message, blocks: message.blocks.slice(1, 2) })).toContain('acme/web and 3 more');
  });

  test('never mentions by outside text, whatever a name is, and fits', () => {
    for (const name of HOSTILE) {
      const who = Array.from({ length: MOST_CALLED }, () => ({ kind: 'name', name: name.slice(0, 254) }) as const);
      const report = { ...aReport(), run: aRun({ actor: name }) };
      const message = failureMessage({ ...report, people: { author: null, called: { who, left: 9_999 } } });
      expect(mentioned(message)).toEqual([]);
      expect(faultsIn(message)).toEqual([]);
    }
  });
});

describe('the answers about GitHub accounts', () => {
  test.each(HOSTILE)('hold for the name %#', (login) => {
    const account = { id, login };
    const person = { userId: ben, proof: 'claim', at: MOMENT } as const;
    const shown = [
      ...(['claimed', 'unchanged', 'too-many', 'not-there', 'not-connected', 'not-a-person'] as const).map((kind) =>
        claimReply({ kind, login }),
      ),
      claimReply({ kind: 'taken', login, by: person }),
      claimReply({ kind: 'taken', login, by: null }),
      unlinkedReply([account, account]),
      freedReply(login, [account]),
      freedReply(login, []),
      whoamiMessage({
        userId: ben,
        role: 'member',
        checkedAt: MOMENT,
        workspace: { id: WorkspaceId.parse('T0ACME'), name: login },
        may: [],
        mayNot: [],
        accounts: [{ ...account, person, trustedUntil: null }],
      }),
    ];
    expect(shown.flatMap((message) => faultsIn(message))).toEqual([]);
    expect(shown.flatMap(mentioned).filter((who) => who !== ben)).toEqual([]);
  });

  test('name who has an account, and what an admin can do', () => {
    const reply = claimReply({ kind: 'taken', login: 'octo-ada', by: { userId: ben, proof: 'email' } });
    expect(readable(reply)).toContain('GitHub and Slack both confirmed');
    expect(readable(reply)).toContain('/cortex whoami github free octo-ada');
  });
});
