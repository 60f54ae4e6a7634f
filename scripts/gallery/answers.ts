import { RepositoryName, RunId, UserId } from '../../src/domain/ids.ts';
import { ANSWER_STAGES } from '../../src/domain/jobs.ts';
import {
  RULE_FILE_STATES,
  type RuleFile,
  type RuleFileProblem,
  type RuleFileState,
} from '../../src/domain/rule-files.ts';
import { EMPTY_FORM, formOf } from '../../src/domain/rules/fields.ts';
import { parseRule } from '../../src/domain/rules/parse.ts';
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
import {
  failedMessage,
  notInstalledMessage,
  refusedMessage,
  limitedMessage,
  summaryFailedMessage,
} from '../../src/messages/errors.ts';
import { feedbackReply } from '../../src/messages/feedback.ts';
import {
  cannotShowHereMessage,
  commandHelp,
  flagProblemMessage,
  helpMessage,
  unknownCommandMessage,
  unreadableTargetMessage,
  usageMessage,
} from '../../src/messages/help.ts';
import { lookingMessage, stageMessage, waitingMessage } from '../../src/messages/progress.ts';
import { reanalyzeModal, reanalyzeReply } from '../../src/messages/reanalysis.ts';
import {
  fileRulesMessage,
  followReply,
  goneFileMessage,
  unfollowReply,
  wrongFileMessage,
} from '../../src/messages/rule-file.ts';
import { ruleProblemMessage } from '../../src/messages/rules.ts';
import { ruleCheckModal, ruleModal } from '../../src/messages/rule-modal.ts';
import { subscriptionList } from '../../src/messages/subscription-list.ts';
import { changedReply, droppedReply, subscribeReply, unsubscribeReply } from '../../src/messages/subscription.ts';
import type { TeamObstacle } from '../../src/messages/target.ts';
import { COMMANDS } from '../../src/slack/commands/index.ts';
import { aReport, aRun } from '../../tests/support/report-builders.ts';
import { aRule } from '../../tests/support/rules.ts';
import { aSubscription } from './builders.ts';
import { type GalleryState, modal, posted, told } from './state.ts';

const web = RepositoryName.parse('acme/web');

/** What one person is told, after a command or a click. */
export function answerStates(): GalleryState[] {
  return [...help(), ...summaries(), ...subscriptions(), ...clicks()];
}

function help(): GalleryState[] {
  return [
    told('help', helpMessage(COMMANDS)),
    ...COMMANDS.map((command) => told(`help-${command.name}`, commandHelp(command))),
    ...COMMANDS.map((command) => told(`usage-of-${command.name}`, usageMessage(command, 'Tell me one repository.'))),
    told('unknown-command', unknownCommandMessage('subscrbe acme/web', 'subscribe acme/web')),
    told('unknown-command-like-none', unknownCommandMessage('please', null)),
    told(
      'target-on-another-host',
      unreadableTargetMessage({ kind: 'foreign-host', host: 'gitlab.example', expected: 'github.com' }),
    ),
    told(
      'target-another-page',
      unreadableTargetMessage({ kind: 'other-page', repository: web, word: 'https://github.com/acme/web/issues/7' }),
    ),
    told(
      'unknown-flag',
      flagProblemMessage('summarize', {
        words: ['acme/web', '--frehs'],
        at: '--frehs',
        meant: '--fresh',
        known: ['--fresh', '--here', '--model'],
      }),
    ),
    told('target-unreadable', unreadableTargetMessage({ kind: 'unreadable', word: 'acme web' })),
  ];
}

function summaries(): GalleryState[] {
  const runId = RunId.parse(17_234_567_890);
  const [latest, pull] = [
    { kind: 'latest', repository: web, branch: 'main' } as const,
    { kind: 'pull-request', repository: web, number: 77 } as const,
  ];
  const summary = summaryAnswer(aReport());
  return [
    told('looking-in-the-channel', lookingMessage({ kind: 'channel' })),
    told('looking-at-a-branch', lookingMessage(latest)),
    told('looking-at-a-pull-request', lookingMessage(pull)),
    told('looking-at-a-run', lookingMessage({ kind: 'run', repository: web, runId, attempt: null })),
    ...ANSWER_STAGES.map((stage) => told(`stage-${stage}`, stageMessage(stage))),
    told('summary', summary),
    posted('summary-for-all', postedAnswer(summary, UserId.parse('U0ADA'))),
    told('summary-was-posted', postedReply()),
    told('summary-could-not-be-posted', cannotPostAnswer(summary)),
    told('no-failing-run', noFailingRunAnswer(latest)),
    told('no-failing-run-of-a-pull-request', noFailingRunAnswer(pull)),
    told('not-found', notFoundAnswer(pull)),
    told('nothing-subscribed', nothingSubscribedAnswer()),
    told('no-failure-here', noFailureHereAnswer('main')),
    told('model-without-a-key', modelNotHereMessage({ provider: 'gpt', missing: 'OPENAI_API_KEY' })),
    told('model-not-asked-here', modelNotHereMessage({ provider: 'gpt', missing: null })),
    told('not-visible', notVisibleAnswer(web)),
    told('run-not-failing', notFailingAnswer(aRun({ conclusion: 'success' }))),
    told('summary-failed', summaryFailedMessage('b1f6c2d4')),
    told('github-limits-us', limitedMessage(45 * 60_000)),
    told('waiting-for-github', waitingMessage(4 * 60_000)),
    told('failed', failedMessage('b1f6c2d4', { retryable: false })),
    told('failed-for-now', failedMessage('b1f6c2d4', { retryable: true })),
  ];
}

function subscriptions(): GalleryState[] {
  const rule = aRule('acme/web on:failure branch:main,release/* -actor:*[bot]');
  const seen = { days: 7, seen: 9, isCut: false, matched: 3, undecided: 1, held: 0, examples: [aRun(), aRun()] };
  const preview = { ...seen, states: ['failed'] as const };
  const always = { ...seen, states: ['failed', 'ended', 'waiting'] as const };
  const many = Array.from({ length: 40 }, (_, index) => aSubscription(`acme/service-${index} branch:default`));
  const some = [
    aSubscription('acme/web'),
    aSubscription('acme/* on:failure verdict:new'),
    aSubscription('acme/api', 'is_archived'),
    { ...aSubscription('team:acme/platform'), group: GROUP },
    { ...aSubscription('topic:payments'), group: { ...GROUP, problem: null } },
    { ...aSubscription('topic:just-typed'), group: null },
  ];
  const wrong = parseRule('acme/web brnch:main');
  const unsaved = { kind: 'unsaved', rule, never: null, preview } as const;
  const aboutTopic = { kind: 'subscribed', rule: aRule('topic:payments'), never: null, preview } as const;
  return [
    told('subscribed', subscribeReply({ kind: 'subscribed', rule, never: null, preview })),
    told(
      'subscribed-to-nothing',
      subscribeReply({ kind: 'subscribed', rule, never: { kind: 'excluded', key: 'branch' }, preview }),
    ),
    told(
      'subscribed-to-every-run',
      subscribeReply({ kind: 'subscribed', rule: aRule('acme/web on:always'), never: null, preview: always }),
    ),
    told(
      'subscribed-with-a-quiet-time',
      subscribeReply({
        kind: 'subscribed',
        rule: aRule('acme/web quiet:22:00-07:00@Europe/Berlin'),
        never: null,
        preview: { ...preview, held: 2 },
      }),
    ),
    told(
      'subscribed-to-a-topic',
      subscribeReply({ ...aboutTopic, group: { repositories: 3, isCut: false, meant: null } }),
    ),
    told(
      'subscribed-to-a-topic-of-nothing',
      subscribeReply({ ...aboutTopic, group: { repositories: 0, isCut: false, meant: 'payment' } }),
    ),
    ...TEAM_OBSTACLES.map((obstacle) => told(`subscribe-${obstacle.kind}`, subscribeReply(obstacle))),
    told('already-subscribed', subscribeReply({ kind: 'already-subscribed', rule })),
    ...(wrong.kind === 'problem'
      ? [told('rule-unreadable', ruleProblemMessage('acme/web brnch:main', wrong.problem))]
      : []),
    told('subscribe-not-visible', subscribeReply({ kind: 'not-visible', repository: web })),
    ...OBSTACLES.map((kind) => told(`subscribe-${kind}`, subscribeReply({ kind }))),
    ...OBSTACLES.map((kind) => told(`show-here-${kind}`, cannotShowHereMessage(kind))),
    told('rule-changed', changedReply({ kind: 'changed', before: 'acme/web', rule, never: null, preview })),
    told('subscribe-unsaved', subscribeReply(unsaved)),
    told('subscribe-dropped', droppedReply()),
    modal('window-rule', ruleModal({ title: 'Edit a rule', form: formOf(rule), metadata: '{}' })),
    modal('window-rule-new', ruleModal({ title: 'Add a rule', form: EMPTY_FORM, metadata: '{}' })),
    modal('window-rule-check', ruleCheckModal(unsaved, '{}')),
    told('unsubscribed', unsubscribeReply({ kind: 'unsubscribed', rule, removed: [rule], about: [aRule('acme/*')] })),
    told('not-subscribed', unsubscribeReply({ kind: 'not-subscribed', rule, about: [] })),
    told('subscriptions-none', subscriptionList([], { mayEdit: true })),
    told('subscriptions', subscriptionList(some, { mayEdit: true })),
    told('subscriptions-read-only', subscriptionList(some, { mayEdit: false })),
    told('subscriptions-from-files', subscriptionList(some.slice(0, 1), { mayEdit: true, files: FILES })),
    ...FILES.map((file) => told(`followed-${file.state}`, followReply({ kind: 'following', isNew: true, file }))),
    told('rules-from-a-file', fileRulesMessage(web, 'https://github.com/acme/web/blob/HEAD/.github/cortex.yml')),
    told('unfollowed', unfollowReply(web, 2)),
    told('unfollowed-before', unfollowReply(web, null)),
    posted('file-wrong', wrongFileMessage({ ...aRuleFile('wrong'), problem: FILE_PROBLEM })),
    posted('file-gone', goneFileMessage(aRuleFile('missing'))),
    told('subscriptions-many', subscriptionList(many, { mayEdit: true })),
  ];
}

const OBSTACLES = ['not-a-channel', 'not-invited', 'archived', 'shared'] as const;

const FILE_PROBLEM: RuleFileProblem = {
  kind: 'rule',
  problem: { kind: 'unknown-key', word: 'brnch', meant: 'branch', at: { start: 9, end: 14 } },
  line: 5,
  column: 9,
  source: '      - brnch:main',
  at: { start: 8, end: 13 },
};

function aRuleFile(state: RuleFileState): RuleFile {
  const { id, channelId, createdBy, createdAt } = aSubscription('acme/web');
  const rules =
    state === 'applied' || state === 'wrong' ? [aRule('acme/web branch:main'), aRule('acme/web on:flaky')] : [];
  const problem = state === 'wrong' ? FILE_PROBLEM : null;
  return {
    id,
    channelId,
    createdBy,
    createdAt,
    repository: web,
    pausedReason: null,
    state,
    version: 'v1',
    rules,
    problem,
  };
}

const FILES = RULE_FILE_STATES.map(aRuleFile);

const GROUP = {
  repositories: [web, RepositoryName.parse('acme/api')],
  isCut: false,
  toldAt: new Date('2026-11-27T09:00:00Z'),
  problem: 'hidden',
} as const;

const TEAM_OBSTACLES: TeamObstacle[] = [
  { kind: 'unknown-team', team: 'platfrm', organizations: ['acme'], meant: 'acme/platform' },
  { kind: 'teams-hidden', team: 'platform', organizations: ['acme'] },
  { kind: 'which-organization', team: 'core', organizations: ['acme', 'umbrella'] },
  { kind: 'no-organization', team: 'platform' },
];

function looks(): GalleryState[] {
  const [small, large] = ['claude-haiku-5-5', 'claude-sonnet-5-5'].map(
    (model) => ({ provider: 'claude', model }) as const,
  );
  return [
    ...(small && large
      ? [
          modal('window-look-again', reanalyzeModal({ same: small, larger: large }, '{}')),
          modal('window-look-again-after-the-rules', reanalyzeModal({ same: 'offline', larger: large }, '{}')),
        ]
      : []),
    modal('window-look-again-without-a-model', reanalyzeModal({ same: 'offline', larger: null }, '{}')),
    told('reanalyze-queued', reanalyzeReply({ kind: 'queued' })),
    told('reanalyze-already-queued', reanalyzeReply({ kind: 'already-queued', hasNote: false })),
    told('reanalyze-already-queued-with-a-note', reanalyzeReply({ kind: 'already-queued', hasNote: true })),
    told('reanalyze-unknown-summary', reanalyzeReply({ kind: 'unknown-summary' })),
  ];
}

function clicks(): GalleryState[] {
  return [
    told('refused-viewer', refusedMessage('member')),
    told('refused-member', refusedMessage('admin')),
    told('not-installed', notInstalledMessage()),
    ...looks(),
    told('feedback-up', feedbackReply({ kind: 'noted', opinion: 'up' })),
    told('feedback-down', feedbackReply({ kind: 'noted', opinion: 'down' })),
    told('feedback-reason', feedbackReply({ kind: 'reason-noted' })),
    told('feedback-gone', feedbackReply({ kind: 'gone' })),
  ];
}
