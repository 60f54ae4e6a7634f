import { defineEntity, p } from '@mikro-orm/core';
import type { WorkspaceId } from '../../domain/ids.ts';

const SettingSchema = defineEntity({
  name: 'Setting',
  tableName: 'settings',
  properties: {
    workspaceId: p.text().$type<WorkspaceId>().primary(),
    key: p.text().primary(),
    value: p.json<unknown>(),
    updatedAt: p.datetime().defaultRaw('now()'),
  },
});

/** What the admins of a workspace decided about one part of us. */
export class Setting extends SettingSchema.class {}
SettingSchema.setClass(Setting);
