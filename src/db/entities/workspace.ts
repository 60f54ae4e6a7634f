import { defineEntity, p } from '@mikro-orm/core';
import type { WorkspaceId } from '../../domain/ids.ts';

const WorkspaceSchema = defineEntity({
  name: 'Workspace',
  tableName: 'workspaces',
  properties: {
    id: p.text().$type<WorkspaceId>().primary(),
    name: p.text().strictNullable(),
    /** Which key the install is encrypted with; null while there is none. */
    installKeyId: p.text().strictNullable(),
    sealedInstall: p.blob().strictNullable(),
    revokedReason: p.text().strictNullable(),
    createdAt: p.datetime().defaultRaw('now()'),
    updatedAt: p.datetime().defaultRaw('now()'),
  },
});

/** A Slack workspace that installed the app, with its encrypted tokens. */
export class Workspace extends WorkspaceSchema.class {}
WorkspaceSchema.setClass(Workspace);
