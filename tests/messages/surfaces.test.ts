import { describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { RepositoryName, RunId, SubscriptionId, UserId, ChannelId } from '../../src/domain/ids.ts';
import type { Message } from '../../src/domain/message.ts';
import {
  cannotPostAnswer,
  modelNotHereMessage,
  noFailingRunAnswer,
  noFailureHereAnswer,
  notFailingAnswer,
  notFoundAnswer,
  nothingSubscribedAnswer,
  notVisibleAnswer,
  postedAnswer,
  postedReply,
  summaryAnswer,
} from '../../src/messages/answer.ts';
import { message } from '../../src/messages/blocks.ts';
import { plainForm } from '../../src/messages/forms.ts';
import { noAnalysisReply } from '../../src/messages/full-analysis.ts';
import { failedMessage, refusedMessage, summaryFailedMessage } from '../../src/messages/errors.ts';
import {
  cannotShowHereMessage,
  commandHelp,
  flagProblemMessage,
  helpMessage,
  unknownCommandMessage,
  unreadableTargetMessage,
  usageMessage,
} from '../../src/messages/help.ts';
import { homeTab, refusedHome } from '../../src/messages/home.ts';
import { lookingMessage, stageMessage } from '../../src/messages/progress.ts';
import { reanalyzeReply } from '../../src/messages/reanalysis.ts';
import { subscriptionList } from '../../src/messages/subscription-list.ts';
import { type RulePreview, subscribeReply, unsubscribeReply } from '../../src/messages/subscription.ts';
import {
  clean,
  clip,
  count,
  duration,
  elapsed,
  escape,
  oneLine,
  unescape,
  webAddress,
} from '../../src/messages/text.ts';
import { faultsIn, HOSTILE, readable } from '../support/hostile.ts';
import { aDiagnosis, aReport, aRun, minutesLater, MOMENT } from '../support/report-builders.ts';
import { aRule } from '../support/rules.ts';

const web = RepositoryName.parse('acme/web');
const COMMAND = {
  name: 'summarize',
  usage: 'summarize owner/repo',
  summary: 'explains',
  examples: ['summarize acme/web'],
};

function aSubscription(line: string, pausedReason: string | null = null) {
  return {
    id: SubscriptionId.parse(randomUUID()),
    channelId: ChannelId.parse('C0PAYMENTS'),
    rule: aRule(line),
    createdBy: UserId.parse('U0ADA'),
    createdAt: MOMENT,
    pausedReason,
  };
}

describe('the text rules', () => {
  test('cutting never splits a code point, and marks the cut', () => {
    expect(clip('abcdef', 4)).toBe('abc…');
    expect(clip('ab😀cd', 4)).toBe('ab…');
    expect(clip('abcd', 4)).toBe('abcd');
  });

  test('cleaning removes what hides or reorders text and keeps letters of every script', () => {
    expect(clean('a\u202Eb\u200Bc\u0000d\u001B[31m')).toBe('abcd[31m');
    expect(clean('שלום\r\nx\ty')).toBe('שלום\nx  y');
    expect(oneLine(' \n ', 5)).toBe('-');
  });

  test('escaping comes last and can be undone', () => {
    expect(escape('<&amp;>')).toBe('&lt;&amp;amp;&gt;');
    for (const text of HOSTILE) expect(unescape(escape(text))).toBe(text);
  });

  test.each([
    ['https://github.com/acme/web', 'https://github.com/acme/web'],
    ['https://github.com/a?b=<c>|d', 'https://github.com/a?b=%3Cc%3E%7Cd'],
    ['javascript:alert(1)', null],
    ['https://user:word@github.com/', null],
    ['not an address', null],
    [`https://github.com/${'x'.repeat(3_000)}`, null],
  ])('takes %s as the address %s', (text, address) => {
    expect(webAddress(text)).toBe(address);
  });

  test('times and counts read as a person would say them', () => {
    expect(duration(42 * 60_000)).toBe('42 minutes');
    expect(duration(60_000)).toBe('1 minute');
    expect(duration(30_000)).toBe('less than a minute');
    expect(duration(5 * 3_600_000)).toBe('5 hours');
    expect(duration(72 * 3_600_000)).toBe('3 days');
    expect(duration(-5)).toBe('less than a minute');
    expect(elapsed(812)).toBe('812 ms');
    expect(count(1_200, 'line')).toBe('1,200 lines');
  });

  test('the plain form of a message holds its fallback in one block that nothing formats', () => {
    const { blocks } = plainForm(message('a <b> & *c*', []));
    expect(blocks).toEqual([{ type: 'section', text: { type: 'plain_text', text: 'a <b> & *c*', emoji: false } }]);
  });
});

const NO_RUNS: RulePreview = {
  days: 7,
  seen: 0,
  states: ['failed'],
  isCut: false,
  matched: 0,
  undecided: 0,
  held: 0,
  examples: [],
};

const EVERY_SENTENCE: Record<string, Message> = {
  subscribed: subscribeReply({ kind: 'subscribed', rule: aRule('acme/web'), never: null, preview: NO_RUNS }),
  'already subscribed': subscribeReply({ kind: 'already-subscribed', rule: aRule('acme/web') }),
  'not visible': subscribeReply({ kind: 'not-visible', repository: web }),
  'not a channel': subscribeReply({ kind: 'not-a-channel' }),
  'not invited': subscribeReply({ kind: 'not-invited' }),
  archived: subscribeReply({ kind: 'archived' }),
  shared: subscribeReply({ kind: 'shared' }),
  unsubscribed: unsubscribeReply({
    kind: 'unsubscribed',
    rule: aRule('acme/web'),
    removed: [aRule('acme/web')],
    about: [],
  }),
  'not subscribed': unsubscribeReply({ kind: 'not-subscribed', rule: aRule('acme/web'), about: [] }),
  'no failing run': noFailingRunAnswer({ kind: 'latest', repository: web }),
  'no failing run on a branch': noFailingRunAnswer({ kind: 'latest', repository: web, branch: 'main' }),
  'no failing run of a pull request': noFailingRunAnswer({ kind: 'pull-request', repository: web, number: 7 }),
  'no such run': notFoundAnswer({ kind: 'run', repository: web, runId: RunId.parse(7), attempt: null }),
  'no such pull request': notFoundAnswer({ kind: 'pull-request', repository: web, number: 7 }),
  'nothing subscribed': nothingSubscribedAnswer(),
  'no failure here': noFailureHereAnswer(),
  'no failure here on a branch': noFailureHereAnswer('main'),
  'the answer was posted': postedReply(),
  'the answer could not be posted': cannotPostAnswer(nothingSubscribedAnswer()),
  'a model without a key': modelNotHereMessage({ provider: 'gpt', missing: 'OPENAI_API_KEY' }),
  'a model that is not asked here': modelNotHereMessage({ provider: 'gpt', missing: null }),
  'an unknown flag': flagProblemMessage('summarize', {
    words: ['acme/web', '--frehs'],
    at: '--frehs',
    meant: '--fresh',
    known: ['--fresh', '--here', '--model'],
  }),
  'nothing behind a flag': flagProblemMessage('summarize', {
    words: ['--model'],
    at: '--model',
    meant: null,
    known: ['small', 'large'],
  }),
  'not to be shown in a conversation': cannotShowHereMessage('not-a-channel'),
  'not to be shown where I am not': cannotShowHereMessage('not-invited'),
  'not to be shown in an archive': cannotShowHereMessage('archived'),
  'not to be shown to others': cannotShowHereMessage('shared'),
  'looking in the channel': lookingMessage({ kind: 'channel' }),
  'looking at a pull request': lookingMessage({ kind: 'pull-request', repository: web, number: 7 }),
  'looking at a branch': lookingMessage({ kind: 'latest', repository: web, branch: 'main' }),
  'matching history': stageMessage('matching'),
  'asking the model': stageMessage('asking'),
  'repository not visible': notVisibleAnswer(web),
  'summary failed': summaryFailedMessage('k3x9Qa1b'),
  'failed for now': failedMessage('k3x9Qa1b', { retryable: true }),
  'failed for good': failedMessage('k3x9Qa1b', { retryable: false }),
  'role does not suffice': refusedMessage('member'),
  'looking at the latest': lookingMessage({ kind: 'latest', repository: web }),
  'looking at a run': lookingMessage({ kind: 'run', repository: web, runId: RunId.parse(7), attempt: null }),
  'looking again': reanalyzeReply({ kind: 'queued' }),
  'looking already': reanalyzeReply({ kind: 'already-queued', hasNote: true }),
  'no analysis to open': noAnalysisReply(),
  'nothing to look at': reanalyzeReply({ kind: 'unknown-summary' }),
  'a slip of the finger': unknownCommandMessage('sumarize', 'summarize acme/web'),
  'no idea': unknownCommandMessage('frobnicate', null),
  'foreign host': unreadableTargetMessage({ kind: 'foreign-host', host: 'gitlab.com', expected: 'github.com' }),
  'another page': unreadableTargetMessage({
    kind: 'other-page',
    repository: 'acme/web',
    word: 'https://github.com/acme/web/commit/c0ffee1',
  }),
  unreadable: unreadableTargetMessage({ kind: 'unreadable', word: 'acme' }),
};

describe('what we say', () => {
  test.each(Object.entries(EVERY_SENTENCE))('when: %s', (_when, said) => {
    expect(faultsIn(said)).toEqual([]);
    expect(readable(said)).toMatchSnapshot();
  });

  test('an error says what happened, that nothing was lost, what to do, and its id', () => {
    const text = readable(failedMessage('k3x9Qa1b', { retryable: true }));
    expect(text).toMatch(/did not answer.*Nothing was lost.*try again.*k3x9Qa1b/su);
  });

  test('help lists every command, and one command with its examples', () => {
    expect(readable(helpMessage([COMMAND]))).toContain('/cortex summarize owner/repo');
    expect(readable(commandHelp(COMMAND))).toContain('/cortex summarize acme/web');
    expect(readable(usageMessage(COMMAND, 'Tell me one repository.'))).toMatch(/^Tell me one repository\./u);
  });

  test('a list of subscriptions says which are paused, and why, in words', () => {
    const text = readable(
      subscriptionList([aSubscription('acme/web'), aSubscription('acme/api', 'is_archived')], { mayEdit: true }),
    );
    expect(text).toContain('acme/api since');
    expect(text).toContain('paused: the channel is archived');
    const many = subscriptionList(
      Array.from({ length: 500 }, (_, index) =>
        aSubscription(`acme/repo-${index} workflow:"${'w'.repeat(190)} " job:${'j'.repeat(190)}`),
      ),
      { mayEdit: true },
    );
    expect(faultsIn(many)).toEqual([]);
    expect(readable(many)).toContain('and 450 more');
    expect(readable(many)).toMatch(/^15\. acme\/repo-14/mu);
    expect(readable(subscriptionList([], { mayEdit: true }))).toContain('/cortex subscribe owner/repo');
  });

  test('a run that did not fail is described, not explained', () => {
    expect(readable(notFailingAnswer(aRun({ conclusion: 'success' })))).toContain('the last one passed');
    expect(readable(notFailingAnswer(aRun({ conclusion: 'action_required' })))).toContain('waits for an approval');
    expect(readable(notFailingAnswer(aRun({ status: 'in_progress', conclusion: null })))).toContain('is not done yet');
  });

  test('outside words in our sentences stay words', () => {
    for (const text of HOSTILE) {
      expect(faultsIn(unknownCommandMessage(text, null))).toEqual([]);
      expect(faultsIn(unreadableTargetMessage({ kind: 'unreadable', word: text }))).toEqual([]);
      expect(faultsIn(subscriptionList([aSubscription('acme/web', text)], { mayEdit: true }))).toEqual([]);
      const words = ['acme/web', text];
      expect(faultsIn(flagProblemMessage('summarize', { words, at: text, meant: null, known: [] }))).toEqual([]);
      expect(faultsIn(noFailureHereAnswer(text))).toEqual([]);
      const report = aReport({ diagnosis: aDiagnosis({ headline: text, cause: text }) });
      expect(faultsIn(postedAnswer(summaryAnswer(report), UserId.parse('U0ADA')))).toEqual([]);
      expect(faultsIn(notFailingAnswer(aRun({ title: text, branch: text, workflow: text, actor: text })))).toEqual([]);
    }
  });
});

describe('the App Home', () => {
  const status = (name: string, changes = {}) => ({
    repository: RepositoryName.parse(name),
    latest: aRun({ repository: RepositoryName.parse(name), conclusion: 'success', ...changes }),
    openFailures: 0,
  });
  const now = minutesLater(10);

  test('tells a newcomer what to do first', () => {
    const home = homeTab({ statuses: [], recent: [], page: 0, now });
    expect(readable(home)).toContain('/cortex subscribe owner/repo');
    expect(faultsIn(home, 100)).toEqual([]);
  });

  test('shows how each repository stands and what failed lately', () => {
    const report = aReport();
    const home = homeTab({
      statuses: [status('acme/web'), { ...status('acme/api'), openFailures: 2 }],
      recent: [report],
      page: 0,
      now,
    });
    const text = readable(home);
    expect(text).toContain('🟢 acme/web\nCI #812 on main passed 10 minutes ago');
    expect(text).toContain('🔴 acme/api');
    expect(text).toContain('2 open failures');
    expect(text).toContain('price › rounds half to even');
    expect(text).not.toContain('Page ');
  });

  test('says since when a failure is over, and by what, not when it was explained', () => {
    const { failure, ...rest } = aReport();
    const kinds = ['fixed', 'passed-on-rerun'] as const;
    const texts = kinds.map((kind) => {
      const resolution = {
        ...failure.last,
        kind,
        title: 'A fix',
        actor: 'lee',
        url: rest.run.url,
        at: minutesLater(7),
      };
      const over = { ...rest, failure: { ...failure, status: 'resolved' as const, resolution } };
      return readable(homeTab({ statuses: [], recent: [over], page: 0, now }));
    });
    expect(texts[0]).toContain('fixed 3 minutes ago');
    expect(texts[1]).toContain('passed on re-run 3 minutes ago');
    expect(readable(homeTab({ statuses: [], recent: [{ ...rest, failure }], page: 0, now }))).toMatch(/, last .* ago/u);
  });

  test('pages through what does not fit into 100 blocks', () => {
    const statuses = Array.from({ length: 100 }, (_, index) =>
      status(`acme/repo-${index}`, { runId: RunId.parse(index + 1) }),
    );
    const recent = Array.from({ length: 60 }, () => aReport());
    const texts = [0, 1, 2, 3, 99].map((page) => {
      const home = homeTab({ statuses, recent, page, now });
      expect(faultsIn(home, 100)).toEqual([]);
      return readable(home);
    });
    expect(texts[0]).toContain('acme/repo-0\n');
    expect(texts[0]).toContain('Older');
    expect(texts[0]).not.toContain('Newer');
    expect(texts[1]).toContain('acme/repo-25\n');
    expect(texts[1]).toContain('Page 2 of 4');
    expect(texts[3]).not.toContain('Older');
    expect(texts[4]).toBe(texts[3]);
  });

  test('keeps its limits whatever the outside text is', () => {
    for (const text of HOSTILE) {
      const run = aRun({ title: text, branch: text, workflow: text, url: text });
      const recent = Array.from({ length: 15 }, () =>
        aReport({ run, diagnosis: aDiagnosis({ headline: text, cause: text }) }),
      );
      const statuses = [{ ...status('acme/web', { branch: text, workflow: text, url: text }) }];
      expect(faultsIn(homeTab({ statuses, recent, page: 0, now }), 100)).toEqual([]);
    }
  });

  test('shows nothing of a workspace to a person without a role', () => {
    expect(readable(refusedHome())).toContain('Ask a workspace admin');
  });
});
