import { defineEntity, p } from '@mikro-orm/core';
import type { WorkspaceId } from '../../domain/ids.ts';

const SpentTokenSchema = defineEntity({
  name: 'SpentToken',
  tableName: 'spent_tokens',
  indexes: [{ name: 'spent_tokens_expiry', properties: ['expiresAt'] }],
  properties: {
    workspaceId: p.text().$type<WorkspaceId>().primary(),
    id: p.uuid().primary(),
    expiresAt: p.datetime(),
  },
});

/** A signed token that was used, kept until it would have expired anyway. */
export class SpentToken extends SpentTokenSchema.class {}
SpentTokenSchema.setClass(SpentToken);
