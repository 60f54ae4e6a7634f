import type { GroupProblem, TeamAnswer } from '../../src/domain/groups.ts';
import type { RepositoryName } from '../../src/domain/ids.ts';
import type { GroupSource, GroupStore } from '../../src/domain/ports.ts';

/** Groups of one workspace, kept in memory; `stale` gives what it is told to. */
export function memoryGroups(stale: Awaited<ReturnType<GroupStore['stale']>> = []) {
  const known: Record<string, readonly RepositoryName[]> = {};
  const problems: Record<string, GroupProblem> = {};
  const topics: Record<string, readonly string[]> = {};
  const store: GroupStore = {
    async save(_workspaceId, name, { repositories }) {
      known[name] = repositories;
      delete problems[name];
    },
    async saveProblem(_workspaceId, name, problem) {
      problems[name] = problem;
    },
    async setTopics(_workspaceId, repository, told) {
      topics[repository] = told;
    },
    stale: async () => stale,
    prune: async () => 0,
  };
  return { ...store, known, problems, topics };
}

/** A GitHub on which each topic has these repositories, and each team of acme, unless it answers otherwise. */
export function someGroups({
  repositories = [],
  topics = [],
  answer,
}: { repositories?: RepositoryName[]; topics?: string[]; answer?: TeamAnswer } = {}): GroupSource {
  return {
    topic: async () => ({ repositories, topics, isCut: false }),
    team: async () => answer ?? { kind: 'team', organization: 'acme', repositories, isCut: false },
  };
}
