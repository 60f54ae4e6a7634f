import { z } from 'zod';
import { PrivateServiceUrl } from './config-values.ts';

const IngestSecret = z.string().min(32, 'must have at least 32 characters; make one with: openssl rand -hex 32');

/** What the edge and the core agree on, and what only the edge needs. */
export const INGEST_VARIABLES = {
  INGEST_KEY: IngestSecret.optional(),
  INGEST_KEY_PREVIOUS: IngestSecret.optional(),
  INGEST_CORE_URL: PrivateServiceUrl.optional(),
  INGEST_SPOOL: z.url({ protocol: /^rediss?$/u }).optional(),
};

/** What the core takes of the edge: batches signed with one of these. */
export function arrangeIngest({
  INGEST_KEY,
  INGEST_KEY_PREVIOUS,
}: {
  INGEST_KEY?: string | undefined;
  INGEST_KEY_PREVIOUS?: string | undefined;
}) {
  return { keys: [INGEST_KEY, INGEST_KEY_PREVIOUS].filter((key) => key !== undefined) };
}
