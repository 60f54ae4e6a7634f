import { defineEntity, p } from '@mikro-orm/core';
import type { JobId, MessageTs, WorkspaceId } from '../../domain/ids.ts';
import { Thread } from './thread.ts';

const ThreadReplySchema = defineEntity({
  name: 'ThreadReply',
  tableName: 'thread_replies',
  properties: {
    thread: () => p.manyToOne(Thread).primary().deleteRule('cascade'),
    key: p.text().primary(),
    workspaceId: p.text().$type<WorkspaceId>(),
    ts: p.text().$type<MessageTs>().strictNullable(),
    /** The job that means to post it. */
    reservedBy: p.uuid().$type<JobId>(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});

/** A reply that was posted, or is to be posted, in a thread; `key` says what it is about. */
export class ThreadReply extends ThreadReplySchema.class {}
ThreadReplySchema.setClass(ThreadReply);
