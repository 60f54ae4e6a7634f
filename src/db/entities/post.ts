import { defineEntity, p } from '@mikro-orm/core';
import type { ChannelId, JobId, MessageTs, WorkspaceId } from '../../domain/ids.ts';

const PostSchema = defineEntity({
  name: 'Post',
  tableName: 'posts',
  properties: {
    workspaceId: p.text().$type<WorkspaceId>().primary(),
    // Before the channel: whom a message was told to is asked by its key.
    key: p.text().primary(),
    channelId: p.text().$type<ChannelId>().primary(),
    ts: p.text().$type<MessageTs>().strictNullable(),
    /** What stands there, as a hash; null where that is not known for sure. */
    shown: p.text().strictNullable(),
    /** The job that means to post it. */
    reservedBy: p.uuid().$type<JobId>(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});

/** A message that stands in a channel once and belongs to no failure. */
export class Post extends PostSchema.class {}
PostSchema.setClass(Post);
