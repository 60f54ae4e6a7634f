import { defineEntity, p } from '@mikro-orm/core';
import type { UserId, WorkspaceId } from '../../domain/ids.ts';
import type { MemberRole } from '../../domain/member.ts';

const UserSchema = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    workspaceId: p.text().$type<WorkspaceId>().primary(),
    userId: p.text().$type<UserId>().primary(),
    role: p.text().$type<MemberRole>(),
    checkedAt: p.datetime(),
  },
});

/** A person of a workspace, with the role that Slack's word gave them last. */
export class User extends UserSchema.class {}
UserSchema.setClass(User);
