import { GitHubAccountId, UserGroupId, UserId } from '../../src/domain/ids.ts';
import type { Called } from '../../src/domain/people.ts';
import { failureMessage } from '../../src/messages/diagnosis.ts';
import { claimReply, freedReply, unlinkedReply } from '../../src/messages/identity.ts';
import { aReport, MOMENT } from '../../tests/support/report-builders.ts';
import { type GalleryState, posted, told } from './state.ts';

const login = 'octo-ada';
const account = { id: GitHubAccountId.parse(1_000_001), login };
const userId = UserId.parse('U0BEN');
const called: Called = {
  who: [
    { kind: 'person', userId },
    { kind: 'group', id: UserGroupId.parse('S0ONCALL') },
    { kind: 'name', name: 'acme/writers' },
  ],
  left: 2,
};

/** Links of GitHub accounts to people, for `whoami`. */
export const SOME_ACCOUNTS = [
  { ...account, person: { userId, proof: 'email', at: MOMENT }, trustedUntil: MOMENT },
  { ...account, login: 'ada-at-work', person: { userId, proof: 'claim', at: MOMENT }, trustedUntil: MOMENT },
] as const;

/** Who is mentioned, and who says which GitHub account is theirs. */
export function peopleStates(): GalleryState[] {
  return [
    posted('failure-of-a-known-author', failureMessage({ ...aReport(), people: { author: userId, called: null } })),
    posted('failure-that-calls-people', failureMessage({ ...aReport(), people: { author: userId, called } })),
    ...(['claimed', 'unchanged', 'too-many', 'not-there', 'not-connected', 'not-a-person'] as const).map((kind) =>
      told(`account-${kind}`, claimReply({ kind, login })),
    ),
    ...(['email', 'claim'] as const).map((proof) =>
      told(`account-taken-by-${proof}`, claimReply({ kind: 'taken', login, by: { userId, proof } })),
    ),
    told('account-taken', claimReply({ kind: 'taken', login, by: null })),
    told('account-unlinked', unlinkedReply([account])),
    told('account-unlinked-none', unlinkedReply([])),
    told('account-freed', freedReply(login, [account])),
    told('account-freed-none', freedReply(login, [])),
  ];
}
