import { defineEntity, p } from '@mikro-orm/core';
import type { ChannelId, UserId, WorkspaceId } from '../../domain/ids.ts';

const MuteSchema = defineEntity({
  name: 'Mute',
  tableName: 'mutes',
  properties: {
    workspaceId: p.text().$type<WorkspaceId>().primary(),
    channelId: p.text().$type<ChannelId>().primary(),
    /** A repository, or `*` for all. */
    scope: p.text().primary(),
    mutedBy: p.text().$type<UserId>(),
    expiresAt: p.datetime(),
  },
});

/** A channel that wants to hear nothing new for a time. */
export class Mute extends MuteSchema.class {}
MuteSchema.setClass(Mute);
