import { defineEntity, p } from '@mikro-orm/core';
import type { ChannelId, WorkspaceId } from '../../domain/ids.ts';
import type { HoldOccasion } from '../../domain/roundup.ts';
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
    occasion: p.text().$type<HoldOccasion>().default('mute'),
    /** Null for as soon as no mute covers it. */
    dueAt: p.datetime().strictNullable(),
  },
});

/** A failure that a channel is to hear of later. */
export class HeldSummary extends HeldSummarySchema.class {}
HeldSummarySchema.setClass(HeldSummary);
