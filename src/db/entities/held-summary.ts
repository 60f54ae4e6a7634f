import { defineEntity, p } from '@mikro-orm/core';
import type { ChannelId, WorkspaceId } from '../../domain/ids.ts';
import { Failure } from './failure.ts';
import { Summary } from './summary.ts';

const HeldSummarySchema = defineEntity({
  name: 'HeldSummary',
  tableName: 'held_summaries',
  properties: {
    workspaceId: p.text().$type<WorkspaceId>().primary(),
    channelId: p.text().$type<ChannelId>().primary(),
    failure: () => p.manyToOne(Failure).primary().deleteRule('cascade'),
    /** The newest one. */
    summary: () => p.manyToOne(Summary).deleteRule('cascade'),
  },
});

/** A failure that a muted channel has not heard of yet. */
export class HeldSummary extends HeldSummarySchema.class {}
HeldSummarySchema.setClass(HeldSummary);
