import type { SqlEntityManager } from '@mikro-orm/sql';
import type { UserStore } from '../../domain/ports.ts';
import { User } from '../entities/user.ts';

export function createUserStore(orm: SqlEntityManager): UserStore {
  return {
    async findRole({ workspaceId, userId }) {
      const row = await orm.fork().findOne(User, { workspaceId, userId });
      return row && { role: row.role, checkedAt: row.checkedAt };
    },
    async saveRole({ workspaceId, userId }, role, checkedAt) {
      await orm.fork().upsert(User, { workspaceId, userId, role, checkedAt });
    },
    async forgetRole({ workspaceId, userId }) {
      await orm.fork().nativeDelete(User, { workspaceId, userId });
    },
  };
}
