import type { Command } from 'commander';
import type { CiSourceName } from '../domain/ci.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import { toLogHosts, toSourceName, toWorkspace } from './arguments.ts';
import { addSource, listSources, revokeSource, type SourceStores } from './sources.ts';

const WORKSPACE_WORDS = 'the Slack workspace, or the enterprise of an org-wide install';

type Manage = (work: (stores: SourceStores) => Promise<number>) => Promise<void>;

/** `cortex sources`: keys for other CI systems. `manage` lends the stores. */
export function addSourceCommands(program: Command, manage: Manage): void {
  const sources = program.command('sources').description('keys with which other CI systems tell of their runs');
  sources
    .command('add')
    .description('make a key; its secret is shown once')
    .requiredOption('--workspace <id>', WORKSPACE_WORDS, toWorkspace)
    .requiredOption('--name <name>', 'what it is called in rules: ci:NAME/PROJECT', toSourceName)
    .option('--log-host <host>', 'from where its logs may be fetched; may be said several times', toLogHosts, [])
    .action((options: { workspace: WorkspaceId; name: CiSourceName; logHost: string[] }) =>
      manage((stores) => addSource(stores, { ...options, logHosts: options.logHost }, process)),
    );
  sources
    .command('list')
    .description('show the keys of a workspace')
    .requiredOption('--workspace <id>', WORKSPACE_WORDS, toWorkspace)
    .action((options: { workspace: WorkspaceId }) => manage((stores) => listSources(stores, options, process)));
  sources
    .command('revoke')
    .description('end a key')
    .argument('<id>', 'as "sources list" shows it')
    .requiredOption('--workspace <id>', WORKSPACE_WORDS, toWorkspace)
    .action((id: string, { workspace }: { workspace: WorkspaceId }) =>
      manage((stores) => revokeSource(stores, { workspace, id }, process)),
    );
}
