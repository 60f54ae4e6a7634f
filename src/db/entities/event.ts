import { defineEntity, p } from '@mikro-orm/core';
import type { EventId, InstallationId, RepositoryName } from '../../domain/ids.ts';

const EventSchema = defineEntity({
  name: 'Event',
  tableName: 'events',
  uniques: [{ name: 'events_body_hash', properties: ['bodyHash'] }],
  indexes: [{ name: 'events_received', properties: ['receivedAt'] }],
  properties: {
    id: p.uuid().$type<EventId>().primary(),
    deliveryId: p.text(),
    name: p.text(),
    action: p.text().strictNullable(),
    installationId: p.bigint('number').$type<InstallationId>().strictNullable(),
    repository: p.text().$type<RepositoryName>().strictNullable(),
    /** As it came, byte for byte; compressed by the database. */
    body: p.blob(),
    /** What makes a delivery the same delivery: the delivery id is not signed. */
    bodyHash: p.blob(),
    receivedAt: p.datetime().defaultRaw('now()'),
  },
});

/** A stored delivery. */
export class Event extends EventSchema.class {}
EventSchema.setClass(Event);
