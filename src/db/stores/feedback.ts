import { z } from 'zod';
import { FailureId, RepositoryName, SummaryId, UserId } from '../../domain/ids.ts';
import type { FeedbackStore } from '../../domain/ports.ts';
import { OPINIONS } from '../../domain/reasoning.ts';
import type { Statements } from '../statements.ts';
import { storableText } from '../storable.ts';

const Judged = z.object({
  summaryId: SummaryId,
  failureId: FailureId,
  repository: RepositoryName,
  diagnosis: z.unknown(),
  feedback: z.array(z.object({ userId: UserId, opinion: z.enum(OPINIONS), reason: z.string().nullable() })),
});

export function createFeedbackStore(statements: Statements): FeedbackStore {
  return {
    async give(workspaceId, { summaryId, userId, opinion, reason }) {
      const words = reason === null ? null : storableText(reason);
      const rows = await statements.query(z.unknown(), GIVE, [workspaceId, summaryId, userId, opinion, words]);
      return rows.length === 1;
    },
    judged: (workspaceId, after, limit) => statements.query(Judged, JUDGED, [workspaceId, after, limit]),
  };
}

/** The calls behind a summary name it themselves. */
const GIVE = `
  insert into feedback (workspace_id, summary_id, user_id, opinion, reason)
  select workspace_id, id, $3::text, $4::text, $5::text from summaries where workspace_id = $1 and id = $2
  on conflict (summary_id, user_id) do update
    set opinion = excluded.opinion, reason = excluded.reason, given_at = now()
  returning 1`;

const JUDGED = `
  select id as "summaryId", failure_id as "failureId", repository, diagnosis, (
      select jsonb_agg(jsonb_build_object('userId', user_id, 'opinion', opinion, 'reason', reason)
        order by given_at, user_id)
      from feedback where summary_id = summaries.id
    ) as feedback
  from summaries
  where workspace_id = $1 and exists (select 1 from feedback where summary_id = summaries.id)
    and ($2::uuid is null or (created_at, id) > (
      select created_at, id from summaries where workspace_id = $1 and id = $2::uuid
    ))
  order by created_at, id
  limit $3`;
