import { randomUUID } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { type CiSource as Value, CiSourceId, LogHost } from '../../domain/ci.ts';
import type { CiSourceStore } from '../../domain/ports.ts';
import type { Vault } from '../encryption.ts';
import { CiSource } from '../entities/ci-source.ts';

export function createCiSourceStore(orm: SqlEntityManager, vault: Vault): CiSourceStore {
  return {
    async add({ workspaceId, name, logHosts, secret }) {
      const id = CiSourceId.parse(randomUUID());
      const { keyId, bytes } = vault.seal(secret, ownerOf({ workspaceId, id }));
      const em = orm.fork();
      const kept = { secretKeyId: keyId, sealedSecret: bytes, revokedAt: null, createdAt: new Date() };
      const row = em.create(CiSource, { id, workspaceId, name, logHosts: [...logHosts], ...kept });
      await em.flush();
      return toValue(row);
    },
    async list(workspaceId) {
      const rows = await orm.fork().find(CiSource, { workspaceId }, { orderBy: { createdAt: 'asc', id: 'asc' } });
      return rows.map(toValue);
    },
    async revoke(workspaceId, id) {
      const valid = { workspaceId, id, revokedAt: null };
      return (await orm.fork().nativeUpdate(CiSource, valid, { revokedAt: new Date() })) === 1;
    },
    async findKey(id) {
      const row = await orm.fork().findOne(CiSource, { id, revokedAt: null });
      if (row === null) return null;
      const sealed = { keyId: row.secretKeyId, bytes: Buffer.from(row.sealedSecret) };
      return { source: toValue(row), secret: vault.open(sealed, ownerOf(row)) };
    },
    async logHosts(workspaceId, id) {
      const row = await orm.fork().findOne(CiSource, { workspaceId, id, revokedAt: null });
      return row === null ? [] : toValue(row).logHosts;
    },
    async isKnown(workspaceId, name) {
      return (await orm.fork().count(CiSource, { workspaceId, name, revokedAt: null })) > 0;
    },
  };
}

/** A secret that is moved to another row, or into another workspace, cannot be opened there. */
function ownerOf({ workspaceId, id }: Pick<Value, 'workspaceId' | 'id'>): string {
  return `${workspaceId} source ${id}`;
}

function toValue({ id, workspaceId, name, logHosts, createdAt, revokedAt }: CiSource): Value {
  const hosts = logHosts.flatMap((host) => LogHost.safeParse(host).data ?? []);
  return { id, workspaceId, name, logHosts: hosts, createdAt, revokedAt };
}
