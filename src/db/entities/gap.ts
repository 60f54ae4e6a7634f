import { defineEntity, p } from '@mikro-orm/core';
import type { InstallationId, RepositoryName } from '../../domain/ids.ts';
import { GAP_KINDS, GAP_STATES } from '../../domain/reconciling.ts';

const GapSchema = defineEntity({
  name: 'Gap',
  tableName: 'gaps',
  indexes: [
    { name: 'gaps_open', properties: ['failedAt'], where: "state = 'open'" },
    { name: 'gaps_last_failed', properties: ['lastFailedAt'] },
  ],
  properties: {
    key: p.text().primary(),
    kind: p.enum(GAP_KINDS),
    /** The list of deliveries that it stands in. */
    list: p.text().strictNullable(),
    state: p.enum(GAP_STATES).default('open'),
    installationId: p.bigint('number').$type<InstallationId>().strictNullable(),
    repository: p.text().$type<RepositoryName>().strictNullable(),
    event: p.text().strictNullable(),
    action: p.text().strictNullable(),
    /** The newest try of the delivery, by GitHub's number. */
    tryId: p.text().strictNullable(),
    /** What came back from the newest try, or why there is nothing to be got back. */
    answer: p.text(),
    failedAt: p.datetime(),
    lastFailedAt: p.datetime(),
    asks: p.integer().default(0),
    askedAt: p.datetime().strictNullable(),
    settledAt: p.datetime().strictNullable(),
  },
});

/** Something that GitHub told and we did not hear. */
export class Gap extends GapSchema.class {}
GapSchema.setClass(Gap);
