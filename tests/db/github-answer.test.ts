import { expect, test } from '@jest/globals';
import { NO_ANSWERS } from '../../src/domain/github-answers.ts';
import type { RepositoryName } from '../../src/domain/ids.ts';
import type { Ports } from '../../src/domain/ports.ts';
import { answerOnGitHub } from '../../src/notify/answer-on-github.ts';
import { describeBothDatabases, type TestDatabase } from '../support/database.ts';
import { fakeLog } from '../support/fake-log.ts';
import { only } from '../support/memory-stores.ts';
import { aDiagnosis, aLease, anAsker, aRepository, aRun } from './samples.ts';

/** A workspace that is installed, and wants answers there. */
async function aWorkspace({ stores }: TestDatabase, target: RepositoryName | `${string}/*`) {
  const asker = anAsker();
  const { workspaceId } = asker;
  await stores.workspaces.saveInstall(workspaceId, { name: 'Acme', installation: { team: workspaceId } });
  const want = async (isWanted: boolean): Promise<void> => {
    const answers = isWanted ? { check: [target], comment: [] } : NO_ANSWERS;
    await stores.settings.saveGitHubAnswers(asker, answers, new Date());
  };
  await want(true);
  const reserve = async (repository: RepositoryName, key = 'comment:7') =>
    (await stores.githubAnswers.reserve(workspaceId, await aLease(stores), { repository, key })).state;
  return { workspaceId, want, reserve };
}

describeBothDatabases('answers on GitHub of several workspaces', (open) => {
  test('a repository has one voice: the workspace whose answer stood first, as long as it wants that', async () => {
    const [repository, other] = [aRepository(), aRepository()];
    const first = await aWorkspace(open(), repository);
    const second = await aWorkspace(open(), 'acme/*');

    expect(await first.reserve(repository)).toBe('new');
    expect(await second.reserve(repository)).toBe('taken');
    expect(await second.reserve(repository, 'comment:8')).toBe('taken');
    expect(await second.reserve(other)).toBe('new');
    await first.want(false);
    expect(await second.reserve(repository)).toBe('new');
    await first.want(true);
    expect(await first.reserve(repository, 'comment:9')).toBe('new');
    expect(await second.reserve(repository)).toBe('taken');
    await open().stores.workspaces.markRevoked(first.workspaceId, 'app_uninstalled');
    expect(await second.reserve(repository, 'comment:9')).toBe('new');
  });

  test('of two that begin at the same moment one is the first', async () => {
    const repository = aRepository();
    const both = [await aWorkspace(open(), repository), await aWorkspace(open(), repository)];

    const states = await Promise.all(both.map((each) => each.reserve(repository)));

    expect(states.toSorted()).toEqual(['new', 'taken']);
  });

  test('where another workspace was first nothing is asked of GitHub, and the admins hear so without its name', async () => {
    const { stores } = open();
    const run = aRun();
    const first = await aWorkspace(open(), run.repository);
    const { workspaceId } = await aWorkspace(open(), run.repository);
    await first.reserve(run.repository);
    await stores.runs.record(workspaceId, run);
    const lease = await aLease(stores);
    const { failureId } = await stores.summaries.save(workspaceId, lease, {
      run,
      revision: 0,
      diagnosis: aDiagnosis({}),
    });
    const signal = AbortSignal.timeout(10_000);
    // A port without methods: every question to GitHub would throw.
    const nobody = {
      githubAnswerer: only<Ports['githubAnswerer']>({}),
      log: fakeLog(),
      clock: { now: () => new Date() },
    };

    const told = await answerOnGitHub({ ...stores, ...nobody, lease, signal }, { workspaceId, failureId });

    expect(told).toMatchObject([{ kind: 'notify-admins', payload: { notice: { kind: 'answers-taken' } } }]);
    expect(JSON.stringify(told)).not.toContain(first.workspaceId);
  });
});
