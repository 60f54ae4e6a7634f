import { defineEntity, p } from '@mikro-orm/core';
import type { RepositoryName, WorkspaceId } from '../../domain/ids.ts';

const RunLookSchema = defineEntity({
  name: 'RunLook',
  tableName: 'run_looks',
  properties: {
    workspaceId: p.text().$type<WorkspaceId>().primary(),
    repository: p.text().$type<RepositoryName>().primary(),
    /** All runs that ended before it are known. */
    seenUntil: p.datetime(),
    lookedAt: p.datetime(),
    /** GitHub's mark of its answer; null where that answer held what is not settled. */
    mark: p.text().strictNullable(),
  },
});

/** When a repository's runs were last asked for. */
export class RunLook extends RunLookSchema.class {}
RunLookSchema.setClass(RunLook);
