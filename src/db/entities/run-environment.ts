import { defineEntity, p } from '@mikro-orm/core';
import type { RepositoryName, RunId, WorkspaceId } from '../../domain/ids.ts';

const RunEnvironmentSchema = defineEntity({
  name: 'RunEnvironment',
  tableName: 'run_environments',
  properties: {
    workspaceId: p.text().$type<WorkspaceId>().primary(),
    repository: p.text().$type<RepositoryName>().primary(),
    // Not a column of the run: its deployment may be heard of before the run is.
    runId: p.bigint('number').$type<RunId>().primary().autoincrement(false),
    environment: p.text().primary(),
  },
});

/** An environment to which a run deploys. */
export class RunEnvironment extends RunEnvironmentSchema.class {}
RunEnvironmentSchema.setClass(RunEnvironment);
