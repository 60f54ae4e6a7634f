import { z } from 'zod';
import type { VitalStore } from '../../domain/ports.ts';
import { InstallationId } from '../../domain/ids.ts';
import type { Connection } from '../connection.ts';

const Now = z.object({ now: z.coerce.date() });
const Waiting = z.object({
  queued: z.number(),
  leased: z.number(),
  dead: z.number(),
  oldestDueMs: z.number().nullable(),
});
const Received = z.object({ installationId: z.coerce.number().pipe(InstallationId), at: z.coerce.date() });

/** How the database and what waits in it are. */
export function createVitalStore({ isEmbedded, orm, statements }: Connection): VitalStore {
  return {
    isEmbedded,
    isBehind: async () => (await orm.migrator.getPending()).length > 0,
    async now() {
      const [row] = await statements.query(Now, 'select clock_timestamp() as now', []);
      if (row === undefined) throw new Error('The database gave no time');
      return row.now;
    },
    async backlog() {
      const [row] = await statements.query(Waiting, WAITING, []);
      return row ?? { queued: 0, leased: 0, dead: 0, oldestDueMs: null };
    },
    lastDeliveries: (installations) => statements.query(Received, LAST, [JSON.stringify(installations)]),
  };
}

const WAITING = `
  select
    (count(*) filter (where status = 'queued' and (lease_token is null or lease_expires_at <= now())))::int as queued,
    (count(*) filter (where status = 'queued' and lease_expires_at > now()))::int as leased,
    (count(*) filter (where status = 'dead'))::int as dead,
    (extract(epoch from now() - min(due_at) filter (
      where status = 'queued' and due_at <= now() and (lease_token is null or lease_expires_at <= now())
    )) * 1000)::float8 as "oldestDueMs"
  from jobs where status <> 'done'`;

// Among the newest, by the index on the time: a quiet installation must not cost a walk over every delivery that is kept.
const LAST = `
  select installation_id as "installationId", max(received_at) as at
  from (select installation_id, received_at from events order by received_at desc limit 20000) newest
  where installation_id in (select value::bigint from jsonb_array_elements_text($1::jsonb))
  group by installation_id`;
