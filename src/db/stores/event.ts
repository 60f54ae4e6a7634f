import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import type { EventStore } from '../../domain/ports.ts';
import { Event } from '../entities/event.ts';
import type { Statements } from '../statements.ts';

export function createEventStore(orm: SqlEntityManager, statements: Statements): EventStore {
  return {
    async find(id) {
      const row = await orm.fork().findOne(Event, { id });
      if (row === null) return null;
      const { deliveryId, name, installationId, body } = row;
      return { id, deliveryId, name, installationId, body: Buffer.from(body) };
    },
    async prune(days) {
      const removed = await statements.query(z.unknown(), PRUNE, [days]);
      return removed.length;
    },
  };
}

/** Processed means that its job is done, or so long done that it was forgotten. */
const PRUNE = `
  delete from events
  where received_at < now() - make_interval(days => $1)
    and not exists (select 1 from jobs where dedupe_key = 'event:' || events.id and status <> 'done')
  returning 1`;
