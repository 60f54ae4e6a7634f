import { defineEntity, p } from '@mikro-orm/core';
import type { ChannelId, JobId, MessageTs, RoundupId, WorkspaceId } from '../../domain/ids.ts';
import { ROUNDUP_OCCASIONS } from '../../domain/roundup.ts';
import { Failure } from './failure.ts';
import { Summary } from './summary.ts';

const RoundupSchema = defineEntity({
  name: 'Roundup',
  tableName: 'roundups',
  indexes: [{ name: 'roundups_growing', properties: ['workspaceId', 'channelId', 'occasion', 'grownAt'] }],
  properties: {
    id: p.uuid().$type<RoundupId>().primary(),
    workspaceId: p.text().$type<WorkspaceId>(),
    channelId: p.text().$type<ChannelId>(),
    occasion: p.enum(ROUNDUP_OCCASIONS),
    ts: p.text().$type<MessageTs>().strictNullable(),
    /** The job that means to post it. */
    reservedBy: p.uuid().$type<JobId>().strictNullable(),
    /** The last job that was stored to edit it. */
    jobId: p.uuid().$type<JobId>().strictNullable(),
    /** When a failure was added last. */
    grownAt: p.datetime().defaultRaw('now()'),
  },
});

/** One message in one channel that lists several failures. */
export class Roundup extends RoundupSchema.class {}
RoundupSchema.setClass(Roundup);

const RoundupEntrySchema = defineEntity({
  name: 'RoundupEntry',
  tableName: 'roundup_entries',
  properties: {
    workspaceId: p.text().$type<WorkspaceId>().primary(),
    channelId: p.text().$type<ChannelId>().primary(),
    failure: () => p.manyToOne(Failure).primary().deleteRule('cascade').index('roundup_entries_failure'),
    roundup: () => p.manyToOne(Roundup).deleteRule('cascade').index('roundup_entries_roundup'),
    summary: () => p.manyToOne(Summary).deleteRule('cascade'),
    listedAt: p.datetime().defaultRaw('clock_timestamp()'),
  },
});

/** A failure in a roundup; a channel has it in one roundup only. */
export class RoundupEntry extends RoundupEntrySchema.class {}
RoundupEntrySchema.setClass(RoundupEntry);
