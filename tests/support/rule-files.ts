import { randomUUID } from 'node:crypto';
import { SubscriptionId } from '../../src/domain/ids.ts';
import type { NewJob } from '../../src/domain/jobs.ts';
import type { RuleFileSource, RuleFileStore } from '../../src/domain/ports.ts';
import type { RuleFile, RuleFilePlace, RuleFileRead } from '../../src/domain/rule-files.ts';

/** Files of rules of one workspace, kept in memory, with the jobs that were stored beside them. */
export function memoryRuleFiles() {
  const all: RuleFile[] = [];
  const jobs: NewJob[] = [];
  const at = ({ channelId, repository }: RuleFilePlace) =>
    all.findIndex((file) => file.channelId === channelId && file.repository === repository);
  const store: RuleFileStore = {
    async agree({ userId }, place) {
      if (at(place) >= 0) return 'existing';
      const id = SubscriptionId.parse(randomUUID());
      const kept = { id, createdBy: userId, createdAt: new Date('2026-11-01T12:00:00Z'), pausedReason: null };
      all.push({ ...place, ...kept, state: 'unread', version: null, rules: [], problem: null });
      return 'created';
    },
    async withdraw(_workspaceId, place) {
      return at(place) < 0 ? null : (all.splice(at(place), 1)[0] ?? null);
    },
    inChannel: async (_workspaceId, channelId) => all.filter((file) => file.channelId === channelId),
    ofRepository: async (_workspaceId, repository) => all.filter((file) => file.repository === repository),
    async save(_workspaceId, place, { state, version, rules, problem, followUps }) {
      const known = all[at(place)];
      if (known === undefined) return null;
      all.splice(at(place), 1, { ...known, state, version, rules, problem });
      jobs.push(...followUps);
      return [];
    },
    stale: async () => [],
  };
  return { ...store, all, jobs };
}

/** A repository whose file says this, or whatever `read` is set to later. */
export function aRuleFileSource(read: RuleFileRead): RuleFileSource & { says: RuleFileRead } {
  const source = { says: read, read: async () => source.says };
  return source;
}
