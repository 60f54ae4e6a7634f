import { defineEntity, p } from '@mikro-orm/core';
import type { CiSourceId, CiSourceName } from '../../domain/ci.ts';
import type { WorkspaceId } from '../../domain/ids.ts';

const CiSourceSchema = defineEntity({
  name: 'CiSource',
  tableName: 'ci_sources',
  indexes: [{ name: 'ci_sources_name', properties: ['workspaceId', 'name'] }],
  properties: {
    id: p.uuid().$type<CiSourceId>().primary(),
    workspaceId: p.text().$type<WorkspaceId>(),
    name: p.text().$type<CiSourceName>(),
    logHosts: p.json<string[]>(),
    /** Which key the secret is encrypted with. */
    secretKeyId: p.text(),
    sealedSecret: p.blob(),
    createdAt: p.datetime().defaultRaw('now()'),
    revokedAt: p.datetime().strictNullable(),
  },
});

/** A key with which another CI system tells a workspace of its runs. */
export class CiSource extends CiSourceSchema.class {}
CiSourceSchema.setClass(CiSource);
