import type { Failure } from '../../src/domain/failure.ts';
import type { ChannelId, MessageTs, WorkspaceId } from '../../src/domain/ids.ts';
import type { OverviewStore } from '../../src/domain/overview.ts';

/** A failure with what lists show of it. */
export interface Listed {
  workspaceId: WorkspaceId;
  failure: Failure;
  headline: string;
  threads: ReadonlyArray<{ channelId: ChannelId; ts: MessageTs }>;
}

/** The overview in memory, over what the test keeps in `listed`. */
export function memoryOverview(listed: Listed[] = []): OverviewStore & { listed: Listed[] } {
  const of = (workspaceId: WorkspaceId, repositories: readonly string[]): Listed[] =>
    listed.filter((each) => each.workspaceId === workspaceId && repositories.includes(each.failure.repository));
  const lastMet = (one: Listed, other: Listed) => +other.failure.last.at - +one.failure.last.at;
  return {
    listed,
    async latest(workspaceId, { repositories, branch, workflow }) {
      const all = of(workspaceId, repositories).filter(
        ({ failure }) =>
          (branch ?? failure.branch) === failure.branch &&
          (workflow ?? failure.workflow).toLowerCase() === failure.workflow.toLowerCase(),
      );
      return all.toSorted(lastMet)[0]?.failure ?? null;
    },
    async open(workspaceId, { repositories, channelId, limit }) {
      const all = of(workspaceId, repositories).filter(({ failure }) => failure.status === 'open');
      const failures = all.toSorted(lastMet).map(({ failure, headline, threads }) => ({
        failure,
        headline,
        threadTs: threads.find((thread) => thread.channelId === channelId)?.ts ?? null,
      }));
      return { failures: failures.slice(0, limit), total: failures.length };
    },
    async flaky(workspaceId, { repositories, since, limit }) {
      const passed = of(workspaceId, repositories).flatMap((each) => {
        const { resolution } = each.failure;
        return resolution?.kind === 'passed-on-rerun' && resolution.at >= since ? [{ ...each, at: resolution.at }] : [];
      });
      const kinds = Object.values(
        Object.groupBy(passed, ({ failure }) => `${failure.repository} ${failure.fingerprint}`),
      ).flatMap((kind = []) => {
        const [latest] = kind.toSorted((one, other) => +other.at - +one.at);
        if (latest === undefined) return [];
        const { failure, headline, at: lastAt } = latest;
        return [{ failure, headline, times: kind.length, lastAt }];
      });
      return kinds.toSorted((one, other) => other.times - one.times || +other.lastAt - +one.lastAt).slice(0, limit);
    },
  };
}
