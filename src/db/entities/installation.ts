import { defineEntity, p } from '@mikro-orm/core';
import type { InstallationId, WorkspaceId } from '../../domain/ids.ts';

const InstallationSchema = defineEntity({
  name: 'Installation',
  tableName: 'installations',
  indexes: [{ name: 'installations_installation', properties: ['installationId'] }],
  properties: {
    workspaceId: p.text().$type<WorkspaceId>().primary(),
    installationId: p.bigint('number').$type<InstallationId>().primary().autoincrement(false),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});

/** A workspace's right to see what a GitHub installation sees. */
export class Installation extends InstallationSchema.class {}
InstallationSchema.setClass(Installation);
