import { RepositoryName } from '../../src/domain/ids.ts';
import { sightMessage } from '../../src/messages/sight.ts';
import { type GalleryState, posted } from './state.ts';

const repository = RepositoryName.parse('acme/checkout');
const names = ['checkout', 'web', 'api', 'docs', 'infra', 'mobile', 'ledger'];
const repositories = names.map((name) => RepositoryName.parse(`acme/${name}`));

/** What a channel is told of installations and repositories. */
export function sightStates(): GalleryState[] {
  const accounts = ['suspended', 'unsuspended', 'uninstalled', 'reconnected'] as const;
  const single = ['deleted', 'archived', 'unarchived', 'privatized', 'publicized'] as const;
  return [
    ...accounts.map((kind) => posted(`sight-${kind}`, sightMessage({ kind, account: 'ghe.acme.example/acme' }))),
    posted('sight-account-renamed', sightMessage({ kind: 'account-renamed', from: 'acme', account: 'umbrella' })),
    posted('sight-out', sightMessage({ kind: 'out-of-sight', repositories })),
    posted('sight-in', sightMessage({ kind: 'in-sight', repositories: [repository] })),
    posted('sight-renamed', sightMessage({ kind: 'renamed', from: RepositoryName.parse('acme/shop'), repository })),
    ...single.map((kind) => posted(`sight-${kind}`, sightMessage({ kind, repository }))),
    posted('sight-branch', sightMessage({ kind: 'default-branch', repository, from: 'master', to: 'main' })),
  ];
}
