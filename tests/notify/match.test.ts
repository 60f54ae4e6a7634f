import { describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Finding } from '../../src/domain/diagnosis.ts';
import { ChannelId, RepositoryName, SubscriptionId, UserId } from '../../src/domain/ids.ts';
import { fitsGlob } from '../../src/domain/rules/glob.ts';
import type { Run } from '../../src/domain/run.ts';
import type { Subscription } from '../../src/domain/subscription.ts';
import {
  hearsOfRecovery,
  listeningChannels,
  type Match,
  matchChannels,
  matchRule,
  mayMatch,
} from '../../src/notify/match.ts';
import { aRun, MOMENT } from '../support/report-builders.ts';
import { aRule, withMembers } from '../support/rules.ts';

const NEW: Finding = { verdict: 'new', jobs: ['test (ubuntu, 20)', 'lint'] };
const FLAKY: Finding = { ...NEW, verdict: 'flaky' };

const TRAITS = { traits: { labels: ['Bug', 'needs review'], paths: ['src/price/round.ts', 'docs/prices.md'] } };
const UNLABELLED = { traits: { labels: [], paths: [] } };
const WAITING = { status: 'waiting', conclusion: 'action_required' } as const;

/** The rule, what the run is, what was found in it, and whether it fits. */
const MATCHES: ReadonlyArray<readonly [string, Partial<Run>, Finding | null, Match]> = [
  ['acme/web', {}, NEW, 'yes'],
  ['acme/web', {}, null, 'yes'],
  ['acme/web', {}, FLAKY, 'yes'],
  ['acme/web', { repository: RepositoryName.parse('acme/web2') }, NEW, 'no'],
  ['acme/*', {}, NEW, 'yes'],
  ['acme/*', { repository: RepositoryName.parse('acme2/web') }, NEW, 'no'],
  ['acme/web', { conclusion: 'timed_out' }, NEW, 'yes'],
  ['acme/web', { conclusion: 'startup_failure' }, NEW, 'yes'],
  ['acme/web on:failure', { conclusion: 'timed_out' }, NEW, 'no'],
  ['acme/web on:timed_out', { conclusion: 'timed_out' }, NEW, 'yes'],
  ['acme/web on:recovered', {}, NEW, 'no'],
  ['acme/web on:flaky', {}, NEW, 'no'],
  ['acme/web on:flaky', {}, FLAKY, 'yes'],
  ['acme/web on:flaky', {}, null, 'depends'],
  ['acme/web on:flaky branch:other', {}, null, 'no'],
  ['acme/web', { conclusion: 'success' }, null, 'no'],
  ['acme/web', WAITING, null, 'no'],
  ['acme/web on:action_required', WAITING, null, 'yes'],
  ['acme/web on:action_required', {}, NEW, 'no'],
  ['acme/web on:action_required', { conclusion: 'success' }, null, 'no'],
  ['acme/web on:action_required branch:other', WAITING, null, 'no'],
  ['acme/web on:always', {}, NEW, 'yes'],
  ['acme/web on:always', {}, null, 'yes'],
  ['acme/web on:always', { conclusion: 'success' }, null, 'yes'],
  ['acme/web on:always', { conclusion: 'cancelled' }, null, 'yes'],
  ['acme/web on:always', WAITING, null, 'yes'],
  ['acme/web on:always', { status: 'in_progress', conclusion: null }, null, 'no'],
  ['acme/web on:always workflow:deploy', { conclusion: 'success' }, null, 'no'],
  ['acme/web on:always verdict:new', { conclusion: 'success' }, null, 'no'],
  ['acme/web on:always -verdict:flaky', { conclusion: 'success' }, null, 'yes'],
  ['acme/web on:always job:lint', { conclusion: 'success' }, null, 'no'],
  ['acme/web on:always -job:lint', { conclusion: 'success' }, null, 'yes'],
  ['acme/web workflow:ci', {}, NEW, 'yes'],
  ['acme/web workflow:C*', {}, NEW, 'yes'],
  ['acme/web workflow:"Build*"', { workflow: 'Build / test' }, NEW, 'yes'],
  ['acme/web workflow:deploy', {}, NEW, 'no'],
  ['acme/web -workflow:CI', {}, NEW, 'no'],
  ['acme/web branch:main', {}, NEW, 'yes'],
  ['acme/web branch:MAIN', {}, NEW, 'no'],
  ['acme/web branch:main', { branch: 'stranger:main' }, NEW, 'no'],
  ['acme/web branch:default', { branch: 'trunk', defaultBranch: 'trunk' }, NEW, 'yes'],
  ['acme/web branch:default', { branch: 'stranger:trunk', defaultBranch: 'trunk' }, NEW, 'no'],
  ['acme/web branch:default', { branch: 'default', defaultBranch: 'trunk' }, NEW, 'no'],
  ['acme/web -branch:default', {}, NEW, 'no'],
  ['acme/web branch:release/*', { branch: 'release/1' }, NEW, 'yes'],
  ['acme/web branch:release/*', { branch: 'release/1/fix' }, NEW, 'no'],
  ['acme/web branch:release/**', { branch: 'release/1/fix' }, NEW, 'yes'],
  ['acme/web branch:*', { branch: 'release/1' }, NEW, 'no'],
  ['acme/web -branch:dependabot/**', { branch: 'dependabot/npm/x' }, NEW, 'no'],
  ['acme/web -branch:dependabot/**', {}, NEW, 'yes'],
  ['acme/web branch:a,main', {}, NEW, 'yes'],
  ['acme/web branch:** -branch:main', {}, NEW, 'no'],
  ['acme/web event:push', {}, NEW, 'yes'],
  ['acme/web event:pull_request', {}, NEW, 'no'],
  ['acme/web event:pull_request*', { event: 'pull_request_target' }, NEW, 'yes'],
  ['acme/web actor:ADA', {}, NEW, 'yes'],
  ['acme/web actor:ben', {}, NEW, 'no'],
  ['acme/web -actor:*[bot]', {}, NEW, 'yes'],
  ['acme/web -actor:*[bot]', { actor: 'dependabot[bot]', actorType: 'bot' }, NEW, 'no'],
  ['acme/web -actor:*[bot]', { actor: 'Copilot', actorType: 'bot' }, NEW, 'no'],
  ['acme/web -actor:*[bot]', { actor: 'looks-like[bot]', actorType: 'user' }, NEW, 'yes'],
  ['acme/web -actor:*[bot]', { actor: 'unknown', actorType: null }, NEW, 'yes'],
  ['acme/web actor:dependabot[bot]', { actor: 'dependabot[bot]', actorType: 'bot' }, NEW, 'yes'],
  ['acme/web actor:dependabot[bot]', { actor: 'dependabot', actorType: 'user' }, NEW, 'no'],
  ['acme/web actor:dependabot', { actor: 'dependabot[bot]', actorType: 'bot' }, NEW, 'no'],
  ['acme/web job:lint', {}, NEW, 'yes'],
  ['acme/web job:"TEST (*)"', {}, NEW, 'yes'],
  ['acme/web job:deploy', {}, NEW, 'no'],
  ['acme/web job:lint', {}, null, 'depends'],
  ['acme/web -job:lint', {}, NEW, 'yes'],
  ['acme/web -job:lint', {}, { ...NEW, jobs: ['lint'] }, 'no'],
  ['acme/web -job:lint', {}, { ...NEW, jobs: [] }, 'yes'],
  ['acme/web job:lint', {}, { ...NEW, jobs: [] }, 'no'],
  ['acme/web label:bug', {}, NEW, 'depends'],
  ['acme/web label:bug verdict:flaky', {}, NEW, 'no'],
  ['acme/web label:bug branch:other', {}, null, 'no'],
  ['acme/web label:bug', TRAITS, NEW, 'yes'],
  ['acme/web label:bug', TRAITS, null, 'yes'],
  ['acme/web label:bug verdict:new', TRAITS, null, 'depends'],
  ['acme/web label:BUG', TRAITS, NEW, 'yes'],
  ['acme/web label:needs*', TRAITS, NEW, 'yes'],
  ['acme/web label:wip', TRAITS, NEW, 'no'],
  ['acme/web -label:wip', TRAITS, NEW, 'yes'],
  ['acme/web -label:bug', TRAITS, NEW, 'no'],
  ['acme/web label:bug -label:needs*', TRAITS, NEW, 'no'],
  ['acme/web -label:bug', UNLABELLED, NEW, 'yes'],
  ['acme/web label:*', UNLABELLED, NEW, 'no'],
  ['acme/web path:src/**', {}, null, 'depends'],
  ['acme/web path:src/**', TRAITS, NEW, 'yes'],
  ['acme/web path:src/*', TRAITS, NEW, 'no'],
  ['acme/web path:SRC/**', TRAITS, NEW, 'no'],
  ['acme/web path:**.md', TRAITS, NEW, 'yes'],
  ['acme/web -path:docs/**', TRAITS, NEW, 'yes'],
  ['acme/web -path:docs/**,src/**', TRAITS, NEW, 'no'],
  ['acme/web path:docs/** -path:**.md', TRAITS, NEW, 'no'],
  ['acme/web path:**', UNLABELLED, NEW, 'no'],
  ['acme/web -path:docs/**', UNLABELLED, NEW, 'yes'],
  ['acme/web on:always path:src/**', { ...TRAITS, conclusion: 'success' }, null, 'yes'],
  ['acme/web on:always path:src/**', { conclusion: 'success' }, null, 'depends'],
  ['acme/web verdict:new', {}, NEW, 'yes'],
  ['acme/web verdict:new', {}, FLAKY, 'no'],
  ['acme/web verdict:new', {}, null, 'depends'],
  ['acme/web -verdict:flaky', {}, FLAKY, 'no'],
  ['acme/web on:failure branch:main job:lint verdict:new -actor:*[bot]', {}, NEW, 'yes'],
];

function subscribed(channel: string, line: string, pausedReason: string | null = null): Subscription {
  return {
    id: SubscriptionId.parse(randomUUID()),
    channelId: ChannelId.parse(channel),
    rule: aRule(line),
    createdBy: UserId.parse('U0ADA'),
    createdAt: MOMENT,
    pausedReason,
  };
}

test('a rule about a topic or a team fits the repositories of which it is known, and no other', () => {
  const repositories = [aRun().repository];
  for (const line of ['topic:payments', 'team:acme/core']) {
    const rule = aRule(line);
    const known = withMembers(rule, repositories);

    expect(matchRule({ run: aRun(), finding: NEW }, rule)).toBe('no');
    expect(matchRule({ run: aRun(), finding: NEW }, known)).toBe('yes');
    const other = aRun({ repository: RepositoryName.parse('acme/other') });
    expect(matchRule({ run: other, finding: NEW }, known)).toBe('no');
  }
});

describe('a run', () => {
  test.each(MATCHES)('against %s, being %j with %j: %s', (line, run, finding, expected) => {
    expect(matchRule({ run: aRun(run), finding }, aRule(line))).toBe(expected);
  });

  test('is told once to each channel with a rule that fits, unless it is paused', () => {
    const rules = [
      subscribed('C1', 'acme/web branch:other'),
      subscribed('C1', 'acme/web verdict:new'),
      subscribed('C1', 'acme/*'),
      subscribed('C2', 'acme/web', 'is_archived'),
      subscribed('C3', 'acme/web'),
      subscribed('C4', 'acme/api'),
      subscribed('C5', 'acme/web branch:other'),
    ];

    expect(matchChannels({ run: aRun(), finding: NEW }, rules)).toEqual(['C1', 'C3']);
    expect(listeningChannels(aRun(), rules)).toEqual(['C1', 'C3', 'C5']);
  });

  test('is worth a look only where a rule may fit', () => {
    expect(mayMatch(aRun(), [subscribed('C1', 'acme/web branch:other')])).toBe(false);
    expect(mayMatch(aRun(), [subscribed('C1', 'acme/web', 'is_archived')])).toBe(false);
    expect(mayMatch(aRun(), [subscribed('C1', 'acme/web job:lint')])).toBe(true);
  });
});

describe('the end of a failure', () => {
  test.each([
    ['where no rule is about such runs any more', ['acme/api on:failure'], true],
    ['where a rule asks for it', ['acme/web on:failure', 'acme/* on:recovered'], true],
    ['by a rule about every run', ['acme/web on:always'], true],
    ['by a usual rule, whatever was found', ['acme/web verdict:new'], true],
    ['not where every rule leaves it out', ['acme/web on:failure', 'acme/web on:failure verdict:new'], false],
    ['not by a rule about another branch', ['acme/web on:failure', 'acme/web branch:other'], false],
  ])('is told %s', (_when, lines, expected) => {
    const rules = lines.map((line) => subscribed('C1', line));

    expect(hearsOfRecovery(aRun(), rules)).toBe(expected);
  });
});

test('no pattern is slow, whatever it is matched with', () => {
  const started = performance.now();

  expect(fitsGlob(`${'*a'.repeat(99)}b`, 'a'.repeat(250))).toBe(false);
  expect(fitsGlob('**'.repeat(50), 'a/'.repeat(125), { separator: '/' })).toBe(true);
  expect(performance.now() - started).toBeLessThan(500);
});
