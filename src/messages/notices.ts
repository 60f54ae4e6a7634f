import type { KnownBlock } from '@slack/types';
import type { Message } from '../domain/message.ts';
import type { AdminNotice } from '../domain/notice.ts';
import { header, message, note, section } from './blocks.ts';
import { channel, mono, paragraph, person, text } from './rich-text.ts';
import { pauseWords } from './words.ts';

type BudgetNotice = Extract<AdminNotice, { kind: 'budget-warning' | 'budget-exhausted' }>;
type RefusalNotice = Extract<AdminNotice, { kind: 'model-refused' }>;

const PROVIDER_WORDS: Record<RefusalNotice['provider'], string> = { claude: 'Claude', gpt: 'GPT', ollama: 'Ollama' };

/** Ollama is somebody's own server, and takes no money. */
const REFUSAL_WORDS: Record<RefusalNotice['provider'], { why: string; check: string }> = {
  claude: {
    why: 'the key is not accepted, or its account has no money left',
    check: "the key and the account's limits",
  },
  gpt: { why: 'the key is not accepted, or its account has no money left', check: "the key and the account's limits" },
  ollama: { why: 'its server does not accept our key', check: "the key and the server's own settings" },
};

/** What an admin is told in a direct message. */
export function noticeMessage(notice: AdminNotice): Message {
  const { title, words, often } = wordsOf(notice);
  return message(words.join(' '), [
    header(title),
    ...subjectOf(notice),
    ...words.map((each) => section(each)),
    note(`Said once${often === null ? '' : ` a ${often}`}, to the owners and admins of this workspace.`),
  ]);
}

/** What a notice is about, where Slack shows it better than words do. */
function subjectOf(notice: AdminNotice): KnownBlock[] {
  if (notice.kind === 'channel-paused') return [paragraph(text('The channel is '), channel(notice.channelId))];
  if (notice.kind !== 'github-connected') return [];
  return [paragraph(person(notice.by), text(' has connected '), mono(notice.account, 100), text(' on GitHub.'))];
}

interface NoticeWords {
  title: string;
  /** Paragraphs: what happened, what follows, what to do. */
  words: string[];
  /** Null where it is said each time. */
  often: 'month' | 'day' | null;
}

function wordsOf(notice: AdminNotice): NoticeWords {
  switch (notice.kind) {
    case 'budget-warning':
      return {
        title: `${percentSpent(notice)} of the model budget is spent`,
        words: [
          `${percentSpent(notice)} of the model budget for ${monthWords(notice.month)} is spent: ${amounts(notice)}.`,
          `At 100 % analyses go on offline, without a model, until ${nextMonthWords(notice.month)}. No failure is lost.`,
          '/cortex usage shows what was spent on what. Raise the budget if that is too early, or do nothing.',
        ],
        often: 'month',
      };
    case 'budget-exhausted':
      return {
        title: 'The model budget is spent',
        words: [
          `The model budget for ${monthWords(notice.month)} is spent: ${amounts(notice)}.`,
          `Until ${nextMonthWords(notice.month)} failures are analysed offline, without a model. No failure is lost, and every message says who wrote it.`,
          '/cortex usage shows what was spent on what. With a higher budget, models answer again at once.',
        ],
        often: 'month',
      };
    case 'model-refused':
      return refusalWords(notice);
    case 'channel-paused':
      return {
        title: 'A channel hears nothing any more',
        words: [
          `A channel hears nothing about failures any more: ${pauseWords(notice.reason)}.`,
          'Until then nothing is posted there, and nothing is tried again. What is open stands in my Home, and /cortex status shows it.',
        ],
        often: null,
      };
    case 'github-connected':
      return {
        title: 'A GitHub account is connected',
        words: [
          'From now on channels of this workspace can hear of its repositories.',
          'For a channel to hear of them, type /cortex subscribe there. If this was not meant: /cortex connect lists what is connected, and ends it.',
        ],
        often: null,
      };
    case 'answers-not-permitted':
      return answersWords(notice);
    case 'answers-taken':
      return {
        title: 'Somebody else answers on GitHub',
        words: [
          `Another Slack workspace has failures of ${notice.repository} stand on GitHub already, and was first: a repository has one voice there.`,
          'Failures are told in Slack as before. As soon as nobody else answers there, I do.',
          'Nothing has to be done; take the repository out of "Edit answers" in /cortex settings where that is not wanted.',
        ],
        often: 'month',
      };
    default:
      return notice satisfies never;
  }
}

function answersWords({ repository, form }: Extract<AdminNotice, { kind: 'answers-not-permitted' }>): NoticeWords {
  const what = form === 'check' ? 'check runs' : 'comments on pull requests';
  const permission = form === 'check' ? 'Checks: write' : 'Pull requests: write';
  return {
    title: 'I may not answer on GitHub',
    words: [
      `GitHub does not let me write ${what} in ${repository}: the GitHub App lacks the permission "${permission}".`,
      'Failures are told in Slack as before. Nothing stands on GitHub about them.',
      `Ask whoever manages GitHub to grant it, or take the repository out of "Edit answers" in /cortex settings.`,
    ],
    often: 'day',
  };
}

function refusalWords({ provider, insteadOfIt }: RefusalNotice): NoticeWords {
  const name = PROVIDER_WORDS[provider];
  const { why, check } = REFUSAL_WORDS[provider];
  const next = insteadOfIt === 'offline' ? 'offline, without a model' : `with ${PROVIDER_WORDS[insteadOfIt]}`;
  return {
    title: `${name} refuses our requests`,
    words: [
      `${name} refuses our requests: ${why}.`,
      `Analyses go on ${next}. Nothing is lost.`,
      `To have ${name} back, whoever runs this app has to check ${check}.`,
    ],
    often: 'day',
  };
}

/** Rounded down, so that 100 % is never said too early. */
function percentSpent({ spentMicroUsd, budgetMicroUsd }: BudgetNotice): string {
  return `${budgetMicroUsd === 0 ? 100 : Math.floor((spentMicroUsd / budgetMicroUsd) * 100)} %`;
}

function amounts({ spentMicroUsd, budgetMicroUsd }: BudgetNotice): string {
  return `${dollars(spentMicroUsd)} of ${dollars(budgetMicroUsd)}`;
}

function dollars(microUsd: number): string {
  return (microUsd / 1_000_000).toLocaleString('en-US', { style: 'currency', currency: 'USD' });
}

function monthWords(month: string): string {
  return firstOf(month).toLocaleString('en-US', { month: 'long', year: 'numeric', timeZone: 'UTC' });
}

/** The day on which the next budget begins. */
function nextMonthWords(month: string): string {
  const first = firstOf(month);
  first.setUTCMonth(first.getUTCMonth() + 1);
  return `${first.toLocaleString('en-US', { month: 'long', day: 'numeric', timeZone: 'UTC' })} (UTC)`;
}

function firstOf(month: string): Date {
  return new Date(`${month}-01T00:00:00Z`);
}
