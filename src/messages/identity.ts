import type { KnownBlock } from '@slack/types';
import type { UserId } from '../domain/ids.ts';
import type { Message } from '../domain/message.ts';
import type { AccountLink, ClaimResult, NamedAccount, Proof } from '../domain/people.ts';
import { MOST_ACCOUNTS } from '../domain/people.ts';
import { ACTION } from './action-ids.ts';
import { actions, button, message, sentence } from './blocks.ts';
import { bold, bullets, mono, moment, paragraph, person, text } from './rich-text.ts';
import { oneLine } from './text.ts';

/** What came of a person's word that a GitHub account is theirs. */
export type ClaimOutcome =
  | { kind: Exclude<ClaimResult, 'taken'>; login: string }
  | { kind: 'taken'; login: string; by: { userId: UserId; proof: Proof } | null }
  | { kind: 'not-there' | 'not-connected' | 'not-a-person'; login: string };

/** The answer to who said which GitHub account is theirs. */
export function claimReply(outcome: ClaimOutcome): Message {
  const login = shown(outcome.login);
  switch (outcome.kind) {
    case 'claimed':
      return sentence(
        `Noted: ${login} on GitHub is you. Messages about failures that you cause mention you from now on. To take it back: /cortex whoami github none`,
      );
    case 'unchanged':
      return sentence(`I know already that ${login} on GitHub is you. Nothing changed.`);
    case 'too-many':
      return sentence(
        `You have ${MOST_ACCOUNTS} GitHub accounts here, which is as many as one person can have. To end all of these links: /cortex whoami github none`,
      );
    case 'not-there':
      return sentence(
        `GitHub knows no account called ${login}, or does not show it to me. Check the name on your profile page and try again.`,
      );
    case 'not-a-person':
      return sentence(`${login} on GitHub is an app or an organization, not a person. Nothing was changed.`);
    case 'not-connected':
      return sentence(
        'This workspace is not connected to GitHub yet, so I cannot look the account up. An admin connects it with /cortex connect.',
      );
    case 'taken':
      return takenReply(outcome);
    default:
      return outcome satisfies never;
  }
}

function takenReply({ login, by }: ClaimOutcome & { kind: 'taken' }): Message {
  const after = `If that is wrong, an admin can free it: /cortex whoami github free ${shown(login)}`;
  const lead = by?.proof === 'email' ? ' belongs to ' : ' was claimed by ';
  const ends = by?.proof === 'email' ? ', by an address that GitHub and Slack both confirmed. ' : ' already. ';
  if (by === null) return sentence(`${shown(login)} belongs to somebody else here. Nothing was changed. ${after}`);
  return message(`${shown(login)} belongs to somebody else here. Nothing was changed. ${after}`, [
    paragraph(mono(login, 50), text(lead), person(by.userId), text(`${ends}Nothing was changed. ${after}`)),
  ]);
}

/** The answer to who does not want to be mentioned for GitHub accounts any more. */
export function unlinkedReply(ended: readonly NamedAccount[]): Message {
  if (ended.length === 0) return sentence('No GitHub account was linked to you, so nothing changed.');
  return sentence(
    `Done: ${names(ended)} on GitHub does not lead to you any more, and I do not look for you by your address either. To be mentioned again: /cortex whoami github LOGIN`,
  );
}

/** The answer to the admin who freed an account. */
export function freedReply(login: string, freed: readonly NamedAccount[]): Message {
  return freed.length === 0
    ? sentence(`I know nothing about ${shown(login)} on GitHub, so there is nothing to free.`)
    : sentence(`Done: ${names(freed)} on GitHub leads to nobody here any more, and can be claimed.`);
}

const PROOF_WORDS: Record<Proof, string> = {
  email: 'found by an address that GitHub and Slack both confirmed, ',
  claim: 'by your own word, ',
};

/** The part of `whoami` about GitHub: whether, and why, messages mention the reader. */
export function accountBlocks(links: readonly AccountLink[]): KnownBlock[] {
  const own = links.flatMap(({ login, person: found }) => (found === null ? [] : [{ login, ...found }]));
  if (own.length === 0) {
    return [
      paragraph(
        bold('On GitHub'),
        text(' I do not know you, so messages about your failures do not mention you. To change that: '),
        mono('/cortex whoami github LOGIN', 60),
      ),
    ];
  }
  const items = own.map(({ login, proof, at }) => [mono(login, 50), text(`  ${PROOF_WORDS[proof]}`), moment(at)]);
  const confirm = {
    title: 'End the link?',
    question: 'Messages about failures that you cause do not mention you any more.',
    yes: 'End it',
  };
  return [
    bullets([bold('On GitHub you are')], items),
    ...actions(button('Remove', { actionId: ACTION.unlinkAccounts, value: ACTION.unlinkAccounts, confirm })),
  ];
}

function names(accounts: readonly NamedAccount[]): string {
  return accounts.map(({ login }) => shown(login)).join(', ');
}

function shown(login: string): string {
  return oneLine(login, 50);
}
