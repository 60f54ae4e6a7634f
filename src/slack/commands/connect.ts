import { z } from 'zod';
import { signState } from '../../auth/connect-token.ts';
import type { InstallationId } from '../../domain/ids.ts';
import type { Ports } from '../../domain/ports.ts';
import { AppError } from '../../errors.ts';
import { type Connected, connectMessage, type Connections } from '../../messages/connect.ts';
import { type CommandCall, defineCommand } from '../command.ts';

/** The person waits, and each costs a question to GitHub and a button. */
const ASK_WITHIN_MS = 5_000;
const MOST_SHOWN = 10;

export const connect = defineCommand({
  name: 'connect',
  usage: 'connect',
  summary: 'shows which GitHub accounts this workspace sees, connects one more, or ends it; for admins',
  examples: ['connect'],
  needs: 'github.connect',
  args: z.tuple([]),
  problem: 'This takes nothing else: the buttons below the list lead to GitHub.',
  async run(call) {
    const { ports, asker } = call;
    const signal = AbortSignal.timeout(ASK_WITHIN_MS);
    const ids = await ports.installations.ofWorkspace(asker.workspaceId);
    const shown = ids.slice(0, MOST_SHOWN);
    const [pages, ...connected] = await Promise.all([
      findPages(call, signal),
      ...shown.map((id) => lookAt(ports, id, signal)),
    ]);
    return connectMessage({ connected, left: ids.length - shown.length, pages });
  },
});

/** A state for each: one of the two is left over. */
async function findPages({ ports, options, asker }: CommandCall, signal: AbortSignal): Promise<Connections['pages']> {
  const { githubSignIn, githubApp, clock } = ports;
  if (githubSignIn.pages === null) return null;
  const { slug } = await githubApp.app(signal);
  const newState = () => signState({ key: options.connectKey, clock }, asker);
  return {
    install: githubSignIn.pages.install(slug, newState()),
    authorize: githubSignIn.pages.authorize(newState()),
  };
}

/** What GitHub does not tell in time keeps nobody from ending a link. */
async function lookAt({ githubApp }: Ports, id: InstallationId, signal: AbortSignal): Promise<Connected> {
  try {
    return { id, sight: await githubApp.installation(id, signal) };
  } catch (error) {
    if (!(error instanceof AppError || signal.aborted)) throw error;
    return { id, sight: 'unknown' };
  }
}
