import { randomBytes } from 'node:crypto';
import type { Writable } from 'node:stream';
import { type CiSource, CiSourceId, type CiSourceName } from '../domain/ci.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import type { CiSourceStore, WorkspaceStore } from '../domain/ports.ts';

export interface SourceStores {
  ciSources: CiSourceStore;
  workspaces: Pick<WorkspaceStore, 'isActive'>;
}

interface Output {
  stdout: Writable;
  stderr: Writable;
}

const DONE = 0;
const REFUSED = 1;
const WRONG_USE = 2;

/** Long enough that nobody guesses it, and with a beginning by which it is known in a log. */
function newSecret(): string {
  return `cxs_${randomBytes(32).toString('base64url')}`;
}

/** Makes a key for another CI system, and shows its secret: once, here. */
export async function addSource(
  { ciSources, workspaces }: SourceStores,
  source: { workspace: WorkspaceId; name: CiSourceName; logHosts: readonly string[] },
  { stdout, stderr }: Output,
): Promise<number> {
  const { workspace: workspaceId, name, logHosts } = source;
  if (!(await workspaces.isActive(workspaceId))) {
    stderr.write(`The app is not installed in the workspace ${workspaceId}. Nothing was added.\n`);
    return REFUSED;
  }
  const secret = newSecret();
  const { id } = await ciSources.add({ workspaceId, name, logHosts, secret });
  stdout.write(`CORTEX_SOURCE=${id}\nCORTEX_SECRET=${secret}\n`);
  stderr.write(
    `The secret is shown this once. In Slack, type: /cortex subscribe ci:${name}/PROJECT\nWhat to send, and how to sign it: docs/api.md\n`,
  );
  return DONE;
}

/** One line for each key of a workspace. */
export async function listSources(
  { ciSources }: SourceStores,
  { workspace }: { workspace: WorkspaceId },
  { stdout, stderr }: Output,
): Promise<number> {
  const sources = await ciSources.list(workspace);
  if (sources.length === 0) stderr.write(`${workspace} has no sources.\n`);
  for (const source of sources) stdout.write(`${lineOf(source)}\n`);
  return DONE;
}

function lineOf({ id, name, createdAt, revokedAt, logHosts }: CiSource): string {
  const state = revokedAt === null ? 'valid' : `revoked ${revokedAt.toISOString()}`;
  const hosts = logHosts.length === 0 ? 'no hosts of logs' : `logs from ${logHosts.join(', ')}`;
  return `${id}  ${name}  added ${createdAt.toISOString()}  ${state}  ${hosts}`;
}

/** Ends a key: from then on nothing is taken that it signed. */
export async function revokeSource(
  { ciSources }: SourceStores,
  { workspace, id }: { workspace: WorkspaceId; id: string },
  { stdout, stderr }: Output,
): Promise<number> {
  const sourceId = CiSourceId.safeParse(id);
  if (!sourceId.success) {
    stderr.write('A source is named by its id, which "cortex sources list" shows.\n');
    return WRONG_USE;
  }
  if (!(await ciSources.revoke(workspace, sourceId.data))) {
    stderr.write(`${workspace} has no valid source ${sourceId.data}. Nothing was changed.\n`);
    return REFUSED;
  }
  stdout.write(`Revoked ${sourceId.data}.\n`);
  return DONE;
}
