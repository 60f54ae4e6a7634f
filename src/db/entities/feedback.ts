import { defineEntity, p } from '@mikro-orm/core';
import type { UserId, WorkspaceId } from '../../domain/ids.ts';
import { OPINIONS } from '../../domain/reasoning.ts';
import { Summary } from './summary.ts';

const FeedbackSchema = defineEntity({
  name: 'Feedback',
  tableName: 'feedback',
  indexes: [{ name: 'feedback_given', properties: ['workspaceId', 'givenAt'] }],
  properties: {
    summary: () => p.manyToOne(Summary).primary().deleteRule('cascade'),
    userId: p.text().$type<UserId>().primary(),
    workspaceId: p.text().$type<WorkspaceId>(),
    opinion: p.enum(OPINIONS),
    reason: p.text().strictNullable(),
    givenAt: p.datetime().defaultRaw('now()'),
  },
});

/** A person's newest word on a summary. The calls behind it name the same summary. */
export class Feedback extends FeedbackSchema.class {}
FeedbackSchema.setClass(Feedback);
