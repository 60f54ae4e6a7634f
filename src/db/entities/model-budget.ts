import { defineEntity, p } from '@mikro-orm/core';
import type { WorkspaceId } from '../../domain/ids.ts';

const ModelBudgetSchema = defineEntity({
  name: 'ModelBudget',
  tableName: 'model_budgets',
  properties: {
    workspaceId: p.text().$type<WorkspaceId>().primary(),
    /** Its first day (UTC). */
    month: p.date().primary(),
    spentMicroUsd: p.bigint('number').default(0),
    reservedMicroUsd: p.bigint('number').default(0),
    /** The number of the workspace's latest call. */
    calls: p.integer().default(0),
    /** When the admins were told that most of it is spent, and that all of it is. */
    warnedAt: p.datetime().strictNullable(),
    exhaustedAt: p.datetime().strictNullable(),
  },
});

/** What a workspace spent on models in one month. Its row is the lock that reservations queue at. */
export class ModelBudget extends ModelBudgetSchema.class {}
ModelBudgetSchema.setClass(ModelBudget);
