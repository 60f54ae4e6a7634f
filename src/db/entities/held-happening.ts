import { defineEntity, p } from '@mikro-orm/core';
import type { ChannelId, HappeningListId, WorkspaceId } from '../../domain/ids.ts';
import type { HoldOccasion } from '../../domain/roundup.ts';
import { Happening } from './happening.ts';

const HeldHappeningSchema = defineEntity({
  name: 'HeldHappening',
  tableName: 'held_happenings',
  indexes: [
    { name: 'held_happenings_due', properties: ['workspaceId', 'channelId', 'dueAt'], where: 'list_id is null' },
    { name: 'held_happenings_list', properties: ['listId'], where: 'list_id is not null' },
  ],
  properties: {
    workspaceId: p.text().$type<WorkspaceId>().primary(),
    // Before the channel: whom it concerns is asked by what happened.
    happening: () => p.manyToOne(Happening).primary().deleteRule('cascade'),
    channelId: p.text().$type<ChannelId>().primary(),
    occasion: p.text().$type<HoldOccasion>(),
    /** Null for as soon as no mute covers it. */
    dueAt: p.datetime().strictNullable(),
    /** The message that lists it, once it is told. */
    listId: p.uuid().$type<HappeningListId>().strictNullable(),
  },
});

/** A happening that a channel heard of later than the others, together with what else was held back; or is going to. */
export class HeldHappening extends HeldHappeningSchema.class {}
HeldHappeningSchema.setClass(HeldHappening);
