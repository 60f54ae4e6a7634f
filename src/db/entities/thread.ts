import { defineEntity, p } from '@mikro-orm/core';
import type { ChannelId, JobId, MessageTs, ThreadId, WorkspaceId } from '../../domain/ids.ts';
import type { Called } from '../../domain/people.ts';
import { Failure } from './failure.ts';

const ThreadSchema = defineEntity({
  name: 'Thread',
  tableName: 'threads',
  indexes: [{ name: 'threads_recent', properties: ['workspaceId', 'channelId', 'createdAt'] }],
  uniques: [{ name: 'threads_message', properties: ['workspaceId', 'channelId', 'failure'] }],
  properties: {
    id: p.uuid().$type<ThreadId>().primary(),
    workspaceId: p.text().$type<WorkspaceId>(),
    channelId: p.text().$type<ChannelId>(),
    failure: () => p.manyToOne(Failure).deleteRule('cascade').index('threads_failure'),
    ts: p.text().$type<MessageTs>().strictNullable(),
    /** A hash of what stands there; null where that is not known. */
    shown: p.text().strictNullable(),
    /** Whom it called when it was posted; null where that was nobody. */
    called: p.json().$type<Called>().strictNullable(),
    /** The job that means to post it. */
    reservedBy: p.uuid().$type<JobId>(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});

/** The one message about one failure in one channel. */
export class Thread extends ThreadSchema.class {}
ThreadSchema.setClass(Thread);
