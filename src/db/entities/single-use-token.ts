import { defineEntity, p } from '@mikro-orm/core';

const SingleUseTokenSchema = defineEntity({
  name: 'SingleUseToken',
  tableName: 'single_use_tokens',
  indexes: [{ name: 'single_use_tokens_expiry', properties: ['expiresAt'] }],
  properties: {
    id: p.uuid().primary(),
    expiresAt: p.datetime(),
  },
});

/** A signed token that is of no workspace and was used, kept until it would have expired anyway. */
export class SingleUseToken extends SingleUseTokenSchema.class {}
SingleUseTokenSchema.setClass(SingleUseToken);
