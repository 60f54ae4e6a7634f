import { LockMode } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { WorkspaceStore } from '../../domain/ports.ts';
import type { Vault } from '../encryption.ts';
import { RuleFile } from '../entities/rule-file.ts';
import { Subscription } from '../entities/subscription.ts';
import { Workspace } from '../entities/workspace.ts';
import { execute } from '../statements.ts';
import { storableText } from '../storable.ts';

const Install = z.record(z.string(), z.unknown());
const Reason = z.object({ reason: z.string().nullable() });

export function createWorkspaceStore(orm: SqlEntityManager, vault: Vault): WorkspaceStore {
  return {
    async saveInstall(id, { name, installation }) {
      const { keyId, bytes } = vault.seal(JSON.stringify(installation), id);
      await orm.fork().transactional(async (em) => {
        const row = await lockRow(em, id);
        const revokedReason = row.revokedReason;
        row.name = name === null ? null : storableText(name);
        row.installKeyId = keyId;
        row.sealedInstall = bytes;
        row.revokedReason = null;
        row.updatedAt = new Date();
        if (revokedReason !== null) await wakeUp(em, id, revokedReason);
      });
    },
    async findInstall(id) {
      const row = await orm.fork().findOne(Workspace, { id });
      if (row === null || row.sealedInstall === null || row.installKeyId === null) return null;
      const sealed = { keyId: row.installKeyId, bytes: Buffer.from(row.sealedInstall) };
      return { name: row.name, installation: Install.parse(JSON.parse(vault.open(sealed, id))) };
    },
    async removeInstall(id) {
      await orm
        .fork()
        .nativeUpdate(Workspace, { id }, { installKeyId: null, sealedInstall: null, updatedAt: new Date() });
    },
    async markRevoked(id, reason) {
      await orm.fork().transactional(async (em) => {
        await revoke(em, id, storableText(reason));
      });
    },
    async isActive(id) {
      return (await orm.fork().count(Workspace, { id, revokedReason: null, sealedInstall: { $ne: null } })) === 1;
    },
  };
}

/** The row of this workspace, made where there is none, and kept from others until the transaction ends. */
async function lockRow(em: SqlEntityManager, id: WorkspaceId): Promise<Workspace> {
  await execute(em, z.unknown(), {
    text: 'insert into workspaces (id) values (?) on conflict do nothing returning 1',
    parameters: [id],
  });
  return await em.findOneOrFail(Workspace, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
}

/** Undoes the pauses that `revoke` made, and no others: an archived channel stays paused. */
async function wakeUp(em: SqlEntityManager, workspaceId: WorkspaceId, revokedReason: string): Promise<void> {
  await em.nativeUpdate(Subscription, { workspaceId, pausedReason: revokedReason }, { pausedReason: null });
  await em.nativeUpdate(RuleFile, { workspaceId, pausedReason: revokedReason }, { pausedReason: null });
}

async function revoke(em: SqlEntityManager, workspaceId: WorkspaceId, reason: string): Promise<void> {
  // The first reason stays: the pauses bear it, and the next install finds them by it.
  const [{ reason: kept } = { reason: null }] = await execute(em, Reason, {
    text: REVOKE,
    parameters: [workspaceId, reason],
  });
  const pause = { pausedReason: kept ?? reason };
  await em.nativeUpdate(Subscription, { workspaceId, pausedReason: null }, pause);
  await em.nativeUpdate(RuleFile, { workspaceId, pausedReason: null }, pause);
}

const REVOKE = `
  insert into workspaces (id, revoked_reason) values (?, ?)
  on conflict (id) do update set
    revoked_reason = coalesce(workspaces.revoked_reason, excluded.revoked_reason),
    install_key_id = null, sealed_install = null, updated_at = now()
  returning revoked_reason as reason`;
