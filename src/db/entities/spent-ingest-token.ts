import { defineEntity, p } from '@mikro-orm/core';

const SpentIngestTokenSchema = defineEntity({
  name: 'SpentIngestToken',
  tableName: 'spent_ingest_tokens',
  indexes: [{ name: 'spent_ingest_tokens_expiry', properties: ['expiresAt'] }],
  properties: {
    id: p.uuid().primary(),
    expiresAt: p.datetime(),
  },
});

/** The token of a batch from the edge, kept until it would have expired anyway. */
export class SpentIngestToken extends SpentIngestTokenSchema.class {}
SpentIngestTokenSchema.setClass(SpentIngestToken);
