import { expect, test } from '@jest/globals';
import { GroupName, type TeamAnswer } from '../../src/domain/groups.ts';
import { RepositoryName, WorkspaceId } from '../../src/domain/ids.ts';
import { GitHubUnavailableError } from '../../src/errors.ts';
import { refreshGroup } from '../../src/pipeline/jobs/refresh-group.ts';
import { memoryGroups, someGroups } from '../support/groups.ts';
import { aJobContext } from '../support/pipeline-fakes.ts';

const workspaceId = WorkspaceId.parse('T0ACME');
const repositories = [RepositoryName.parse('acme/web')];
const [topic, team] = [GroupName.parse('topic:pay'), GroupName.parse('team:acme/core')];

test('what GitHub says now replaces what was known', async () => {
  const groups = memoryGroups();
  for (const name of [topic, team]) {
    await refreshGroup(aJobContext({ groups, groupSource: someGroups({ repositories }) }), { workspaceId, name });
  }

  expect(groups.known).toEqual({ [topic]: repositories, [team]: repositories });
});

test.each<[TeamAnswer, string]>([
  [{ kind: 'teams-hidden', organizations: ['acme'] }, 'hidden'],
  [{ kind: 'unknown-team', organizations: ['acme'], meant: null }, 'gone'],
  [{ kind: 'no-organization' }, 'gone'],
])('where it says %j, what was known stays, with the reason', async (answer, problem) => {
  const groups = memoryGroups();
  await groups.save(workspaceId, team, { repositories, isCut: false });

  await refreshGroup(aJobContext({ groups, groupSource: someGroups({ answer }) }), { workspaceId, name: team });

  expect([groups.known, groups.problems]).toEqual([{ [team]: repositories }, { [team]: problem }]);
});

test('where GitHub is away, that is noted and tried again', async () => {
  const groups = memoryGroups();
  await groups.save(workspaceId, topic, { repositories, isCut: false });
  const away = { ...someGroups(), topic: () => Promise.reject(new GitHubUnavailableError('away')) };

  const refreshing = refreshGroup(aJobContext({ groups, groupSource: away }), { workspaceId, name: topic });

  await expect(refreshing).rejects.toBeInstanceOf(GitHubUnavailableError);
  expect([groups.known, groups.problems]).toEqual([{ [topic]: repositories }, { [topic]: 'unavailable' }]);
});
