import type { AccountLink, AccountStore } from '../../src/domain/people.ts';

/** Links of GitHub accounts, without audit entries; of one workspace. */
export function memoryAccounts(): AccountStore & { links: AccountLink[] } {
  const links: AccountLink[] = [];
  const replace = (link: AccountLink): void => {
    const at = links.findIndex(({ id }) => id === link.id);
    links.splice(at === -1 ? links.length : at, 1, link);
  };
  const find = (id: number) => links.find((link) => link.id === id) ?? null;
  const of = (userId: string) => links.filter(({ person }) => person?.userId === userId);
  return {
    links,
    find: async (_workspaceId, id) => find(id),
    ofPerson: async ({ userId }) => of(userId),
    async keepFound(_workspaceId, account, { userId, at, until }) {
      const known = find(account.id);
      if (known !== null && (known.trustedUntil === null || known.trustedUntil > at)) return;
      replace({ ...account, person: userId && { userId, proof: 'email', at }, trustedUntil: until });
    },
    async trust(_workspaceId, id, trustedUntil) {
      const known = find(id);
      if (known !== null) replace({ ...known, trustedUntil });
    },
    async distrust({ userId }, trustedUntil) {
      for (const link of of(userId)) replace({ ...link, trustedUntil });
    },
    async claim({ userId }, account, { at, until }) {
      const holder = find(account.id)?.person ?? null;
      if (holder !== null) return holder.userId === userId ? 'unchanged' : 'taken';
      replace({ ...account, person: { userId, proof: 'claim', at }, trustedUntil: until });
      return 'claimed';
    },
    async unlink({ userId }) {
      const ended = of(userId);
      for (const link of ended) replace({ ...link, person: null, trustedUntil: null });
      return ended;
    },
    async free(_admin, login) {
      const freed = links.filter((link) => link.login.toLowerCase() === login.toLowerCase());
      for (const link of freed) links.splice(links.indexOf(link), 1);
      return freed;
    },
  };
}
