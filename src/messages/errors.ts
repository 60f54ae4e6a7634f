import type { MemberRole } from '../domain/member.ts';
import type { Message } from '../domain/message.ts';
import { sentence } from './blocks.ts';
import { duration } from './text.ts';

/** What a person reads when something of ours broke: what, whether anything was lost, what to do, and the mark for support. */
export function failedMessage(errorId: string, { retryable }: { retryable: boolean }): Message {
  return sentence(failedWords(errorId, { retryable }));
}

export function failedWords(errorId: string, { retryable }: { retryable: boolean }): string {
  return retryable
    ? `That did not work: something I depend on did not answer. Nothing was lost. Please try again in a minute; if it stays like this, tell your administrator the error id ${errorId}.`
    : `That did not work: something went wrong on my side. Nothing was lost. Trying again will probably not help; please tell your administrator the error id ${errorId}.`;
}

/** What a person reads when a summary that was asked for could not be made. */
export function summaryFailedMessage(errorId: string): Message {
  return sentence(
    `I could not finish this summary. The run and its log are untouched, and failures in subscribed channels are still reported. Please ask again in a few minutes; if it stays like this, tell your administrator the error id ${errorId}.`,
  );
}

/** GitHub answers nothing for so long that nobody waits for it. */
export function limitedMessage(waitMs: number): Message {
  return sentence(
    `GitHub limits my requests for another ${duration(waitMs)}, so I could not look at this. Failures in subscribed channels are reported once it is over. Please ask again then.`,
  );
}

const ROLE_WORDS: Record<Exclude<MemberRole, 'none'>, string> = {
  admin: 'workspace owners and admins',
  member: 'full members of this workspace',
  viewer: 'people of this workspace, guests included',
};

/** Said privately to a person whose role does not suffice. */
export function refusedMessage(needs: Exclude<MemberRole, 'none'>): Message {
  return sentence(refusedWords(needs));
}

export function refusedWords(needs: Exclude<MemberRole, 'none'>): string {
  return `Nothing was done: this is for ${ROLE_WORDS[needs]}. Ask one of them, or a workspace admin.`;
}

/** Said when a request comes from a workspace in which the app is not installed any more. */
export function notInstalledMessage(): Message {
  return sentence(
    'I am not installed in this workspace any more, so I did nothing. Ask a workspace admin to install the app again.',
  );
}
