import { defineEntity, p } from '@mikro-orm/core';
import type { JobId } from '../../domain/ids.ts';

const DeliveryWalkSchema = defineEntity({
  name: 'DeliveryWalk',
  tableName: 'delivery_walks',
  properties: {
    name: p.text().primary(),
    /** All deliveries before it were looked at. */
    seenUntil: p.datetime().strictNullable(),
    /** Of a walk that has not come to its end. */
    cursor: p.text().strictNullable(),
    startedAt: p.datetime().strictNullable(),
    /** Who walks, for as long as that job is leased. */
    holder: p.uuid().$type<JobId>().strictNullable(),
  },
});

/** How far a list of deliveries at GitHub has been walked. */
export class DeliveryWalk extends DeliveryWalkSchema.class {}
DeliveryWalkSchema.setClass(DeliveryWalk);
