import { describe, expect, test } from '@jest/globals';
import { ChannelId, RepositoryName, UserId, WorkspaceId } from '../../src/domain/ids.ts';
import type { RuleFileProblem, RuleFileRead } from '../../src/domain/rule-files.ts';
import { printRule } from '../../src/domain/rules/print.ts';
import { GitHubUnavailableError } from '../../src/errors.ts';
import { followFile, takeRules } from '../../src/notify/rule-file.ts';
import { fakeLog } from '../support/fake-log.ts';
import { aClock, only } from '../support/memory-stores.ts';
import { aRuleFileSource, memoryRuleFiles } from '../support/rule-files.ts';
import { aRule } from '../support/rules.ts';
import { MOMENT } from '../support/report-builders.ts';
import type { Directory, RunSource } from '../../src/domain/ports.ts';

const asker = { workspaceId: WorkspaceId.parse('T0ACME'), userId: UserId.parse('U0BEN') };
const { workspaceId } = asker;
const [channelId, otherId] = [ChannelId.parse('C0BUILDS'), ChannelId.parse('C0OTHER')];
const repository = RepositoryName.parse('acme/web');
const signal = AbortSignal.timeout(60_000);

const rules = (version: string, channels: Record<string, string[]>): RuleFileRead => ({
  kind: 'rules',
  version,
  channels: Object.entries(channels).map(([channel, lines]) => ({ channel, rules: lines.map(aRule) })),
});
const PROBLEM: RuleFileProblem = { kind: 'alias', line: 1, column: 1, source: '&a', at: { start: 0, end: 2 } };
const wrong = (version: string): RuleFileRead => ({ kind: 'wrong', version, problem: PROBLEM });

function setUp(says: RuleFileRead, { isShared = false, canSee = true } = {}) {
  const ruleFiles = memoryRuleFiles();
  const source = aRuleFileSource(says);
  const names = new Map([
    [channelId, 'builds'],
    [otherId, 'other'],
  ]);
  const directory = only<Directory>({
    channel: async (_workspaceId, id) => {
      const name = names.get(id);
      const seen = { kind: 'visible', isMember: true, isArchived: false, isShared } as const;
      return name === undefined ? { kind: 'hidden' } : { ...seen, name };
    },
  });
  const runSource = only<RunSource>({ canSee: async () => canSee });
  const deps = { ruleFiles, ruleFileSource: source, directory, runSource, clock: aClock(MOMENT), log: fakeLog() };
  const follow = (channel = channelId) => followFile(deps, { asker, channelId: channel, repository });
  const take = (occasion: string) => takeRules({ ...deps, signal }, { workspaceId, repository }, { occasion });
  const linesOf = (channel = channelId) =>
    ruleFiles.all.find((file) => file.channelId === channel)?.rules.map(printRule);
  return { deps, ruleFiles, source, names, follow, take, linesOf };
}

describe('a channel that takes its rules from a file', () => {
  test('has those that the file gives it by name or by id, and no other channel has any', async () => {
    const { follow, linesOf, ruleFiles } = setUp(
      rules('v1', { builds: ['acme/web on:failure'], c0builds: ['acme/web branch:main'], other: ['acme/web'] }),
    );

    expect(await follow()).toMatchObject({ kind: 'following', isNew: true, file: { state: 'applied' } });
    expect(linesOf()).toEqual(['acme/web on:failure', 'acme/web branch:main']);
    expect(ruleFiles.all).toHaveLength(1);
    expect(await follow()).toMatchObject({ isNew: false });
    expect(await follow(otherId)).toMatchObject({ isNew: true });
    expect(linesOf(otherId)).toEqual(['acme/web']);
  });

  test('must be one that may hear of the repository', async () => {
    const says = rules('v1', { builds: ['acme/web'] });
    const shared = setUp(says, { isShared: true });
    const blind = setUp(says, { canSee: false });

    expect(await shared.follow()).toEqual({ kind: 'shared' });
    expect(await blind.follow()).toEqual({ kind: 'not-visible', repository });
    expect([...shared.ruleFiles.all, ...blind.ruleFiles.all]).toEqual([]);
  });

  test('keeps its rules while the text is wrong, and is told of it once', async () => {
    const { follow, take, linesOf, source, ruleFiles } = setUp(rules('v1', { builds: ['acme/web on:failure'] }));
    await follow();

    source.says = wrong('v2');
    await take('first');
    await take('second');
    expect(linesOf()).toEqual(['acme/web on:failure']);
    expect(ruleFiles.jobs).toMatchObject([{ kind: 'tell-rules', payload: { news: 'wrong', key: 'v2' } }]);

    source.says = rules('v3', { builds: ['acme/web branch:main'] });
    await take('third');
    expect(linesOf()).toEqual(['acme/web branch:main']);
    expect(ruleFiles.all).toMatchObject([{ state: 'applied', problem: null }]);
    expect(ruleFiles.jobs).toHaveLength(1);
  });

  test('loses its rules with the file, and is told of that once', async () => {
    const { follow, take, linesOf, source, ruleFiles } = setUp(rules('v1', { builds: ['acme/web'] }));
    await follow();

    source.says = { kind: 'missing' };
    await take('first');
    await take('second');

    expect(linesOf()).toEqual([]);
    expect(ruleFiles.jobs).toMatchObject([{ kind: 'tell-rules', payload: { news: 'gone', key: 'first' } }]);
  });

  test('is not told what whoever asked is told, nor of a file that was never there', async () => {
    const { follow, take, source, ruleFiles } = setUp(wrong('v1'));
    expect(await follow()).toMatchObject({ file: { state: 'wrong', problem: PROBLEM } });
    await take('first');
    expect(ruleFiles.jobs).toEqual([]);

    const none = setUp({ kind: 'missing' });
    expect(await none.follow()).toMatchObject({ file: { state: 'missing' } });
    await none.take('first');
    expect(none.ruleFiles.jobs).toEqual([]);
    source.says = wrong('v2');
    await take('second');
    expect(ruleFiles.jobs).toHaveLength(1);
  });

  test('keeps its rules where the file, or the name of the channel, cannot be seen', async () => {
    const { follow, take, linesOf, source, names, ruleFiles } = setUp(rules('v1', { builds: ['acme/web'] }));
    await follow();

    source.says = { kind: 'hidden' };
    await take('first');
    expect([linesOf(), ruleFiles.all[0]?.state]).toEqual([['acme/web'], 'hidden']);
    names.clear();
    source.says = rules('v2', {});
    await take('second');
    expect(linesOf()).toEqual(['acme/web']);
    names.set(channelId, 'renamed');
    await take('third');
    expect([linesOf(), ruleFiles.all[0]?.state]).toEqual([[], 'unnamed']);
    expect(ruleFiles.jobs).toEqual([]);
  });

  test('has agreed even while GitHub is away, and gets its rules later', async () => {
    const { deps, ruleFiles } = setUp({ kind: 'missing' });
    const ruleFileSource = { read: () => Promise.reject(new GitHubUnavailableError('away')) };

    const outcome = await followFile({ ...deps, ruleFileSource }, { asker, channelId, repository });

    expect(outcome).toMatchObject({ kind: 'following', file: { state: 'unread' } });
    expect(ruleFiles.all).toHaveLength(1);
  });
});
