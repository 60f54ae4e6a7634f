import { z } from 'zod';
import { CONFIDENCES, LogLine } from '../domain/diagnosis.ts';
import { SummaryId, type WorkspaceId } from '../domain/ids.ts';
import type { ModelCallStore } from '../domain/ports.ts';
import type { ReusableSummary } from '../domain/reasoning.ts';
import type { Statements } from './statements.ts';
import { storableText } from './storable.ts';

const Row = z.object({
  summaryId: SummaryId,
  /** Drivers do not agree on what a moment looks like. */
  createdAtMs: z.number().transform((ms) => new Date(ms)),
  diagnosis: z.object({
    headline: z.string(),
    cause: z.string(),
    nextStep: z.string(),
    evidence: z.array(LogLine),
    confidence: z.enum(CONFIDENCES),
    authorship: z.object({ provider: z.string(), model: z.string() }),
  }),
});

/** The latest summary that may stand for a new answer; null also where another version of us wrote what cannot be read. */
export async function findReusable(
  statements: Statements,
  workspaceId: WorkspaceId,
  key: Parameters<ModelCallStore['findReusable']>[1],
): Promise<ReusableSummary | null> {
  const { repository, fingerprint, promptVersion, hours } = key;
  const parameters = [workspaceId, repository, storableText(fingerprint), promptVersion, hours];
  const [found] = await statements.query(z.unknown(), FIND, parameters);
  const row = Row.safeParse(found);
  if (!row.success) return null;
  const { summaryId, createdAtMs: createdAt, diagnosis } = row.data;
  const { authorship, ...words } = diagnosis;
  return { summaryId, createdAt, ...words, ...authorship };
}

// A failure has the fingerprint of its summaries, and an index on it. A reused answer is the words of another summary: its age
// is not its own, and who finds it wrong finds those words wrong.
const FIND = `
  select summaries.id as "summaryId", diagnosis,
    floor(extract(epoch from summaries.created_at) * 1000)::float8 as "createdAtMs"
  from failures join summaries on summaries.failure_id = failures.id
  where failures.workspace_id = $1 and failures.repository = $2 and failures.fingerprint = $3
    and summaries.workspace_id = $1
    and summaries.created_at > now() - make_interval(secs => $5::float8 * 3600)
    and diagnosis->>'confidence' = 'high'
    and diagnosis->'authorship'->>'provider' <> 'offline'
    and diagnosis->'authorship'->>'promptVersion' = $4
    and diagnosis->'authorship'->>'reusedFrom' is null
    and not exists (
      select 1 from feedback join summaries as judged on judged.id = feedback.summary_id
      where feedback.workspace_id = $1 and feedback.opinion = 'down'
        and (judged.id = summaries.id or judged.diagnosis->'authorship'->>'reusedFrom' = summaries.id::text)
    )
  order by summaries.created_at desc, summaries.id desc
  limit 1`;
