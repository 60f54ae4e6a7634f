import { installationDelivery, repositoryDelivery, type Scene } from './announce.ts';
import { installationPayload, installationReference, repositoryReference } from './payloads/installation.ts';
import { accountPayload } from './payloads/account.ts';
import type { Installation, Repository } from './state.ts';
import type { DeliveryRecord, WebhookSender } from './webhook-sender.ts';
import { knownRepository } from './world.ts';

/** What owners do to installations and repositories; each is done, and announced as GitHub does. */
export interface Changes {
  changeInstallation(id: number, action: 'suspend' | 'unsuspend' | 'deleted'): Promise<DeliveryRecord>;
  /** Shows repositories of an installation's account to the App, or hides them. */
  showRepositories(id: number, action: 'added' | 'removed', fullNames: readonly string[]): Promise<DeliveryRecord>;
  renameRepository(fullName: string, name: string): Promise<DeliveryRecord>;
  /** Gives the account of an installation another name, and with it all of its repositories. */
  renameAccount(id: number, login: string): Promise<DeliveryRecord>;
  setDefaultBranch(fullName: string, branch: string): Promise<DeliveryRecord>;
  changeRepository(
    fullName: string,
    action: 'archived' | 'unarchived' | 'privatized' | 'publicized' | 'deleted',
  ): Promise<DeliveryRecord>;
}

export function createChanges(scene: Scene, sender: WebhookSender): Changes {
  const { world } = scene;
  const installationOf = (id: number): Installation => {
    const found = world.installations.get(id);
    if (!found) throw new Error(`installation ${id} is not in the local GitHub`);
    return found;
  };
  const announce = (repository: Repository, own: object) =>
    sender.send(repositoryDelivery(scene, 'repository', { repository, sender: repository.owner }, own));
  return {
    changeInstallation(id, action) {
      const installation = installationOf(id);
      installation.suspendedAt = action === 'suspend' ? new Date() : null;
      const delivery = installationDelivery(scene, installation, { sender: installation.account, action });
      if (action === 'deleted') world.installations.delete(id);
      return sender.send(delivery);
    },
    showRepositories(id, action, fullNames) {
      const installation = installationOf(id);
      const repositories = fullNames.map((fullName) => knownRepository(world, fullName));
      for (const repository of repositories) repository.installationId = action === 'added' ? id : 0;
      return sender.send(listDelivery(scene, installation, { action, repositories }));
    },
    renameRepository(fullName, name) {
      const repository = knownRepository(world, fullName);
      const from = repository.name;
      world.renameRepository(repository, name);
      return announce(repository, { action: 'renamed', changes: { repository: { name: { from } } } });
    },
    renameAccount(id, login) {
      const { account } = installationOf(id);
      const from = account.login;
      world.renameAccount(account, login);
      return sender.send({
        event: 'installation_target',
        action: 'renamed',
        installationId: id,
        payload: {
          action: 'renamed',
          account: accountPayload(account, scene.bases),
          changes: { login: { from } },
          installation: installationReference(installationOf(id)),
          sender: accountPayload(account, scene.bases),
          target_type: account.type,
        },
      });
    },
    setDefaultBranch(fullName, branch) {
      const repository = knownRepository(world, fullName);
      const from = repository.defaultBranch;
      repository.defaultBranch = branch;
      return announce(repository, { action: 'edited', changes: { default_branch: { from } } });
    },
    changeRepository(fullName, action) {
      const repository = knownRepository(world, fullName);
      if (action === 'privatized' || action === 'publicized') repository.private = action === 'privatized';
      return announce(repository, { action });
    },
  };
}

/** `installation_repositories`. */
function listDelivery(
  { bases, app }: Scene,
  installation: Installation,
  { action, repositories }: { action: 'added' | 'removed'; repositories: readonly Repository[] },
) {
  const listed = repositories.map(repositoryReference);
  return {
    event: 'installation_repositories',
    action,
    installationId: installation.id,
    payload: {
      action,
      installation: installationPayload(app, installation, bases),
      repository_selection: 'selected',
      repositories_added: action === 'added' ? listed : [],
      repositories_removed: action === 'removed' ? listed : [],
      requester: null,
      sender: accountPayload(installation.account, bases),
    },
  };
}
