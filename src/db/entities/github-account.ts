import { defineEntity, p } from '@mikro-orm/core';
import type { GitHubAccountId, UserId, WorkspaceId } from '../../domain/ids.ts';
import type { Proof } from '../../domain/people.ts';

const GitHubAccountSchema = defineEntity({
  name: 'GitHubAccount',
  tableName: 'github_accounts',
  indexes: [{ name: 'github_accounts_person', properties: ['workspaceId', 'userId'] }],
  properties: {
    workspaceId: p.text().$type<WorkspaceId>().primary(),
    accountId: p.bigint('number').$type<GitHubAccountId>().primary().autoincrement(false),
    login: p.text(),
    /** Null, as what follows, where nobody was found or wants to be. */
    userId: p.text().$type<UserId>().strictNullable(),
    proof: p.text().$type<Proof>().strictNullable(),
    provenAt: p.datetime().strictNullable(),
    /** Null where nobody is to be looked for any more. */
    trustedUntil: p.datetime().strictNullable(),
  },
});

/** Whose a GitHub account is in a workspace, as far as somebody has asked. */
export class GitHubAccount extends GitHubAccountSchema.class {}
GitHubAccountSchema.setClass(GitHubAccount);
