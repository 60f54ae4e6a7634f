import { defineEntity, p } from '@mikro-orm/core';
import type { HappeningKind } from '../../domain/happening.ts';
import type { HappeningId, RepositoryName, WorkspaceId } from '../../domain/ids.ts';

const HappeningSchema = defineEntity({
  name: 'Happening',
  tableName: 'happenings',
  indexes: [
    { name: 'happenings_subject', properties: ['workspaceId', 'repository', 'kind', 'subject', 'rank'] },
    { name: 'happenings_place', properties: ['workspaceId', 'repository', 'kind', 'place', 'rank'] },
  ],
  properties: {
    id: p.uuid().$type<HappeningId>().primary(),
    workspaceId: p.text().$type<WorkspaceId>(),
    repository: p.text().$type<RepositoryName>(),
    kind: p.text().$type<HappeningKind>(),
    /** A hash of what makes it one thing: names of which it is made are long. */
    subject: p.text(),
    /** By what others look for it. */
    place: p.text(),
    /** The first part of its order. */
    rank: p.bigint('number'),
    /** The whole of it, as its schema in `domain/happening.ts` reads it. */
    facts: p.json().$type<unknown>(),
    updatedAt: p.datetime(),
  },
});

/** One story about a deployment, or what else happens beside workflow runs, as it was last heard of. */
export class Happening extends HappeningSchema.class {}
HappeningSchema.setClass(Happening);
