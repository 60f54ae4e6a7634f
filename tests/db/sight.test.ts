import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { GroupName } from '../../src/domain/groups.ts';
import type { SightChange } from '../../src/domain/sight.ts';
import { RepositoryName } from '../../src/domain/ids.ts';
import { parseRule } from '../../src/domain/rules/parse.ts';
import { printRule } from '../../src/domain/rules/print.ts';
import type { Rule } from '../../src/domain/rules/rule.ts';
import { describeBothDatabases, type TestDatabase } from '../support/database.ts';
import { aChannelId, aDiagnosis, aLease, anAsker, anInstallationId, aRun } from './samples.ts';

function rule(line: string): Rule {
  const parsed = parseRule(line);
  if (parsed.kind !== 'rule') throw new Error(`No rule: ${line}`);
  return parsed.rule;
}

async function aChannel({ stores }: TestDatabase, ...lines: string[]) {
  const asker = anAsker();
  const channelId = aChannelId();
  for (const line of lines) await stores.subscriptions.create(asker, channelId, rule(line));
  const { workspaceId } = asker;
  const installationId = anInstallationId();
  await stores.installations.link(workspaceId, installationId);
  const follow = async (change: SightChange) => {
    const told: Array<{ channelId: string; repositories: readonly string[] }> = [];
    const jobs = await stores.sights.follow(workspaceId, installationId, change, (affected) => {
      told.push(...affected);
      return affected.map((each) => ({
        kind: 'tell-sight',
        payload: { workspaceId, channelId: each.channelId, change, occasion: 'x' },
        dedupeKey: `sight:${randomUUID()}`,
      }));
    });
    expect(jobs).toHaveLength(told.length);
    return told;
  };
  const rules = async () =>
    (await stores.subscriptions.inChannel(workspaceId, channelId)).map((each) => [
      printRule(each.rule),
      each.pausedReason,
    ]);
  return { asker, workspaceId, channelId, installationId, follow, rules };
}

const name = (text: string): RepositoryName => RepositoryName.parse(text);

describeBothDatabases('what becomes of installations and repositories', (open) => {
  test('rules about the account are paused while it is suspended, and about no other one', async () => {
    const { follow, rules, channelId } = await aChannel(open(), 'ac_me/web', 'ac_me/*', 'acxme/web', 'topic:pay');

    expect(await follow({ kind: 'suspended', account: 'ac_me' })).toEqual([{ channelId, repositories: ['ac_me/web'] }]);
    expect(await rules()).toEqual([
      ['ac_me/*', 'github_suspended'],
      ['ac_me/web', 'github_suspended'],
      ['acxme/web', null],
      ['topic:pay', null],
    ]);
    expect(await follow({ kind: 'suspended', account: 'ac_me' })).toEqual([]);
    expect(await follow({ kind: 'unsuspended', account: 'ac_me' })).toHaveLength(1);
    expect((await rules()).map(([, reason]) => reason)).toEqual([null, null, null, null]);
  });

  test('an installation that was removed is linked no more; its rules wait for the account', async () => {
    const { stores } = open();
    const { follow, rules, workspaceId, installationId } = await aChannel(open(), 'acme/web');

    expect(await follow({ kind: 'uninstalled', account: 'acme' })).toHaveLength(1);
    expect(await stores.installations.isLinked(workspaceId, installationId)).toBe(false);
    expect(await follow({ kind: 'unsuspended', account: 'acme' })).toEqual([]);
    expect(await rules()).toEqual([['acme/web', 'github_uninstalled']]);
    await follow({ kind: 'reconnected', account: 'acme' });
    expect(await rules()).toEqual([['acme/web', null]]);
  });

  test('a repository that the App sees no more pauses the rules that name it, until it sees it again', async () => {
    const { follow, rules, channelId } = await aChannel(open(), 'acme/web', 'acme/api on:failure', 'acme/*');

    const repositories = [name('acme/web'), name('acme/other')];
    expect(await follow({ kind: 'out-of-sight', repositories })).toEqual([{ channelId, repositories: ['acme/web'] }]);
    expect((await rules()).filter(([, reason]) => reason !== null)).toEqual([['acme/web', 'repository_removed']]);
    expect(await follow({ kind: 'in-sight', repositories })).toHaveLength(1);
    expect((await rules()).filter(([, reason]) => reason !== null)).toEqual([]);
  });

  test('what a person or Slack paused is not woken up by GitHub', async () => {
    const { stores } = open();
    const { follow, rules, workspaceId, channelId } = await aChannel(open(), 'acme/web');
    await stores.subscriptions.pause(workspaceId, channelId, { reason: 'is_archived', followUps: [] });

    for (const kind of ['suspended', 'unsuspended', 'reconnected'] as const) await follow({ kind, account: 'acme' });
    expect(await rules()).toEqual([['acme/web', 'is_archived']]);
  });

  test('a new name is followed by rules, runs, failures, files, mutes and waiting work, and a second time by nothing', async () => {
    const { stores } = open();
    const run = aRun();
    const renamed = { kind: 'renamed', from: run.repository, repository: name(`${run.repository}-2`) } as const;
    const { to } = { to: renamed.repository };
    const lines = [`${run.repository} branch:main`, `${run.repository} on:failure`, `${to} on:failure`];
    const place = await aChannel(open(), ...lines);
    const { workspaceId, channelId, asker } = place;
    await stores.ruleFiles.agree(asker, { channelId, repository: run.repository });
    await stores.runs.record(workspaceId, run);
    const lease = await aLease(stores);
    const summary = await stores.summaries.save(workspaceId, lease, { run, revision: 0, diagnosis: aDiagnosis({}) });
    const payload = { workspaceId, repository: run.repository };
    const [jobId] = await stores.jobs.enqueue([{ kind: 'read-rules', payload, dedupeKey: `read:${randomUUID()}` }]);

    expect(await place.follow(renamed)).toEqual([{ channelId, repositories: [to] }]);
    expect(await place.rules()).toEqual([
      [printRule(rule(`${to} branch:main`)), null],
      [printRule(rule(`${to} on:failure`)), null],
    ]);
    expect((await stores.ruleFiles.inChannel(workspaceId, channelId)).map((file) => file.repository)).toEqual([to]);
    expect(await stores.runs.find(workspaceId, { ...run, repository: to })).toMatchObject({ title: run.title });
    expect(await stores.runs.find(workspaceId, run)).toBeNull();
    expect(await stores.failures.find(workspaceId, summary.failureId)).toMatchObject({ repository: to });
    expect(await stores.summaries.findLatest(workspaceId, { ...run, repository: to })).toMatchObject({
      id: summary.id,
    });
    const stored = await open().sql(`select payload ->> 'repository' as name from jobs where id = '${jobId}'`);
    expect(stored).toEqual([{ name: to }]);

    await place.follow(renamed);
    expect((await place.rules()).length).toBe(2);
  });

  test('a new name of the account is followed by everything below it, settings included, and by nothing else', async () => {
    const { stores } = open();
    const lines = ['ac_me/web on:failure', 'ac_me/*', 'team:ac_me/pay', 'acxme/web', 'topic:pay', 'new/web on:failure'];
    const place = await aChannel(open(), ...lines);
    const { workspaceId, channelId, asker } = place;
    const run = aRun({ repository: name('ac_me/web') });
    await stores.runs.record(workspaceId, run);
    await stores.settings.saveOpenReruns(asker, [name('ac_me/web'), 'ac_me/*', name('acxme/web')], new Date());
    const answers = { check: [name('ac_me/web')], comment: ['ac_me/*'] };
    await stores.settings.saveGitHubAnswers(asker, answers, new Date());
    const change = { kind: 'account-renamed', from: 'ac_me', account: 'new' } as const;

    expect(await place.follow(change)).toEqual([{ channelId, repositories: ['new/web'] }]);
    expect((await place.rules()).map(([line]) => line)).toEqual(
      ['acxme/web', 'new/*', 'new/web on:failure', 'team:new/pay', 'topic:pay'].map((line) => printRule(rule(line))),
    );
    expect(await stores.runs.find(workspaceId, { ...run, repository: name('new/web') })).not.toBeNull();
    expect(await stores.settings.openReruns(workspaceId)).toEqual(['new/web', 'new/*', 'acxme/web']);
    expect(await stores.settings.githubAnswers(workspaceId)).toEqual({ check: ['new/web'], comment: ['new/*'] });
    await place.follow(change);
    expect(await place.rules()).toHaveLength(5);
  });

  test('where members may re-run, and where failures are answered on GitHub, follow the name of a repository', async () => {
    const { stores } = open();
    const { workspaceId, asker, follow } = await aChannel(open(), 'acme/web');
    await stores.settings.saveOpenReruns(asker, [name('acme/web')], new Date());
    const answers = { check: [name('acme/web'), 'acme/*'], comment: [name('acme/web-2')] };
    await stores.settings.saveGitHubAnswers(asker, answers, new Date());

    await follow({ kind: 'renamed', from: name('acme/web'), repository: name('acme/site') });

    expect(await stores.settings.openReruns(workspaceId)).toEqual(['acme/site']);
    expect(await stores.settings.githubAnswers(workspaceId)).toEqual({
      check: ['acme/site', 'acme/*'],
      comment: ['acme/web-2'],
    });
  });

  test('runs that came under the new name before the news stay, beside those that follow', async () => {
    const { stores } = open();
    const run = aRun();
    const to = name(`${run.repository}-2`);
    const { workspaceId, follow } = await aChannel(open(), run.repository);
    for (const repository of [run.repository, to]) await stores.runs.record(workspaceId, { ...run, repository });

    await follow({ kind: 'renamed', from: run.repository, repository: to });

    expect(await stores.runs.find(workspaceId, { ...run, repository: to })).not.toBeNull();
  });

  test('of a repository that became private every channel is found that hears of it, by whatever rule', async () => {
    const { stores } = open();
    const one = await aChannel(open(), 'acme/*', 'other/web', 'topic:pay');
    const members = { repositories: [name('third/web')], isCut: false };
    await stores.groups.save(one.workspaceId, GroupName.parse('topic:pay'), members);
    const reached = (repository: string) => one.follow({ kind: 'privatized', repository: name(repository) });

    expect(await reached('acme/web')).toEqual([{ channelId: one.channelId, repositories: [] }]);
    expect(await reached('other/web')).toEqual([{ channelId: one.channelId, repositories: ['other/web'] }]);
    expect(await reached('third/web')).toHaveLength(1);
    expect(await reached('other/api')).toEqual([]);
  });

  test('another workspace keeps its own', async () => {
    const one = await aChannel(open(), 'acme/web');
    const other = await aChannel(open(), 'acme/web');
    await one.follow({ kind: 'renamed', from: name('acme/web'), repository: name('acme/site') });
    await one.follow({ kind: 'suspended', account: 'acme' });

    expect(await other.rules()).toEqual([['acme/web', null]]);
  });

  test('the default branch that is known changes, and channels whose rules name the repository are told', async () => {
    const { stores } = open();
    const run = aRun();
    const { workspaceId, channelId, follow } = await aChannel(open(), run.repository, `${run.repository} on:always`);
    await stores.runs.record(workspaceId, run);

    const told = await follow({
      kind: 'default-branch',
      repository: run.repository,
      from: run.defaultBranch,
      to: 'trunk',
    });

    expect(told).toEqual([{ channelId, repositories: [run.repository] }]);
    const rows = await open().sql(`select default_branch from repos where workspace_id = '${workspaceId}'`);
    expect(rows).toEqual([{ default_branch: 'trunk' }]);
    for (const kind of ['archived', 'unarchived', 'privatized', 'publicized', 'deleted'] as const) {
      expect(await follow({ kind, repository: run.repository })).toHaveLength(1);
    }
    expect(await follow({ kind: 'privatized', repository: run.repository })).toEqual([]);
  });
});
